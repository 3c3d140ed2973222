"""`make bench`: start a node, load it from fake hosts on loopback, print what it did and what that cost, write JSON."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from federation.signatures.keys import load_private_key, make_rsa_pair, sign_bytes, verify_bytes
from tests.bench import loads
from tests.bench.cost import memory_of
from tests.bench.hosts import hosts
from tests.journeys.conftest import Hub, free_port, open_folder

HOSTS = 100


@click.command()
@click.option("--count", default=1000, help="activities per inbox load")
@click.option("--followers", default=500, help="of the fan-out")
@click.option("--workers", default=2, help="processes of the node")
@click.option("--json", "file", type=click.Path(path_type=Path), help="also write the figures here")
def main(count: int, followers: int, workers: int, file: Path | None) -> None:
    """Measure one node on this machine. Figures are per unit of work; wall times depend on who else is busy."""
    figures = asyncio.run(measure(count, followers, workers))
    if file:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(figures)))


async def measure(count: int, followers: int, workers: int) -> dict[str, object]:
    """Run all loads against a node of its own; print a table and give the figures."""
    signing, verifying = limits()
    folder = open_folder()
    hub = Hub(name="bench", address="127.0.0.2", port=free_port("127.0.0.2"), folder=folder, workers=workers)
    hub.extra = {"ALLMENDE_RATE_LIMITS": "off"}
    try:
        started = time.monotonic()
        await hub.start()
        cold = time.monotonic() - started
        await hub.found()
        assert hub.process is not None
        idle = memory_of(hub.process.pid, hub.folder)
        async with hosts(HOSTS) as others:
            results = [
                await loads.inbox(hub, others, count, "Create"),
                await loads.inbox(hub, others, min(count, 300), "Like"),
                await loads.fan_out(hub, others, followers),
            ]
    finally:
        await hub.stop()
        shutil.rmtree(folder, ignore_errors=True)
    show(results, signing, verifying, idle, cold)
    return {
        "results": [{**msgspec.to_builtins(result), "cpu_ms": result.cpu_ms} for result in results],
        "sign_ms": signing,
        "verify_ms": verifying,
        "idle_mib": {"node_resident": idle[0], "database_private": idle[1]},
        "cold_start_seconds": cold,
    }


def limits() -> tuple[float, float]:
    """CPU milliseconds of one RSA-2048 signature and one verification here: what no design gets below."""
    pair = make_rsa_pair()
    key = load_private_key(pair.private_pem)
    signature = sign_bytes(key, b"x")
    public = key.public_key()
    return _each(lambda: sign_bytes(key, b"x"), 200), _each(lambda: verify_bytes(public, signature, b"x"), 2000)


def _each(work: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times * 1000


def show(results: list[loads.Result], signing: float, verifying: float, idle: tuple[float, float], cold: float) -> None:
    """The table for people."""
    table = Table("load", "count", "accepted/s", "done/s", "CPU ms each", "of it database", "× one RSA signature")
    for result in results:
        database = result.cost.database / result.count * 1000
        accepted = f"{result.count / result.accepted_seconds:.0f}" if result.accepted_seconds else "–"
        table.add_row(
            result.name,
            str(result.count),
            accepted,
            f"{result.count / result.done_seconds:.0f}",
            f"{result.cpu_ms:.2f}",
            f"{database:.2f}",
            f"{result.cpu_ms / signing:.1f}",
        )
    console = Console()
    console.print(table)
    console.print(f"limits here: RSA-2048 signature {signing:.2f} ms, verification {verifying:.3f} ms CPU")
    console.print(f"idle: node {idle[0]:.0f} MiB resident, database {idle[1]:.0f} MiB private; cold start {cold:.1f} s")


main()
