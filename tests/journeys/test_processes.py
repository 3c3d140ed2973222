"""Several processes on one port are one hub: any of them may be killed, and all end with their parent."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

from tests.journeys.conftest import Hub, eventually
from tests.journeys.test_follow import ask_to_follow, is_mutually_known

MakeHub = Callable[..., Awaitable[Hub]]


def children(hub: Hub) -> list[int]:
    """The node processes that the hub's parent process started."""
    assert hub.process is not None
    found = Path(f"/proc/{hub.process.pid}/task/{hub.process.pid}/children").read_text().split()
    return [int(pid) for pid in found if b"--siblings" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def lives(pid: int) -> bool:
    """Whether a process is still there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def answers(hub: Hub) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{hub.base_url}/health") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def test_several_processes_follow_and_are_followed_though_one_is_killed(hubs: MakeHub) -> None:
    bern, lyon = await hubs("Bern", "127.0.0.2", workers=2), await hubs("Lyon", "127.0.0.3")

    async def complete() -> bool:
        return len(children(bern)) == 2

    await eventually(complete, "both processes run")
    first = children(bern)[0]
    os.kill(first, signal.SIGKILL)
    await ask_to_follow(lyon, bern)
    await ask_to_follow(bern, lyon)
    await eventually(lambda: is_mutually_known(bern, lyon), "Bern follows Lyon")
    await eventually(lambda: is_mutually_known(lyon, bern), "Lyon follows Bern")
    await eventually(complete, "the killed one was started again")
    assert first not in children(bern)
    assert await bern.stop() == 0


async def test_all_processes_end_with_their_parent(hubs: MakeHub) -> None:
    bern = await hubs("Bern", "127.0.0.2", workers=2)

    async def complete() -> bool:
        return len(children(bern)) == 2 and await answers(bern)

    await eventually(complete, "both processes run")
    started = children(bern)
    await bern.kill()

    async def ended() -> bool:
        return not any(lives(pid) for pid in started)

    await eventually(ended, "the children ended")
    await bern.start()
    assert await answers(bern)
