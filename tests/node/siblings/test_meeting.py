"""The folder where processes meet is beside the data, goes with its parent, and is swept after one that was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from node.siblings.meeting import MEETING, meeting_place

STAYS = """
import pathlib, sys
from node.siblings.meeting import meeting_place
with meeting_place(pathlib.Path(sys.argv[1])) as place:
    print(place, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_parent_left_goes_with_the_next_start_and_that_of_a_living_one_stays(tmp_path: Path) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", STAYS, str(tmp_path)], stdin=pipe, stdout=pipe, text=True) as killed:
        assert killed.stdout
        left = Path(killed.stdout.readline().strip())
        (left / "17").touch()
        with meeting_place(tmp_path) as first:
            assert left.exists(), "its parent lives"
            killed.kill()
            killed.wait()
            with meeting_place(tmp_path) as second:
                assert set((tmp_path / MEETING).iterdir()) == {first, second}
    assert list((tmp_path / MEETING).iterdir()) == []


def test_where_the_path_is_too_long_they_meet_among_the_temporary_files(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90)
    with meeting_place(deep) as place:
        assert deep not in place.parents
        assert place.is_dir()
    assert not place.exists()
    assert list((deep / MEETING).iterdir()) == []


def test_where_the_data_folder_cannot_be_written_too(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with meeting_place(tmp_path / "data") as place:
        assert place.is_dir()
