"""`make bench`: start a node, load it from fake hosts on loopback, print what it did and what that cost, write JSON."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import click
import msgspec

from federation.signatures.keys import load_private_key, make_rsa_pair, sign_bytes, verify_bytes
from tests.bench import faults, loads
from tests.bench.cost import memory_of
from tests.bench.hosts import hosts
from tests.bench.rules import measured_checks
from tests.bench.table import Figures, Limits, Rest, show
from tests.journeys.conftest import Hub, open_folder
from tests.ports import free_port

HOSTS = 100
SETTLING_SECONDS = 3.0


@click.command()
@click.option("--count", default=2000, help="activities per inbox load")
@click.option("--followers", default=500, help="of the fan-out")
@click.option("--workers", default=2, help="processes of the node under load")
@click.option("--faults/--no-faults", "break_things", default=True, help="kill the node and let hosts hang as well")
@click.option("--json", "file", type=click.Path(path_type=Path), help="also write the figures here")
def main(count: int, followers: int, workers: int, break_things: bool, file: Path | None) -> None:
    """Measure one node on this machine. Figures are per unit of work; wall times depend on who else is busy."""
    figures = asyncio.run(measure(count, followers, workers, break_things=break_things))
    show(figures)
    if file:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(figures)))


async def measure(count: int, followers: int, workers: int, *, break_things: bool) -> Figures:
    """Run all loads against nodes of its own."""
    limits, checks = measured_limits(), measured_checks()
    async with a_hub(1) as hub:
        rest = await at_rest(hub)
    results: list[loads.Result] = []
    kept: list[faults.Kept] = []
    slowed: list[faults.Slowed] = []
    async with a_hub(workers) as hub, hosts(HOSTS) as others:
        await hub.start()
        await hub.found()
        results += [await loads.inbox(hub, others, count, kind) for kind in loads.MADE]
        await loads.followed(hub, others, followers)
        results.append(await loads.fan_out(hub, others, followers))
        if break_things:
            kept += [
                await faults.killed_after_accepting(hub, others, count),
                await faults.killed_in_fan_out(hub, others, followers),
            ]
            slowed = [await faults.with_hanging_hosts(hub, others, followers)]
        await hub.stop()
    return Figures(results=results, kept=kept, slowed=slowed, limits=limits, rest=rest, checks=checks)


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
