"""A long life in short: for minutes, half of what the node can take, while its memory, its connections and its tables
are looked at. What grows although a policy should keep it small is seen here."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Callable

import aiohttp
import asyncpg
import msgspec

from tests.bench.cost import memory_of, open_files
from tests.bench.hosts import Hosts
from tests.bench.loads import a_post, followed, known_senders, until, worked_off
from tests.bench.loads import arriving as made_ready
from tests.bench.wire import Caller
from tests.journeys.conftest import Hub

CONNECTIONS = 8
FOLLOWERS = 10
LOT_SECONDS = 1.0
KINDS = ("Create", "Like", "Announce", "Event")
PAGES = ("/", "/events", "/@ada", "/api/v1/timelines/home", "/api/v1/notifications", "/api/v2/search?q=hello")
LOOK_SECONDS = 15.0
LONGER = 3.0
TRIMMED = ("arrivals", "deliveries", "happenings", "jobs", "traces", "tallies", "sessions", "authorization_codes")
"""Tables that chores or their own end keep small; what else grows holds what people said."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """How things stood. MiB; `open_files` and `connections` are the node's, `waiting` are unfinished arrivals,
    deliveries and jobs, `rows` those of the trimmed tables."""

    seconds: float
    node_mib: float
    database_mib: float
    open_files: int
    connections: int
    waiting: int
    rows: dict[str, int]


class Soak(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent and asked in `seconds`, and how things stood meanwhile."""

    seconds: float
    activities: int
    pages: int
    failed: int
    moments: list[Moment]

    @property
    def memory_growth_mib(self) -> float:
        """Of the node, from the second quarter's mean to the last one's."""
        values = [one.node_mib for one in self.moments]
        quarter = max(len(values) // 4, 1)
        return statistics.mean(values[-quarter:]) - statistics.mean(values[quarter : 2 * quarter] or values)


async def soak(hub: Hub, hosts: Hosts, token: str, seconds: float, rate: float, at_least: int = 0) -> Soak:
    """Send `rate` activities per second of all kinds, read pages and publish for FOLLOWERS, for so long; where a busy
    machine takes fewer, LONGER times as long, or until they are `at_least` so many."""
    await known_senders(hub, hosts)
    await followed(hub, hosts, FOLLOWERS)
    start, counts = time.monotonic(), {"activities": 0, "pages": 0, "failed": 0}

    def over() -> bool:
        lasted = time.monotonic() - start
        return lasted >= seconds and (counts["activities"] >= at_least or lasted >= LONGER * seconds)

    tasks = [
        asyncio.create_task(_send(hub, hosts, over, rate, counts)),
        asyncio.create_task(_read(hub, token, over, counts)),
    ]
    moments = []
    while not over():
        moments.append(await _look(hub, time.monotonic() - start))
        await asyncio.sleep(min(LOOK_SECONDS, seconds / 8))
    lasted = time.monotonic() - start
    await asyncio.gather(*tasks)
    await worked_off(hub)
    await _no_job_left(hub)
    moments.append(await _look(hub, time.monotonic() - start))
    return Soak(seconds=lasted, moments=moments, **counts)


async def _send(hub: Hub, hosts: Hosts, over: Callable[[], bool], rate: float, counts: dict[str, int]) -> None:
    """In lots, each of one kind, over several connections from as many addresses: one alone may not send so much
    (INBOX_RATE_COUNT). The next is made while one is sent slowly enough. What was late is made up for, if it was not
    much."""
    inbox, lots = f"{hub.base_url}/inbox", itertools.count()
    callers = [Caller(inbox, hosts.address(number)) for number in range(CONNECTIONS)]
    making = asyncio.create_task(_made(hub, hosts, rate, next(lots)))
    try:
        due = time.monotonic() + LOT_SECONDS
        while not over():
            batch = await making
            making = asyncio.create_task(_made(hub, hosts, rate, next(lots)))
            due = max(due, time.monotonic() - LOT_SECONDS)
            some = [(due + first / rate, batch[first::CONNECTIONS]) for first in range(CONNECTIONS)]
            await asyncio.gather(
                *(_send_some(caller, *one, rate, counts) for caller, one in zip(callers, some, strict=True))
            )
            due += len(batch) / rate
    finally:
        making.cancel()
        for caller in callers:
            caller.close()


async def _made(hub: Hub, hosts: Hosts, rate: float, lot: int) -> list[bytes]:
    await a_post(hub)
    kind = KINDS[lot % len(KINDS)]
    made = await made_ready(hub, hosts, int(rate * LOT_SECONDS), kind, f"soak-{lot}")
    return [one.to(f"{hub.base_url}/inbox") for one in made]


async def _send_some(caller: Caller, due: float, some: list[bytes], rate: float, counts: dict[str, int]) -> None:
    """One connection's part of `rate`, the first of it at `due`."""
    for request in some:
        await asyncio.sleep(max(due - time.monotonic(), 0))
        status, _ = await caller.post(request)
        counts["activities"] += 1
        counts["failed"] += status != 202
        due += CONNECTIONS / rate


async def _read(hub: Hub, token: str, over: Callable[[], bool], counts: dict[str, int]) -> None:
    for path in itertools.cycle(PAGES):
        if over():
            return
        headers = {"Authorization": f"Bearer {token}"} if path.startswith("/api") else {}
        async with aiohttp.ClientSession(headers=headers) as session, session.get(hub.base_url + path) as answer:
            await answer.read()
            counts["pages"] += 1
            counts["failed"] += answer.status != 200
        await asyncio.sleep(0.2)


async def _no_job_left(hub: Hub) -> None:
    """Wait until the node has done its jobs, too: those that what came last has left, and chores of this minute."""
    async with hub.node() as beside, beside.database.direct() as db:

        async def none() -> bool:
            return not await db.fetchval("SELECT count(*) FROM jobs")

        await until(none, "every job is done", pause=0.1)


async def _look(hub: Hub, seconds: float) -> Moment:
    assert hub.process is not None
    node, database = memory_of(hub.process.pid, hub.folder)
    async with hub.node() as beside, beside.database.direct() as db:
        rows = {table: await db.fetchval(f"SELECT count(*) FROM {table}") for table in TRIMMED}
        waiting = await db.fetchval(
            """
            SELECT (SELECT count(*) FROM arrivals WHERE done_at IS NULL)
                 + (SELECT count(*) FROM deliveries WHERE dead_at IS NULL) + (SELECT count(*) FROM jobs)
            """
        )
        connections = await _connections(db)
    return Moment(
        seconds=seconds, node_mib=node, database_mib=database, waiting=waiting, rows=rows, connections=connections,
        open_files=open_files(hub.process.pid),
    )  # fmt: skip


async def _connections(db: asyncpg.Connection) -> int:
    found: int = await db.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'allmende'")
    return found
