"""The figures of a run, and the tables for people."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.table import Table

from tests.bench.faults import Kept, Slowed
from tests.bench.loads import Result
from tests.bench.rules import FEW, MANY, Checks


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """CPU milliseconds of the two steps that no design can leave out."""

    sign_ms: float
    verify_ms: float


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """A node with one process and its embedded database, when nobody asks anything. MiB: resident and private."""

    cold_seconds: float
    warm_seconds: float
    node_mib: float
    database_mib: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """All of one run."""

    results: list[Result]
    kept: list[Kept]
    slowed: list[Slowed]
    limits: Limits
    rest: Rest
    checks: Checks


def show(figures: Figures) -> None:
    """Print the tables."""
    console = Console(width=120)
    console.print(_loads(figures))
    if figures.kept or figures.slowed:
        console.print(_faults(figures))
    limits, rest = figures.limits, figures.rest
    console.print(
        f"limits here: RSA-2048 signature {limits.sign_ms:.2f} ms, verification {limits.verify_ms:.3f} ms CPU"
    )
    checks = figures.checks
    console.print(
        f"may federate? {checks.few_us:.1f} µs with {FEW} domains suspended, {checks.many_us:.1f} µs with {MANY}, "
        f"which are taken in within {checks.taken_seconds:.2f} s CPU"
    )
    console.print(
        f"at rest, one process: node {rest.node_mib:.0f} MiB resident, database {rest.database_mib:.0f} MiB private; "
        f"ready after {rest.warm_seconds:.1f} s, with a new database {rest.cold_seconds:.1f} s"
    )


def _loads(figures: Figures) -> Table:
    table = Table("load", "count", "accepted/s", "done/s", "CPU ms each", "of it database", "× limit")
    for result in figures.results:
        limit = figures.limits.verify_ms if result.accepted_seconds else figures.limits.sign_ms
        table.add_row(
            result.name,
            str(result.count),
            f"{result.count / result.accepted_seconds:.0f}" if result.accepted_seconds else "–",
            f"{result.count / result.done_seconds:.0f}",
            f"{result.cpu_ms:.2f}",
            f"{result.cost.database / result.count * 1000:.2f}",
            f"{result.cpu_ms / limit:.1f} × one {'verification' if result.accepted_seconds else 'signature'}",
        )
    return table


def _faults(figures: Figures) -> Table:
    table = Table("fault", "promised", "kept", "repeated")
    for kept in figures.kept:
        table.add_row(kept.name, str(kept.promised), str(kept.kept), str(kept.repeated))
    for slowed in figures.slowed:
        times = ", ".join(f"{seconds:.2f} s" for seconds in slowed.hanging)
        table.add_row(slowed.name, f"without {slowed.usual:.2f} s", times, "")
    return table
