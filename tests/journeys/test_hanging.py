"""A process that hangs is ended by its parent, and what it had in work is done by the others: all of it, once, and each
actor's in its order."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing

import pytest

from tests.bench import loads
from tests.bench.hosts import Hosts, Request, hosts
from tests.bench.wire import Caller
from tests.journeys.conftest import Hub, eventually
from tests.journeys.test_processes import children, lives

MakeHub = Callable[..., Awaitable[Hub]]

COUNT = 600
BEFORE = 150
LEASED = "SELECT id FROM arrivals WHERE done_at IS NULL AND leased_until IS NOT NULL ORDER BY id"
ENDED = "SELECT count(*) FROM arrivals WHERE type = 'Create' AND outcome = 'accepted'"
OUT_OF_ORDER = """
    SELECT count(*) FROM arrivals one JOIN arrivals later
        ON later.actor_uri = one.actor_uri AND later.id > one.id AND later.done_at < one.done_at
"""


@pytest.mark.full
async def test_what_a_hanging_process_had_in_work_is_done_once_and_in_order(hubs: MakeHub) -> None:
    hub = await hubs("Bern", "127.0.0.2", workers=2)
    async with hosts(loads.SENDING_HOSTS) as others:
        await loads.known_senders(hub, others)
        batch = await loads.arriving(hub, others, COUNT, "Create", "hang")
        answered: list[int] = []
        sending = asyncio.create_task(_send(f"{hub.base_url}/inbox", batch, answered))
        hanging = await _stopped_with_work(hub, others, answered)

        async def is_gone() -> bool:
            return not lives(hanging)

        await eventually(is_gone, "its parent ended it")
        await sending
        await loads.worked_off(hub)
    async with hub.node() as node, node.database.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM posts WHERE NOT local") == COUNT
        assert await db.fetchval("SELECT count(*) FROM notifications WHERE kind = 'mention'") == COUNT
        assert await db.fetchval(ENDED) == COUNT
        assert await db.fetchval(OUT_OF_ORDER) == 0
    assert len(children(hub)) == 2


async def _stopped_with_work(hub: Hub, others: Hosts, answered: Sequence[int]) -> int:
    """A process, stopped with something in work that nobody else does meanwhile."""

    async def enough() -> bool:
        return len(answered) >= BEFORE

    await eventually(enough, "some were taken")
    hanging = children(hub)[0]
    os.kill(hanging, signal.SIGSTOP)
    async with hub.node() as node, node.database.pool.acquire() as db:

        async def left() -> list[int]:
            return [row["id"] for row in await db.fetch(LEASED)]

        async def stay() -> bool:
            before = await left()
            await asyncio.sleep(1)
            return before == await left()

        await eventually(stay, "the other one has done what it may")
        assert await left()
    return hanging


async def _send(url: str, batch: Sequence[Request], answered: list[int]) -> None:
    """All of them over some connections, as servers do: again, if there is no answer."""
    waiting = iter([one.to(url) for one in batch])

    async def one_after_the_other() -> None:
        with closing(Caller(url)) as caller:
            for request in waiting:
                status = await _until_answered(caller, request)
                answered.append(status)

    await asyncio.gather(*(one_after_the_other() for _ in range(loads.CONNECTIONS)))
    assert set(answered) == {202}


async def _until_answered(caller: Caller, request: bytes) -> int:
    while True:
        try:
            return (await caller.post(request))[0]
        except OSError:
            await asyncio.sleep(0.1)
