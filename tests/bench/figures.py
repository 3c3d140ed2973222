"""The figures of a run, by parts, each with its day and with what the machine gave then. Parts that were measured at
different times stand beside each other in one file, and each says when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from tests.bench.faults import Kept, Slowed
from tests.bench.growth import Step
from tests.bench.loads import Result
from tests.bench.migrating import Migrated
from tests.bench.overload import Overloaded
from tests.bench.reading import Read
from tests.bench.rules import Checks, Import
from tests.bench.soak import Soak

LAST = Path(__file__).parent / "last.json"
"""What PERFORMANCE.md shows."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "rest": ("rest",),
    "loads": ("results", "reads", "checks", "listed"),
    "faults": ("kept", "slowed"),
    "overload": ("overloaded",),
    "soak": ("soaked",),
    "growth": ("grown", "migrated"),
}
"""The parts of a run, in their order, and the fields of Figures that each fills."""


class When(msgspec.Struct, frozen=True, kw_only=True):
    """The day, and CPU milliseconds of the two steps that no design can leave out, on that machine just then; `words`:
    what else is to be known about how it was measured."""

    day: date
    sign_ms: float
    verify_ms: float
    words: str = ""


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """A node with one process and its embedded database, when nobody asks anything. MiB: resident and private.
    `warm_cpu_seconds`: what all of it spent until it was ready."""

    cold_seconds: float
    warm_seconds: float
    warm_cpu_seconds: float
    node_mib: float
    database_mib: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured. `when`: of each part that is here."""

    when: dict[str, When] = {}
    results: list[Result] = []
    reads: list[Read] = []
    kept: list[Kept] = []
    slowed: list[Slowed] = []
    rest: Rest | None = None
    checks: Checks | None = None
    listed: Import | None = None
    overloaded: Overloaded | None = None
    soaked: Soak | None = None
    grown: list[Step] = []
    migrated: Migrated | None = None


def merged(older: Figures, newer: Figures) -> Figures:
    """All parts of both; those in `newer` stand for the same ones in `older`."""
    fields = {name: getattr(newer, name) for part in newer.when for name in PARTS[part]}
    return msgspec.structs.replace(older, when=older.when | newer.when, **fields)


def read(file: Path) -> Figures:
    """Out of a file, or none where there is no file yet."""
    return msgspec.json.decode(file.read_bytes(), type=Figures) if file.exists() else Figures()


def write(file: Path, figures: Figures) -> None:
    """Into a file, as `read` takes them."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")
