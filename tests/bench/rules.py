"""What it costs to ask whether a host may be federated with, when few domains are suspended and when very many are; and
to take a list of very many in."""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from node.jobs import lists
from node.node import Node
from node.policy import Policy
from node.store.db import Db
from node.store.moderation import domain_lists
from node.store.servers.hosts import Permission
from tests.journeys.conftest import Hub

FEW, MANY = 50, 50_000
TIMES = 20_000
ASKED = 500


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """CPU microseconds of one check with FEW and with MANY domains suspended, and seconds to take MANY in at once."""

    few_us: float
    many_us: float
    taken_seconds: float


def measured_checks() -> Checks:
    """Ask about hosts that are suspended, below suspended ones, and neither."""
    few, many = Policy(), Policy()
    few.take(_suspended(FEW))
    start = time.process_time()
    many.take(_suspended(MANY))
    return Checks(taken_seconds=time.process_time() - start, few_us=_each(few), many_us=_each(many))


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """A list of MANY domains: seconds to read it into drafts and to put all in force, MiB that the process grew by
    meanwhile at most, how often its progress was seen to move, and microseconds of one check by the database (the
    median, with the way there and back) with FEW and MANY."""

    read_seconds: float
    apply_seconds: float
    peak_mib: float
    steps_seen: int
    few_us: float
    many_us: float


async def measured_import(hub: Hub) -> Import:
    """Take FEW in, then MANY, on a hub that runs."""
    async with hub.node() as node:
        await _brought(node, FEW)
        few = await _asked(node)
        seen: set[int] = set()
        before = _resident("VmRSS", anew=True)
        read, applied, number = await _brought(node, MANY, seen)
        peak = _resident("VmHWM") - before
        many = await _asked(node)
        async with node.database.pool.acquire() as db:
            assert (await domain_lists.get(db, number)).waiting == 0
    return Import(
        read_seconds=read, apply_seconds=applied, peak_mib=peak / 2**10, steps_seen=len(seen), few_us=few, many_us=many
    )


def _resident(name: str, *, anew: bool = False) -> int:
    """KiB that this process holds now, or held at most since it was last counted `anew`."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


async def _brought(node: Node, number: int, seen: set[int] | None = None) -> tuple[float, float, int]:
    body = "#domain\n" + "".join(f"n{one}.of{number}.example\n" for one in range(number))
    async with node.database.pool.acquire() as db:
        who = await db.fetchval("SELECT min(id) FROM accounts")
        known = await domain_lists.insert(db, f"{number}", "block", who, url=None, body=body.encode())
    assert known is not None
    watching = asyncio.create_task(_watched(node, known, seen if seen is not None else set()))
    began = time.monotonic()
    await lists.read_list(node, known)
    read = time.monotonic()
    async with node.database.pool.acquire() as db:
        waiting = (await domain_lists.get(db, known)).waiting
        assert await domain_lists.propose(db, known, who, waiting, at_once=True)
    await lists.apply_list(node, known)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return read - began, time.monotonic() - read, known


async def _watched(node: Node, known: int, seen: set[int]) -> None:
    """What the page that shows how far it is would show."""
    while True:
        async with node.database.pool.acquire() as db:
            seen.add(await db.fetchval("SELECT done FROM domain_lists WHERE id = $1", known))
        await asyncio.sleep(0.1)


async def _asked(node: Node) -> float:
    taken = []
    async with node.database.pool.acquire() as db:
        await _check(db)
        for _ in range(ASKED):
            start = time.monotonic()
            await _check(db)
            taken.append(time.monotonic() - start)
    return statistics.median(taken) * 1e6


async def _check(db: Db) -> None:
    await db.fetchval("SELECT domain_measure('suspend', 'social.fine.example:8443')")


def _suspended(number: int) -> Permission:
    names = tuple(f"n{one}.evil.example" for one in range(number))
    return Permission(suspended=names, approved=(), dropped=(), mode="open")


def _each(policy: Policy) -> float:
    asked = ("n7.evil.example", "a.b.n49.evil.example", "fine.example", "social.fine.example:8443")
    start = time.process_time()
    for _ in range(TIMES // len(asked)):
        for host in asked:
            policy.may_federate(host)
    return (time.process_time() - start) / TIMES * 1e6
