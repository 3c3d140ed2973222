"""Far more than the node can take: it turns other servers away, answers its members, and is well again afterwards."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections import Counter
from collections.abc import Sequence

import aiohttp
import msgspec

from tests.bench.cost import memory_of
from tests.bench.hosts import Hosts, Request
from tests.bench.loads import arriving, known_senders, send, worked_off
from tests.journeys.conftest import Hub

SENDERS = 1200
LOCAL_ADDRESSES = 100
ASKING_SECONDS = 0.25


class Overloaded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of `sent` messages, and of members' requests meanwhile (milliseconds). Memory in MiB."""

    seconds: float
    taken: int
    turned_away: int
    failed: int
    member_p50_ms: float
    member_p95_ms: float
    recovered_seconds: float
    node_mib_before: float
    node_mib_most: float


async def overload(hub: Hub, hosts: Hosts, token: str, seconds: float, count: int) -> Overloaded:
    """Send for so long over SENDERS connections at once, `count` different messages again and again, while a member
    reads the home timeline four times a second."""
    await known_senders(hub, hosts)
    batch = await arriving(hub, hosts, count, "Create", "overload")
    assert hub.process is not None
    before, _ = memory_of(hub.process.pid, hub.folder)
    end = time.monotonic() + seconds
    answers = Counter[int]()
    crowd = asyncio.gather(*(_sender(hub, batch[number::SENDERS] or batch, end, answers, number)
                             for number in range(SENDERS)))  # fmt: skip
    waits, most = await _member(hub, token, end)
    await crowd
    started = time.monotonic()
    await worked_off(hub)
    await send(f"{hub.base_url}/inbox", await arriving(hub, hosts, 50, "Like", "after"))
    return Overloaded(
        seconds=seconds,
        taken=answers[202],
        turned_away=answers[503],
        failed=sum(count for status, count in answers.items() if status not in (202, 503)),
        member_p50_ms=statistics.median(waits) * 1000,
        member_p95_ms=statistics.quantiles(waits, n=20)[-1] * 1000,
        recovered_seconds=time.monotonic() - started,
        node_mib_before=before,
        node_mib_most=most,
    )


async def _sender(hub: Hub, batch: Sequence[Request], end: float, answers: Counter[int], number: int) -> None:
    """One connection, from one of many addresses, that sends as soon as it is answered."""
    connector = aiohttp.TCPConnector(limit=1, local_addr=(f"127.2.0.{number % LOCAL_ADDRESSES + 1}", 0))
    async with aiohttp.ClientSession(connector=connector) as session:
        for request in itertools.cycle(batch):
            if time.monotonic() > end:
                return
            try:
                async with session.post(f"{hub.base_url}/inbox", data=request.body, headers=request.headers) as answer:
                    answers[answer.status] += 1
                    await answer.read()
            except (aiohttp.ClientError, OSError):
                answers[0] += 1
                await asyncio.sleep(ASKING_SECONDS)


async def _member(hub: Hub, token: str, end: float) -> tuple[list[float], float]:
    """How long each answer took, in seconds, and the most memory seen."""
    waits, most = list[float](), 0.0
    assert hub.process is not None
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        while time.monotonic() < end:
            start = time.monotonic()
            async with session.get(f"{hub.base_url}/api/v1/timelines/home") as answer:
                await answer.read()
                assert answer.status == 200, answer.status
            waits.append(time.monotonic() - start)
            most = max(most, memory_of(hub.process.pid, hub.folder)[0])
            await asyncio.sleep(max(ASKING_SECONDS - waits[-1], 0))
    return waits, most
