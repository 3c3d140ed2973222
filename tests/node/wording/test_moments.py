"""Days and times in words: in the zone of the event, in that of the reader, around the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from node.wording import moments
from schemas.things import EventDetail
from schemas.times import instant_to_local
from tests.factories import an_event_detail


def an_event(local: datetime, zone: str, hours: float | None = 2) -> EventDetail:
    starts = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    lasting = timedelta(hours=hours) if hours else None
    return EventDetail(
        starts_at=starts,
        starts_local=local,
        zone=zone,
        ends_at=starts + lasting if lasting else None,
        ends_local=local + lasting if lasting else None,
    )


EVENING = datetime(2026, 12, 4, 19, 0)


@pytest.mark.parametrize(
    ("language", "words", "zone"),
    [
        ("en", "Friday, 4 December 2026, 19:00–21:00", "CET"),
        ("de", "Freitag, 4. Dezember 2026, 19:00–21:00", "MEZ"),
        ("fr", "vendredi 4 décembre 2026, 19:00–21:00", "UTC+01:00"),
        ("nl", "Friday, 4 December 2026, 19:00–21:00", "CET"),
    ],
)
def test_an_event_is_said_in_its_own_zone_and_the_readers_language(language: str, words: str, zone: str) -> None:
    when = moments.of_event(language, an_event(EVENING, "Europe/Berlin"), "Europe/Brussels")
    assert (when.words, when.zone, when.yours) == (words, zone, "")


def test_a_reader_in_another_zone_also_sees_the_own_time() -> None:
    when = moments.of_event("en", an_event(EVENING, "America/New_York"), "Europe/Berlin")
    assert when.words == "Friday, 4 December 2026, 19:00–21:00"
    assert when.zone == "GMT-05:00"
    assert when.zone_name == "Eastern Standard Time (New York)"
    assert when.yours == "Saturday, 5 December 2026, 01:00–03:00 CET"


@pytest.mark.parametrize(
    ("local", "yours"),
    [
        (datetime(2026, 3, 28, 20, 0), ""),
        (datetime(2026, 3, 29, 20, 0), "Sunday, 29 March 2026, 21:00–23:00 CEST"),
        (datetime(2026, 10, 24, 20, 0), "Saturday, 24 October 2026, 21:00–23:00 CEST"),
        (datetime(2026, 10, 25, 20, 0), ""),
    ],
)
def test_around_the_nights_when_clocks_change_the_readers_time_moves(local: datetime, yours: str) -> None:
    # Algiers keeps its clocks an hour ahead of UTC all year, Berlin changes them.
    assert moments.of_event("en", an_event(local, "Africa/Algiers"), "Europe/Berlin").yours == yours


@pytest.mark.parametrize(
    ("day", "begins", "ends", "hours"),
    [
        (25, 0, 1, ("02:00 (GMT+02:00)", "02:00 (GMT+01:00)")),
        (24, 22, 1, ("00:00 (GMT+02:00)", "02:00 (GMT+01:00)")),
        (24, 16, 18, ()),
    ],
)
def test_when_clocks_go_back_it_is_said_which_hour_is_meant(
    day: int, begins: int, ends: int, hours: tuple[str, ...]
) -> None:
    starts = datetime(2026, 10, day, begins, tzinfo=UTC)
    until = datetime(2026, 10, 25 if begins == 22 else day, ends, tzinfo=UTC)
    detail = an_event_detail(
        starts,
        zone="Europe/Berlin",
        starts_local=instant_to_local(starts, "Europe/Berlin"),
        ends_at=until,
        ends_local=instant_to_local(until, "Europe/Berlin"),
    )
    assert moments.of_event("en", detail, "Europe/Berlin").hours == hours


def test_an_open_end_and_a_night_and_days_are_said() -> None:
    assert moments.span("en", EVENING, None) == "Friday, 4 December 2026, 19:00"
    assert moments.span("en", EVENING, EVENING + timedelta(hours=7)) == "Friday, 4 December 2026, 19:00–02:00"
    said = moments.span("en", EVENING, EVENING + timedelta(days=2))
    assert said == "Friday, 4 December 2026, 19:00 – Sunday, 6 December 2026, 19:00"


def test_a_zone_nobody_knows_counts_as_utc() -> None:
    for name in ("Nowhere/Else", "../../etc/passwd", "", None):
        assert moments.known_zone(name).key == "UTC"


def test_a_calendar_leaf_and_a_month_are_short() -> None:
    leaf = moments.leaf("de", date(2026, 3, 3))
    assert (leaf.weekday, leaf.number, leaf.month) == ("Di", "3", "Mär")
    assert moments.month("fr", date(2026, 3, 3)) == "mars 2026"
    assert moments.short_day("de", date(2026, 3, 3)) == "3. März 2026"


def test_an_event_with_an_open_end_is_over_after_half_a_day() -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    assert not moments.is_over(an_event(now - timedelta(hours=11), "UTC", None))
    assert moments.is_over(an_event(now - timedelta(hours=13), "UTC", None))
    assert moments.is_over(an_event(now - timedelta(hours=3), "UTC", 2))
