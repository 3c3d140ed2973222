"""Tables and plots of a run, written into PERFORMANCE.md between two marks and beside this file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.figures import Figures
from tests.bench.growth import Step
from tests.bench.plots import plot
from tests.bench.soak import Soak
from tests.bench.table import migrated_lines, overload_lines, rest_lines, rules_lines, soak_lines

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
    """All of it as Markdown, each part with its day."""
    parts = [
        *_part(figures, "loads", "Loads", [_loads, _reads, lambda found: _list(rules_lines(found))]),
        *_part(figures, "rest", "At rest, and until then", [lambda found: _list(rest_lines(found))]),
        *_part(figures, "faults", "Faults", [_faults]),
        *_part(figures, "overload", "Overload", [lambda found: _list(overload_lines(found.overloaded))]),
        *_part(figures, "soak", "A long life", [lambda found: _list(soak_lines(found.soaked)), _picture("soak")]),
        *_part(figures, "growth", "Growth", [
            _growth, _asked_again, _picture("growth"), _picture("peers"), _picture("pages"),
            lambda found: _list(migrated_lines(found.migrated)),
        ]),
    ]  # fmt: skip
    return "\n\n".join(["", *filter(None, parts), ""])


def _part(figures: Figures, name: str, title: str, texts: Sequence[Callable[[Figures], str]]) -> list[str]:
    if (when := figures.when.get(name)) is None:
        return []
    measured = (
        f"Measured on {when.day:%d %B %Y}; one RSA-2048 signature cost {when.sign_ms:.2f} ms CPU just before, a "
        f"verification {when.verify_ms:.3f} ms. {when.words}".strip()
    )
    return [f"### {title}", measured, *(text(figures) for text in texts)]


def pictures(figures: Figures) -> dict[str, str]:
    """The plots, by file."""
    found = {}
    if figures.grown:
        found |= {
            "growth.svg": _plot_of_work(figures.grown),
            "peers.svg": _plot_by_peers(figures.grown),
            "pages.svg": _plot_of_pages(figures.grown),
        }
    if figures.soaked:
        found["soak.svg"] = _plot_of_soak(figures.soaked)
    return found


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _loads(figures: Figures) -> str:
    limits = figures.when["loads"]
    rows = [
        [one.name, str(one.count), f"{one.count / one.accepted_seconds:.0f}" if one.accepted_seconds else "–",
         f"{one.count / one.done_seconds:.0f}", f"{one.cpu_ms:.2f}", f"{one.cost.database / one.count * 1000:.2f}",
         f"{one.cpu_ms / (limits.verify_ms if one.accepted_seconds else limits.sign_ms):.1f} × one "
         + ("verification" if one.accepted_seconds else "signature")]
        for one in figures.results
    ]  # fmt: skip
    heads = ["load", "count", "accepted per s", "worked off per s", "CPU ms each", "of it database", "of the limit"]
    return _table(heads, rows)


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


def _growth(figures: Figures) -> str:
    grown = figures.grown
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


def _asked_again(figures: Figures) -> str:
    rows = [
        [f"{step.posts:,}", f"{step.peers:,}", *("–" if page.again_ms is None else f"{page.again_ms:.2f}"
         for page in step.pages.values())]
        for step in figures.grown
    ]  # fmt: skip
    heads = ["stored posts", "known servers", *figures.grown[0].pages]
    return (
        "The same where nothing was written since it was asked for before (the site makes its pages anew):\n\n"
        + _table(heads, rows)
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
    return plot("Work, by stored posts", "stored posts", "CPU ms each", lines)


def _plot_by_peers(grown: list[Step]) -> str:
    fewest = min(step.posts for step in grown)
    steps = [step for step in grown if step.posts == fewest]
    lines = {
        "activity": [(float(step.peers), step.activity_ms) for step in steps],
        "delivery": [(float(step.peers), step.delivery_ms) for step in steps],
        "home timeline": [
            (float(step.peers), step.pages["home timeline"].node_ms + step.pages["home timeline"].database_ms)
            for step in steps
        ],
    }
    return plot("Work and home, by known servers", "known servers", "CPU ms each", lines, steep=True)


def _plot_of_pages(grown: list[Step]) -> str:
    steps = _by_posts(grown)
    lines = {
        name: [(float(step.posts), step.pages[name].node_ms + step.pages[name].database_ms) for step in steps]
        for name in steps[0].pages
    }
    return plot("Pages, by stored posts", "stored posts", "CPU ms each", lines, steep=True)


def _plot_of_soak(found: Soak) -> str:
    lines = {
        "node, MiB": [(one.seconds, one.node_mib) for one in found.moments],
        "PostgreSQL, MiB": [(one.seconds, one.database_mib) for one in found.moments],
        "open files": [(one.seconds, float(one.open_files)) for one in found.moments],
    }
    return plot("Half load", "seconds", "", lines, logarithmic=False)


def _picture(name: str) -> Callable[[Figures], str]:
    return lambda _: f"![{name}](tests/bench/plots/{name}.svg)"


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
