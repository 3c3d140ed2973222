"""Counts of one process that all of a machine can tell."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from node.observability import meters as counts
from node.observability.meters import Meters, beats, mark_of


def test_each_process_tells_the_counts_of_all(tmp_path: Path) -> None:
    one, other = Meters(tmp_path), Meters(tmp_path)
    one.answered("website", 200, 0.02)
    other.answered("website", 204, 7.0)
    one.watch("memory_bytes", lambda: 5.0)
    one.note()
    for meters in (one, other):
        counts, seconds = meters.totals().requests["website", 2]
        assert (counts, seconds) == ([0, 1, 0, 0, 0, 1], 7.02)
        assert (meters.totals().values["processes"], meters.totals().values["memory_bytes"]) == (2, 5.0)


def test_counts_outlive_their_process_and_what_it_held_does_not(tmp_path: Path) -> None:
    one, other = Meters(tmp_path), Meters(tmp_path)
    one.watch("deliveries_made", lambda: 3.0)
    one.watch("memory_bytes", lambda: 5.0)
    one.close()
    held = other.totals().values
    assert (held["deliveries_made"], held["memory_bytes"], held["processes"]) == (3.0, 0.0, 1.0)
    next_one = Meters(tmp_path)
    next_one.watch("deliveries_made", lambda: 1.0)
    assert next_one.totals().values["deliveries_made"] == 4.0
    assert len(list(tmp_path.iterdir())) == 2


def test_boards_of_another_layout_go(tmp_path: Path) -> None:
    (tmp_path / "0000-0").write_bytes(b"x" * 100)
    Meters(tmp_path)
    assert not (tmp_path / "0000-0").exists()


def test_what_is_no_board_is_passed_over(tmp_path: Path) -> None:
    one = Meters(tmp_path)
    one.answered("other", 500, 0.1)
    (board,) = tmp_path.iterdir()
    number = board.name.removesuffix("0")
    board.with_name(f"{number}7").mkdir()
    os.mkfifo(board.with_name(f"{number}8"))
    board.with_name(f"{number}9").write_bytes(b"\xff" * board.stat().st_size)
    assert one.totals().requests["other", 5][1] == 0.1
    assert list(beats(tmp_path)) == []


def test_a_folder_that_cannot_be_written_leaves_the_counts_of_one_process(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    meters = Meters(tmp_path / "file")
    meters.answered("other", 500, 0.1)
    assert meters.totals().requests["other", 5][1] == 0.1


def test_informational_answers_are_not_told(tmp_path: Path) -> None:
    meters = Meters(tmp_path)
    meters.answered("website", 101, 3600.0)
    assert all(seconds == 0.0 for _, seconds in meters.totals().requests.values())


async def test_whoever_watches_sees_which_process_goes_on(tmp_path: Path) -> None:
    meters = Meters(tmp_path)
    for before in range(2):
        assert beats(tmp_path) == {}
        noting = asyncio.create_task(meters.note_regularly())
        await asyncio.sleep(0)
        assert beats(tmp_path) == {mark_of(os.getpid()): before + 1}
        noting.cancel()
        await asyncio.gather(noting, return_exceptions=True)


async def test_the_same_number_in_another_container_is_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = mark_of(os.getpid())
    monkeypatch.setattr(counts, "_whereabouts", lambda: "elsewhere")
    noting = asyncio.create_task(Meters(tmp_path).note_regularly())
    await asyncio.sleep(0)
    assert len(beats(tmp_path)) == 1
    assert here not in beats(tmp_path)
    noting.cancel()
    await asyncio.gather(noting, return_exceptions=True)


def test_a_board_that_goes_away_while_others_are_read_is_passed_over(tmp_path: Path) -> None:
    one = Meters(tmp_path)
    (tmp_path / f"{next(tmp_path.iterdir()).name.partition('-')[0]}-9").symlink_to(tmp_path / "gone")
    assert beats(tmp_path) == {}
    assert one.totals().values["processes"] == 1.0
