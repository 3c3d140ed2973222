"""Far more than the node can take: it turns other servers away, answers its members, and is well again afterwards."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import msgspec

from tests.bench.cost import memory_of
from tests.bench.hosts import Hosts, Request
from tests.bench.loads import arriving, known_senders, send, worked_off
from tests.journeys.conftest import CHECKOUT, Hub

ASKING_SECONDS = 0.25
START_SECONDS = 2.0
"""Until the crowd's process has begun."""


class Overloaded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the messages, and of members' requests meanwhile (milliseconds). Memory in MiB."""

    seconds: float
    taken: int
    turned_away: int
    failed: int
    member_requests: int
    member_refused: int
    member_p50_ms: float
    member_p95_ms: float
    recovered_seconds: float
    node_mib_before: float
    node_mib_most: float


async def overload(hub: Hub, hosts: Hosts, token: str, seconds: float, count: int) -> Overloaded:
    """Let a crowd send for so long, `count` different messages again and again, while a member reads the home timeline
    four times a second."""
    await known_senders(hub, hosts)
    batch = await arriving(hub, hosts, count, "Create", "overload")
    assert hub.process is not None
    before, _ = memory_of(hub.process.pid, hub.folder)
    crowd = asyncio.create_task(_crowd(hub, batch, seconds + START_SECONDS))
    await asyncio.sleep(START_SECONDS)
    waits, refused, most = await _member(hub, token, time.monotonic() + seconds)
    answers = await crowd
    started = time.monotonic()
    await worked_off(hub)
    await send(f"{hub.base_url}/inbox", await arriving(hub, hosts, 50, "Like", "after"))
    return Overloaded(
        seconds=seconds,
        taken=answers.get("202", 0),
        turned_away=answers.get("503", 0),
        failed=sum(count for status, count in answers.items() if status not in ("202", "503")),
        member_requests=len(waits),
        member_refused=refused,
        member_p50_ms=statistics.median(waits) * 1000,
        member_p95_ms=statistics.quantiles(waits, n=20)[-1] * 1000,
        recovered_seconds=time.monotonic() - started,
        node_mib_before=before,
        node_mib_most=most,
    )


async def _crowd(hub: Hub, batch: Sequence[Request], seconds: float) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "batch"
        file.write_bytes(msgspec.msgpack.encode([one.to(f"{hub.base_url}/inbox") for one in batch]))
        words = [sys.executable, "-m", "tests.bench.crowd", f"{hub.base_url}/inbox", str(file), str(seconds)]
        process = await asyncio.create_subprocess_exec(*words, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE)
        told, _ = await process.communicate()
    return msgspec.json.decode(told, type=dict[str, int])


async def _member(hub: Hub, token: str, end: float) -> tuple[list[float], int, float]:
    """How long each answer took, in seconds, how many were no answer, and the most memory seen."""
    waits, refused, most = list[float](), 0, 0.0
    assert hub.process is not None
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        while time.monotonic() < end:
            start = time.monotonic()
            async with session.get(f"{hub.base_url}/api/v1/timelines/home") as answer:
                await answer.read()
                refused += answer.status != 200
            waits.append(time.monotonic() - start)
            most = max(most, memory_of(hub.process.pid, hub.folder)[0])
            await asyncio.sleep(max(ASKING_SECONDS - waits[-1], 0))
    return waits, refused, most
