"""Tests of schemas/times.py: both clock changes, and a reader in another zone."""

from datetime import UTC, datetime

import pytest

from schemas import times

NOON = datetime(2026, 3, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        (datetime(2026, 3, 28, 2, 30), "Europe/Berlin", datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 59), "Europe/Berlin", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (datetime(2026, 3, 29, 3, 0), "Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 59), "Europe/Berlin", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (datetime(2026, 10, 25, 3, 0), "Europe/Berlin", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 12, 0), "America/Bogota", datetime(2026, 7, 1, 17, 0, tzinfo=UTC)),
        (datetime(2026, 4, 5, 1, 45), "Australia/Lord_Howe", datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        (datetime(2026, 7, 1, 12, 0), "UTC", datetime(2026, 7, 1, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_wall_time_is_one_instant(local: datetime, zone: str, instant: datetime) -> None:
    assert times.local_to_instant(local, zone) == instant


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_clocks_skip_in_spring_is_refused(minute: int) -> None:
    with pytest.raises(times.NonexistentTime, match="Europe/Berlin"):
        times.local_to_instant(datetime(2026, 3, 29, 2, minute), "Europe/Berlin")


def test_a_time_that_comes_twice_in_autumn_means_the_first() -> None:
    assert times.local_to_instant(datetime(2026, 10, 25, 2, 30), "Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_a_midnight_that_does_not_exist_is_refused() -> None:
    with pytest.raises(times.NonexistentTime):
        times.local_to_instant(datetime(2026, 4, 24, 0, 30), "Africa/Cairo")


def test_a_reader_in_another_zone_sees_their_own_day() -> None:
    instant = times.local_to_instant(datetime(2026, 3, 29, 20, 0), "Europe/Berlin")
    assert times.instant_to_local(instant, "Pacific/Auckland") == datetime(2026, 3, 30, 7, 0)
    assert times.instant_to_local(instant, "America/New_York") == datetime(2026, 3, 29, 14, 0)


def test_the_hours_between_two_readers_differ_while_only_one_changed_clocks() -> None:
    before, between = datetime(2026, 3, 1, 20), datetime(2026, 3, 15, 20)
    gaps = [
        moment - times.instant_to_local(times.local_to_instant(moment, "Europe/Berlin"), "America/New_York")
        for moment in (before, between)
    ]
    assert [gap.total_seconds() / 3600 for gap in gaps] == [6, 5]


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "europe/berlin", "", "CEST", "../etc/passwd", "/etc/localtime", "localtime", "+02:00"]
)
def test_a_name_that_is_no_zone_is_refused(zone: str) -> None:
    assert not times.is_zone(zone)
    with pytest.raises(times.UnknownZone):
        times.local_to_instant(datetime(2026, 1, 1), zone)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026-03-07",
        "2026-03-07 14:00",
        "2026-3-7T14:00",
        "2026-03-07T14:00:00",
        "2026-03-07T14:00Z",
        "2026-02-30T10:00",
        "2026-03-07T24:00",
        "٢٠٢٦-03-07T14:00",
        " 2026-03-07T14:00",
    ],
)
def test_a_wall_time_in_another_spelling_is_refused(written: str) -> None:
    with pytest.raises(times.BadWallTime):
        times.wall_time(written)


def test_a_wall_time_is_read() -> None:
    assert times.wall_time("2028-02-29T09:05") == datetime(2028, 2, 29, 9, 5)


def test_instants_are_written_as_the_wire_writes_them() -> None:
    assert times.utc_text(NOON.replace(microsecond=5)) == "2026-03-07T12:00:00Z"
    assert times.zoned_text(NOON, "Europe/Zurich") == "2026-03-07T13:00:00+01:00"
    assert times.zoned_text(NOON, "UTC") == "2026-03-07T12:00:00+00:00"


def test_both_instants_of_a_repeated_hour_keep_their_own_offset() -> None:
    first = times.local_to_instant(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert times.zoned_text(first, "Europe/Berlin") == "2026-10-25T02:30:00+02:00"
    assert times.zoned_text(second, "Europe/Berlin") == "2026-10-25T02:30:00+01:00"
    assert times.instant_to_local(second, "Europe/Berlin") == times.instant_to_local(first, "Europe/Berlin")
