"""Parts that were measured apart stand beside each other, each with its own day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.bench import figures, report
from tests.bench.faults import Kept
from tests.bench.figures import PARTS, Figures, Rest, When
from tests.bench.parts import MEASURED


def when(day: int) -> When:
    return When(day=date(2026, 11, day), sign_ms=0.5, verify_ms=0.05)


def rest(seconds: float) -> Rest:
    return Rest(cold_seconds=4.0, warm_seconds=seconds, warm_cpu_seconds=1.0, node_mib=80.0, database_mib=20.0)


def kept(number: int) -> Kept:
    return Kept(name="kill -9", promised=2000, kept=number)


def test_a_part_that_is_measured_again_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    older = Figures(when={"rest": when(3), "faults": when(3)}, rest=rest(2.5), kept=[kept(1999)])
    newer = Figures(when={"faults": when(22)}, kept=[kept(2000)])
    file = tmp_path / "last.json"
    figures.write(file, figures.merged(older, newer))
    found = figures.read(file)
    assert found.when == {"rest": when(3), "faults": when(22)}
    assert (found.rest, found.kept) == (rest(2.5), [kept(2000)])
    told = report.told(found)
    assert told.index("03 November 2026") < told.index("ready after 2.5 s") < told.index("22 November 2026")
    assert "| 2000 | 2000 |" in told
    assert "Growth" not in told


def test_every_part_is_measured_and_has_its_fields() -> None:
    assert set(PARTS) == set(MEASURED)
    assert {name for fields in PARTS.values() for name in fields} | {"when"} == set(Figures.__struct_fields__)
