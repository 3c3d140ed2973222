"""`make bench`: start a node, load it from fake hosts on loopback, print what it did and what that cost, write JSON."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from federation.signatures.keys import load_private_key, make_rsa_pair, sign_bytes, verify_bytes
from tests.bench import faults, growth, loads, report, target
from tests.bench.cost import memory_of
from tests.bench.hosts import Hosts, hosts
from tests.bench.migrating import migrated
from tests.bench.overload import overload
from tests.bench.reading import reading
from tests.bench.rules import measured_checks, measured_import
from tests.bench.soak import soak
from tests.bench.table import Figures, Limits, Rest, show, show_target
from tests.journeys.conftest import Hub, open_folder
from tests.ports import free_port

HOSTS = 100
OVERLOAD_BATCH = 3000
SETTLING_SECONDS = 3.0
SOAK_RATE = 100.0
"""Activities per second: about half of what two processes on two cores work off."""


@click.command()
@click.option("--count", default=2000, help="activities per inbox load")
@click.option("--followers", default=500, help="of the fan-out")
@click.option("--pages", default=200, help="of each kind that are read")
@click.option("--workers", default=2, help="processes of the node under load")
@click.option("--faults/--no-faults", "break_things", default=True, help="kill the node and let hosts hang as well")
@click.option("--overload", "overloaded", default=60.0, help="seconds of far too much load; 0: none")
@click.option("--posts", default=1_000_000, help="the most stored posts of the measurement of growth; 0: none")
@click.option("--soak", "soaked", default=0.0, help="seconds of half load; 600 shows leaks")
@click.option("--target", help="measure another server with a Mastodon API and ActivityPub, at this address, instead")
@click.option("--token", default="", help="of an account there: read and write")
@click.option("--pid", type=int, help="its first process, to see what it costs")
@click.option("--database", type=click.Path(path_type=Path), default="/nowhere", help="its PostgreSQL's data folder")
@click.option("--json", "file", type=click.Path(path_type=Path), help="also write the figures here")
@click.option("--write/--no-write", default=False, help="put tables and plots into PERFORMANCE.md")
def main(file: Path | None, *, write: bool, **wishes: Any) -> None:
    """Measure one node on this machine. Figures are per unit of work; wall times depend on who else is busy."""
    wanted = Wishes(**wishes)
    if wanted.target:
        rows = asyncio.run(_against(wanted))
        show_target(rows)
        if file:
            file.write_bytes(msgspec.json.format(msgspec.json.encode(rows)))
        return
    figures = asyncio.run(measure(wanted))
    show(figures)
    if file:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(figures)))
    if write:
        report.write(figures)


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure, as the options say."""

    count: int
    followers: int
    pages: int
    workers: int
    break_things: bool
    overloaded: float
    posts: int
    soaked: float
    target: str | None
    token: str
    pid: int | None
    database: Path


async def _against(wanted: Wishes) -> list[target.Row]:
    server = target.Target(
        base_url=wanted.target or "", token=wanted.token, pid=wanted.pid, folder=wanted.database
    )  # fmt: skip
    async with hosts(HOSTS) as others:
        return await target.against(server, others, wanted.count, wanted.followers)


async def measure(wanted: Wishes) -> Figures:
    """Run all loads against nodes of its own."""
    limits, checks = measured_limits(), measured_checks()
    async with a_hub(1) as hub:
        rest = await at_rest(hub)
    async with running(wanted.workers) as (hub, others, token):
        await loads.lived_in(hub, others)
        results = [await loads.inbox(hub, others, wanted.count, "Create")]
        reads = await reading(hub, others, wanted.pages)
        results += [await loads.inbox(hub, others, wanted.count, kind) for kind in loads.MADE if kind != "Create"]
        await loads.followed(hub, others, wanted.followers)
        results.append(await loads.fan_out(hub, others, wanted.followers))
        kept, slowed = await _broken(hub, others, wanted) if wanted.break_things else ([], [])
        listed = await measured_import(hub)
    figures = Figures(
        results=results, reads=reads, kept=kept, slowed=slowed, limits=limits, rest=rest, checks=checks, listed=listed
    )
    if wanted.overloaded:
        async with running(wanted.workers) as (hub, others, token):
            too_much = await overload(hub, others, token, wanted.overloaded, OVERLOAD_BATCH)
        figures = msgspec.structs.replace(figures, overloaded=too_much)
    if wanted.soaked:
        async with running(wanted.workers) as (hub, others, token):
            figures = msgspec.structs.replace(figures, soaked=await soak(hub, others, token, wanted.soaked, SOAK_RATE))
    if wanted.posts:
        steps = [step for step in growth.STEPS if step[0] <= wanted.posts]
        async with running(1, max(peers for _, peers in steps)) as (hub, others, token):
            grown = await growth.growth(hub, others, token, steps)
            figures = msgspec.structs.replace(figures, grown=grown, migrated=await migrated(hub, token))
    return figures


async def _broken(hub: Hub, others: Hosts, wanted: Wishes) -> tuple[list[faults.Kept], list[faults.Slowed]]:
    kept = [
        await faults.killed_after_accepting(hub, others, wanted.count),
        await faults.killed_in_fan_out(hub, others, wanted.followers),
    ]
    return kept, [await faults.with_hanging_hosts(hub, others, wanted.followers)]


@asynccontextmanager
async def running(workers: int, peers: int = HOSTS) -> AsyncIterator[tuple[Hub, Hosts, str]]:
    """A new hub that runs and is set up, other servers, and a token of its member."""
    async with a_hub(workers) as hub, hosts(peers) as others:
        await hub.start()
        await hub.found()
        yield hub, others, await loads.a_token(hub)
        await hub.stop()


@asynccontextmanager
async def a_hub(workers: int) -> AsyncIterator[Hub]:
    """A hub in a new folder, not started yet, that is gone afterwards."""
    folder = open_folder(Path(tempfile.gettempdir()))  # on a disk, as hubs are
    hub = Hub(name="bench", address="127.0.0.2", port=free_port("127.0.0.2"), folder=folder, workers=workers)
    hub.extra = {"ALLMENDE_RATE_LIMITS": "off"}
    try:
        yield hub
    finally:
        if hub.process is not None and hub.process.returncode is None:
            await hub.kill()
        shutil.rmtree(folder, ignore_errors=True)


async def at_rest(hub: Hub) -> Rest:
    """How soon one process with its embedded database is ready, and what it holds when nobody asks anything."""
    cold = await _started(hub)
    await hub.found()
    await hub.stop()
    warm = await _started(hub)
    await asyncio.sleep(SETTLING_SECONDS)
    assert hub.process is not None
    node, database = memory_of(hub.process.pid, hub.folder)
    await hub.stop()
    return Rest(cold_seconds=cold, warm_seconds=warm, node_mib=node, database_mib=database)


async def _started(hub: Hub) -> float:
    start = time.monotonic()
    await hub.start()
    return time.monotonic() - start


def measured_limits() -> Limits:
    """What no design gets below, here and now: CPU milliseconds of one RSA-2048 signature and one verification."""
    pair = make_rsa_pair()
    key = load_private_key(pair.private_pem)
    signature = sign_bytes(key, b"x")
    public = key.public_key()
    return Limits(
        sign_ms=_each(lambda: sign_bytes(key, b"x"), 200),
        verify_ms=_each(lambda: verify_bytes(public, signature, b"x"), 2000),
    )


def _each(work: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times * 1000


if __name__ == "__main__":
    main()
