"""The figures of a run as tables and sentences for people."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Figures
from tests.bench.growth import Step
from tests.bench.migrating import Migrated
from tests.bench.overload import Overloaded
from tests.bench.rules import FEW, MANY
from tests.bench.soak import Soak
from tests.bench.target import Row


def show(figures: Figures) -> None:
    """Print the tables of what was measured."""
    console = Console(width=120)
    for part, when in figures.when.items():
        console.print(
            f"{part}: RSA-2048 signature {when.sign_ms:.2f} ms, verification {when.verify_ms:.3f} ms CPU here"
        )
    if figures.results:
        console.print(_loads(figures), _reads(figures))
    if figures.kept or figures.slowed:
        console.print(_faults(figures))
    for line in (
        *rest_lines(figures), *rules_lines(figures), *overload_lines(figures.overloaded), *soak_lines(figures.soaked),
        *migrated_lines(figures.migrated),
    ):  # fmt: skip
        console.print(line)
    if figures.grown:
        console.print(_growth(figures.grown))


def rest_lines(figures: Figures) -> list[str]:
    """How soon it is ready, and what it holds, in a sentence."""
    if (rest := figures.rest) is None:
        return []
    return [
        f"at rest, one process: {rest.node_mib:.0f} MiB resident, PostgreSQL {rest.database_mib:.0f} MiB private; "
        f"ready after {rest.warm_seconds:.1f} s ({rest.warm_cpu_seconds:.1f} s CPU), with a new database after "
        f"{rest.cold_seconds:.1f} s"
    ]


def rules_lines(figures: Figures) -> list[str]:
    """What measures about domains cost, in sentences."""
    checks, listed = figures.checks, figures.listed
    if checks is None or listed is None:
        return []
    return [
        f"may federate? {checks.few_us:.1f} µs with {FEW} domains suspended, {checks.many_us:.1f} µs with {MANY}, "
        f"which are taken in within {checks.taken_seconds:.2f} s CPU",
        f"a list of {MANY} domains: read in {listed.read_seconds:.1f} s, in force in {listed.apply_seconds:.1f} s, "
        f"at most {listed.peak_mib:.0f} MiB at once; by the database {listed.few_us:.0f} µs a check with {FEW}, "
        f"{listed.many_us:.0f} µs with {MANY}",
    ]


def overload_lines(found: Overloaded | None) -> list[str]:
    """What overload showed, in sentences."""
    if found is None:
        return []
    return [
        f"overload for {found.seconds:.0f} s: {found.taken} taken, {found.turned_away} answered 503, "
        f"{found.failed} failed",
        f"members meanwhile: {found.member_requests} requests, {found.member_refused} refused, p50 "
        f"{found.member_p50_ms:.0f} ms, p95 {found.member_p95_ms:.0f} ms",
        f"memory {found.node_mib_before:.0f} MiB before, {found.node_mib_most:.0f} at most; well again after "
        f"{found.recovered_seconds:.1f} s",
    ]


def soak_lines(found: Soak | None) -> list[str]:
    """What a long run showed, in sentences."""
    if found is None:
        return []
    first, last = found.moments[0], found.moments[-1]
    return [
        f"soak of {found.seconds:.0f} s: {found.activities} activities, {found.pages} pages, {found.failed} failed",
        f"memory of the node grew by {found.memory_growth_mib:.1f} MiB from the second to the last quarter; open files "
        f"{first.open_files} → {last.open_files}, connections {first.connections} → {last.connections}, waiting "
        f"{last.waiting}",
    ]


def migrated_lines(found: Migrated | None) -> list[str]:
    """What migrations cost, in sentences."""
    if found is None:
        return []
    return [
        f"migrations at {found.posts} posts: a new field {found.field_seconds:.1f} s, an index over all posts "
        f"{found.index_seconds:.1f} s, rewriting 10,000 posts {found.rows_seconds:.1f} s, keeping the database in a "
        f"file before that {found.kept_seconds:.1f} s ({found.kept_mib:.0f} MiB); {found.reads} reads "
        f"meanwhile, {found.failed} failed, p95 {found.read_p95_ms:.0f} ms",
    ]


def show_target(rows: list[Row]) -> None:
    """The table of another server."""
    table = Table("load", "count", "accepted/s", "done/s", "p50 ms", "CPU ms each", "of it database")
    for row in rows:
        figures = (row.accepted_per_second, row.done_per_second, row.p50_ms)
        told = ["–" if figure is None else f"{figure:.1f}" for figure in figures]
        table.add_row(row.name, str(row.count), *told, f"{row.node_ms + row.database_ms:.2f}", f"{row.database_ms:.2f}")
    Console(width=120).print(table)


def _growth(grown: list[Step]) -> Table:
    names = list(grown[0].pages)
    table = Table("posts", "servers", "activity", "delivery", "trim", *names)
    for step in grown:
        pages = [f"{step.pages[name].node_ms + step.pages[name].database_ms:.1f}" for name in names]
        table.add_row(
            f"{step.posts:,}", f"{step.peers:,}", f"{step.activity_ms:.1f}", f"{step.delivery_ms:.1f}",
            f"{step.trim_ms:.0f}", *pages,
        )  # fmt: skip
    return table


def _loads(figures: Figures) -> Table:
    table = Table("load", "count", "accepted/s", "done/s", "CPU ms each", "of it database", "× limit")
    when = figures.when["loads"]
    for result in figures.results:
        limit = when.verify_ms if result.accepted_seconds else when.sign_ms
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


def _reads(figures: Figures) -> Table:
    table = Table("page, read by one client", "count", "kB", "p50 ms", "CPU ms each", "of it database")
    for read in figures.reads:
        database = read.cost.database / read.count * 1000
        row = (read.name, str(read.count), f"{read.kib:.0f}", f"{read.p50_ms:.1f}", f"{read.cpu_ms:.2f}")
        table.add_row(*row, f"{database:.2f}")
    return table


def _faults(figures: Figures) -> Table:
    table = Table("fault", "promised", "kept", "repeated")
    for kept in figures.kept:
        table.add_row(kept.name, str(kept.promised), str(kept.kept), str(kept.repeated))
    for slowed in figures.slowed:
        times = ", ".join(f"{seconds:.2f} s" for seconds in slowed.hanging)
        table.add_row(slowed.name, f"without {slowed.usual:.2f} s", times, "")
    return table
