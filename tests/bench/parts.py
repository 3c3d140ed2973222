"""Each part of the bench, on hubs of its own: it can run without the others, at another time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from federation.signatures.keys import load_private_key, make_rsa_pair, sign_bytes, verify_bytes
from tests.bench import faults, growth, loads
from tests.bench.cost import memory_of
from tests.bench.figures import Figures, Rest, When, merged
from tests.bench.hubs import a_hub, running
from tests.bench.migrating import migrated
from tests.bench.overload import overload
from tests.bench.reading import reading
from tests.bench.rules import measured_checks, measured_import
from tests.bench.soak import soak
from tests.journeys.conftest import Hub

OVERLOAD_BATCH = 3000
SETTLING_SECONDS = 3.0
STARTS = 3
FAN_OUTS = 3
"""Of which the middle one counts: each is short, and what PostgreSQL tidies up meanwhile weighs much in one."""
SOAK_RATE = 440.0
"""Activities per second, about half of what two processes on two cores work off; one connection brings about 150."""


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure, and how much of it."""

    count: int
    followers: int
    pages: int
    workers: int
    overloaded: float
    posts: int
    soaked: float


async def measure(parts: Sequence[str], wanted: Wishes, say: Callable[[Figures], None]) -> Figures:
    """Run these parts one after the other; `say` is told what there is after each, should a later one fail."""
    figures = Figures()
    for part in parts:
        when = measured_limits()
        figures = merged(figures, Figures(when={part: when}, **await MEASURED[part](wanted)))
        say(figures)
    return figures


async def _rest(wanted: Wishes) -> dict[str, Any]:
    """How soon one process with its embedded database is ready, and what it holds when nobody asks anything."""
    async with a_hub(1) as hub:
        cold = await _started(hub)
        await hub.found()
        warm = []
        for _ in range(STARTS):
            await hub.stop()
            seconds = await _started(hub)
            cost = loads.spent(hub)
            warm.append((cost.node + cost.database, seconds))
        await asyncio.sleep(SETTLING_SECONDS)
        assert hub.process is not None
        node, database = memory_of(hub.process.pid, hub.folder)
        await hub.stop()
    cpu, usual = sorted(warm)[STARTS // 2]
    rest = Rest(cold_seconds=cold, warm_seconds=usual, warm_cpu_seconds=cpu, node_mib=node, database_mib=database)
    return {"rest": rest}


async def _loads(wanted: Wishes) -> dict[str, Any]:
    async with running(wanted.workers) as (hub, others, _):
        await loads.lived_in(hub, others)
        results = [await loads.inbox(hub, others, wanted.count, "Create")]
        reads = await reading(hub, others, wanted.pages)
        results += [await loads.inbox(hub, others, wanted.count, kind) for kind in loads.MADE if kind != "Create"]
        await loads.followed(hub, others, wanted.followers)
        posts = [await loads.fan_out(hub, others, wanted.followers) for _ in range(FAN_OUTS)]
        results.append(sorted(posts, key=lambda one: one.cpu_ms)[FAN_OUTS // 2])
        listed = await measured_import(hub)
    return {"results": results, "reads": reads, "checks": measured_checks(), "listed": listed}


async def _faults(wanted: Wishes) -> dict[str, Any]:
    async with running(wanted.workers) as (hub, others, _):
        await loads.lived_in(hub, others)
        await loads.followed(hub, others, wanted.followers)
        kept = [
            await faults.killed_after_accepting(hub, others, wanted.count),
            await faults.killed_in_fan_out(hub, others, wanted.followers),
        ]
        return {"kept": kept, "slowed": [await faults.with_hanging_hosts(hub, others, wanted.followers)]}


async def _overload(wanted: Wishes) -> dict[str, Any]:
    async with running(wanted.workers) as (hub, others, token):
        return {"overloaded": await overload(hub, others, token, wanted.overloaded, OVERLOAD_BATCH)}


async def _soak(wanted: Wishes) -> dict[str, Any]:
    async with running(wanted.workers) as (hub, others, token):
        return {"soaked": await soak(hub, others, token, wanted.soaked, SOAK_RATE)}


async def _growth(wanted: Wishes) -> dict[str, Any]:
    steps = [step for step in growth.STEPS if step[0] <= wanted.posts]
    async with running(1, max(peers for _, peers in steps)) as (hub, others, token):
        grown = await growth.growth(hub, others, token, steps)
        return {"grown": grown, "migrated": await migrated(hub, token)}


MEASURED: Mapping[str, Callable[[Wishes], Awaitable[dict[str, Any]]]] = {
    "rest": _rest,
    "loads": _loads,
    "faults": _faults,
    "overload": _overload,
    "soak": _soak,
    "growth": _growth,
}


async def _started(hub: Hub) -> float:
    start = time.monotonic()
    await hub.start()
    return time.monotonic() - start


def measured_limits() -> When:
    """What no design gets below, here and now: CPU milliseconds of one RSA-2048 signature and one verification."""
    pair = make_rsa_pair()
    key = load_private_key(pair.private_pem)
    signature = sign_bytes(key, b"x")
    public = key.public_key()
    return When(
        day=datetime.now(UTC).date(),
        sign_ms=_each(lambda: sign_bytes(key, b"x"), 200),
        verify_ms=_each(lambda: verify_bytes(public, signature, b"x"), 2000),
    )


def _each(work: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times * 1000
