"""Tables and plots of a run, written into PERFORMANCE.md between two marks and beside this file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.growth import Step
from tests.bench.plots import plot
from tests.bench.soak import Soak
from tests.bench.table import Figures, migrated_lines, overload_lines, soak_lines

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "PERFORMANCE.md"
PLOTS = Path(__file__).parent / "plots"
MARKED = re.compile(r"(<!-- bench -->\n).*?(<!-- end of bench -->)", re.DOTALL)


def write(figures: Figures) -> None:
    """Put the figures where people read them."""
    PLOTS.mkdir(exist_ok=True)
    for name, picture in pictures(figures).items():
        (PLOTS / name).write_text(picture)
    text = PAPER.read_text()
    assert MARKED.search(text), "PERFORMANCE.md has lost its marks"
    PAPER.write_text(MARKED.sub(lambda found: found[1] + told(figures) + found[2], text))


def told(figures: Figures) -> str:
    """All of it as Markdown."""
    limits, rest = figures.limits, figures.rest
    parts = [
        f"Measured on {datetime.now(UTC):%d %B %Y}; here one RSA-2048 signature costs {limits.sign_ms:.2f} ms CPU, a "
        f"verification {limits.verify_ms:.3f} ms.",
        _loads(figures),
        _reads(figures),
        f"At rest, one process: {rest.node_mib:.0f} MiB resident, PostgreSQL {rest.database_mib:.0f} MiB private; "
        f"ready after {rest.warm_seconds:.1f} s, with a new database after {rest.cold_seconds:.1f} s.",
        _faults(figures),
        *(["### Overload", _list(overload_lines(figures.overloaded))] if figures.overloaded else []),
        *(["### A long life", _list(soak_lines(figures.soaked)), _picture("soak")] if figures.soaked else []),
        *(["### Growth", _growth(figures.grown), _picture("growth"), _picture("pages")] if figures.grown else []),
        *(["### Migrations", _list(migrated_lines(figures.migrated))] if figures.migrated else []),
    ]
    return "\n\n".join(["", *filter(None, parts), ""])


def pictures(figures: Figures) -> dict[str, str]:
    """The plots, by file."""
    found = {}
    if figures.grown:
        found |= {"growth.svg": _plot_of_work(figures.grown), "pages.svg": _plot_of_pages(figures.grown)}
    if figures.soaked:
        found["soak.svg"] = _plot_of_soak(figures.soaked)
    return found


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _loads(figures: Figures) -> str:
    rows = [
        [one.name, str(one.count), f"{one.count / one.done_seconds:.0f}", f"{one.cpu_ms:.2f}",
         f"{one.cost.database / one.count * 1000:.2f}"]
        for one in figures.results
    ]  # fmt: skip
    return _table(["load", "count", "worked off per s", "CPU ms each", "of it database"], rows)


def _reads(figures: Figures) -> str:
    rows = [
        [one.name, f"{one.kib:.0f}", f"{one.p50_ms:.1f}", f"{one.cpu_ms:.2f}",
         f"{one.cost.database / one.count * 1000:.2f}"]
        for one in figures.reads
    ]  # fmt: skip
    return _table(["page, read by one client", "kB", "p50 ms", "CPU ms each", "of it database"], rows)


def _faults(figures: Figures) -> str:
    rows = [[one.name, str(one.promised), str(one.kept), str(one.repeated)] for one in figures.kept]
    for one in figures.slowed:
        times = ", ".join(f"{seconds:.2f} s" for seconds in one.hanging)
        rows.append([one.name, f"without {one.usual:.2f} s", times, ""])
    return _table(["fault", "promised", "kept", "repeated"], rows) if rows else ""


def _growth(grown: list[Step]) -> str:
    names = list(grown[0].pages)
    rows = [
        [f"{step.posts:,}", f"{step.peers:,}", f"{step.activity_ms:.2f}", f"{step.delivery_ms:.2f}",
         *[f"{page.node_ms + page.database_ms:.1f} ({page.database_ms:.1f})" for page in step.pages.values()],
         f"{step.trim_ms:.0f}"]
        for step in grown
    ]  # fmt: skip
    heads = ["stored posts", "known servers", "activity", "delivery", *names, "a round of trimming"]
    return "CPU milliseconds each, database included (for pages also alone, in brackets); the last column is wall " + (
        "time of one round of chores that looks at 2,000 old posts.\n\n" + _table(heads, rows)
    )


def _by_posts(grown: list[Step]) -> list[Step]:
    most = max(step.peers for step in grown)
    return [step for step in grown if step.peers == most]


def _plot_of_work(grown: list[Step]) -> str:
    steps = _by_posts(grown)
    lines = {
        "activity": [(float(step.posts), step.activity_ms) for step in steps],
        "delivery": [(float(step.posts), step.delivery_ms) for step in steps],
    }
    return plot("Work", "stored posts", "CPU ms each", lines)


def _plot_of_pages(grown: list[Step]) -> str:
    steps = _by_posts(grown)
    lines = {
        name: [(float(step.posts), step.pages[name].node_ms + step.pages[name].database_ms) for step in steps]
        for name in steps[0].pages
    }
    return plot("Pages", "stored posts", "CPU ms each", lines)


def _plot_of_soak(found: Soak) -> str:
    lines = {
        "node, MiB": [(one.seconds, one.node_mib) for one in found.moments],
        "PostgreSQL, MiB": [(one.seconds, one.database_mib) for one in found.moments],
        "open files": [(one.seconds, float(one.open_files)) for one in found.moments],
    }
    return plot("Half load", "seconds", "", lines, logarithmic=False)


def _picture(name: str) -> str:
    return f"![{name}](tests/bench/plots/{name}.svg)"


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
