"""Room on the disks."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.doctor.disk import FREE_FOR_DATA, check_disk, judge_room
from node.settings import Settings
from schemas.limits import DISK_WARN_BYTES, DISK_WRONG_BYTES


@pytest.mark.parametrize(
    ("free", "level"), [(DISK_WARN_BYTES, "ok"), (DISK_WARN_BYTES - 1, "warn"), (DISK_WRONG_BYTES - 1, "wrong")]
)
def test_little_room_is_said(free: int, level: str) -> None:
    assert judge_room(FREE_FOR_DATA, Path("data"), free).level == level


def test_a_folder_that_is_not_made_yet_is_looked_at_where_it_will_be(folder: Path) -> None:
    remarks = check_disk(Settings(data=folder / "data" / "here"))
    assert len(remarks) == 1
    assert str(folder / "data" / "here") in remarks[0].says


def test_media_on_another_disk_are_looked_at_too(folder: Path) -> None:
    if Path("/dev/shm").stat().st_dev == folder.stat().st_dev:
        pytest.skip("one disk only")
    remarks = check_disk(Settings(data=folder, media_url="file:/dev/shm/media"))
    assert len(remarks) == 2


def test_media_elsewhere_are_not_looked_at(folder: Path) -> None:
    remarks = check_disk(Settings(data=folder, media_url="s3://bucket"))
    assert [remark.level for remark in remarks][1:] == ["note"]


def test_a_disk_that_cannot_be_written_to_is_said() -> None:
    assert check_disk(Settings(data=Path("/proc/self/data")))[0].level == "wrong"
