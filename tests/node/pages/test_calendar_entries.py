"""Events as iCalendar, read back by a real iCalendar library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import recurring_ical_events
from icalendar import Calendar

from node.pages.calendar_entries import calendar
from schemas.records import Actor, Post
from schemas.things import EventDetail, Place, Version

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
HUB = Actor(
    id=1, uri="https://hub.example/actors/hub", kind="Organization", local=True, name="hub", host="hub.example",
    url="https://hub.example/@hub", inbox="https://hub.example/actors/hub/inbox", created_at=NOW, updated_at=NOW,
)  # fmt: skip
TEXT = "<p>Bring <b>it</b>; we mend, together.</p>"
HALL = Place(name="Hall, great", street="Gasse 1", locality="Bern", country="CH", latitude=46.9, longitude=7.4)


def an_event(number: int, local: datetime, *, hours: float = 2, zone: str = "Europe/Berlin", **more: Any) -> Post:
    starts = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    series, title = more.pop("series", None), more.pop("title", "Repair café")
    detail = {"place": HALL, "status": "scheduled", **more}
    address = f"https://hub.example/events/{number}"
    return Post(
        id=number, uri=address, url=address, kind="event", type="Event", local=True, actor=HUB, audience="public",
        language="en", versions=[Version(language="en", name=title, content=TEXT)],
        published_at=NOW, updated_at=NOW, received_at=NOW, series=series, tags=["repair"],
        event=EventDetail(
            starts_at=starts, starts_local=local, zone=zone, ends_at=starts + timedelta(hours=hours),
            ends_local=local + timedelta(hours=hours), **detail),
    )  # fmt: skip


def a_series(rule: str, *starts: datetime) -> list[Post]:
    said = f"{rule};COUNT={len(starts)}"
    return [an_event(n, at, rrule=said, series="https://hub.example/contexts/9") for n, at in enumerate(starts, 1)]


def change(post: Post, **fields: Any) -> Post:
    assert post.event
    return msgspec.structs.replace(post, event=msgspec.structs.replace(post.event, **fields))


def made(posts: Sequence[Post], firsts: dict[int, datetime] | None = None, language: str = "en") -> Calendar:
    """The feed as a calendar program reads it: written, then read again."""
    text = calendar("Werkhof", "https://hub.example/events.ics", posts, firsts or {}, language).to_ical()
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    return Calendar.from_ical(text)


def dates(read: Calendar) -> list[tuple[datetime, str]]:
    """What stands in the calendar of somebody who subscribed, for two years."""
    found = recurring_ical_events.of(read, keep_recurrence_attributes=True).between(date(2026, 1, 1), date(2028, 1, 1))
    return sorted((one["DTSTART"].dt, str(one["STATUS"])) for one in found)


def test_an_event_says_when_where_and_what() -> None:
    [one] = made([an_event(1, datetime(2026, 3, 7, 14, 0), online_url="https://meet.example/x", sequence=3)]).events
    assert one["UID"] == "https://hub.example/events/1"
    assert one["DTSTART"].dt == datetime(2026, 3, 7, 14, 0, tzinfo=BERLIN)
    assert one["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert one["DTEND"].dt - one["DTSTART"].dt == timedelta(hours=2)
    assert (one["SUMMARY"], one["LOCATION"]) == ("Repair café", "Hall, great, Gasse 1, Bern")
    assert one["DESCRIPTION"] == (
        "Bring it; we mend, together.\n\nhttps://meet.example/x\n\nhttps://hub.example/events/1"
    )
    assert (one["SEQUENCE"], one["STATUS"]) == (3, "CONFIRMED")
    assert (one["URL"], one["CONFERENCE"]) == ("https://hub.example/events/1", "https://meet.example/x")
    assert one["DTSTAMP"].dt == one["LAST-MODIFIED"].dt == NOW
    assert (one["GEO"].latitude, one["GEO"].longitude) == (46.9, 7.4)
    assert one["CATEGORIES"].cats == ["repair"]


def test_the_zone_comes_along_with_both_its_changes() -> None:
    read = made([an_event(1, datetime(2026, 3, 28, 20, 0)), an_event(2, datetime(2026, 3, 29, 20, 0))])
    [zone] = read.timezones
    assert zone["TZID"] == "Europe/Berlin"
    assert zone.standard
    assert zone.daylight
    offsets = [one["DTSTART"].dt.utcoffset() for one in read.events]
    assert offsets == [timedelta(hours=1), timedelta(hours=2)]


def test_an_event_in_utc_needs_no_zone() -> None:
    read = made([an_event(1, datetime(2026, 3, 7, 14, 0), zone="UTC")])
    assert read.timezones == []
    assert read.events[0]["DTSTART"].to_ical() == b"20260307T140000Z"


@pytest.mark.parametrize(
    ("status", "said", "title"),
    [
        ("scheduled", "CONFIRMED", "Repair café"),
        ("tentative", "TENTATIVE", "Repair café"),
        ("postponed", "TENTATIVE", "Postponed: Repair café"),
        ("moved", "CONFIRMED", "New date or place: Repair café"),
        ("cancelled", "CANCELLED", "Cancelled: Repair café"),
    ],
)
def test_the_status_is_said_for_programs_and_for_people(status: str, said: str, title: str) -> None:
    [one] = made([an_event(1, datetime(2026, 3, 7, 14, 0), status=status)]).events
    assert (one["STATUS"], one["SUMMARY"]) == (said, title)


def test_case_67_nothing_in_a_title_can_end_its_line() -> None:
    title = "Evil\r\nATTENDEE:mailto:x@evil.example\x00\u202e<script>alert(1)</script> {{7*7}} %s"
    [one] = made([an_event(1, datetime(2026, 3, 7, 14, 0), title=title)]).events
    assert "ATTENDEE" not in one
    assert "<" not in one["SUMMARY"]
    assert "\n" not in one["SUMMARY"]


WEEKLY = [datetime(2026, 3, 14, 14, 0) + timedelta(weeks=n) for n in range(4)]


def test_a_weekly_series_is_one_entry_with_its_rule_and_keeps_its_wall_time() -> None:
    read = made(a_series("FREQ=WEEKLY", *WEEKLY))
    [one] = read.events
    assert one["UID"] == "https://hub.example/contexts/9"
    assert one["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=4"
    assert [at for at, _ in dates(read)] == [at.replace(tzinfo=BERLIN) for at in WEEKLY]  # across 29 March


def test_a_cancelled_date_of_a_series_is_an_exception() -> None:
    posts = a_series("FREQ=WEEKLY", *WEEKLY)
    posts[1] = change(posts[1], status="cancelled", sequence=1)
    read = made(posts)
    assert len(read.events) == 2
    assert [said for _, said in dates(read)] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert read.events[1]["RECURRENCE-ID"].dt == WEEKLY[1].replace(tzinfo=BERLIN)
    assert read.events[1]["SEQUENCE"] == 1


def test_a_moved_date_of_a_series_takes_the_place_of_the_planned_one() -> None:
    posts, later = a_series("FREQ=WEEKLY", *WEEKLY), WEEKLY[2] + timedelta(days=1, hours=3)
    starts = later.replace(tzinfo=BERLIN).astimezone(UTC)
    lasting = timedelta(hours=2)
    posts[2] = change(
        posts[2],
        status="moved",
        starts_at=starts,
        starts_local=later,
        ends_at=starts + lasting,
        ends_local=later + lasting,
    )
    read = made(posts, {posts[2].id: WEEKLY[2]})
    planned = [*WEEKLY[:2], later, WEEKLY[3]]
    assert [at for at, _ in dates(read)] == [at.replace(tzinfo=BERLIN) for at in planned]


def test_a_deleted_date_of_a_series_is_left_out_also_the_first() -> None:
    posts = a_series("FREQ=WEEKLY", *WEEKLY)
    read = made([posts[0], posts[2], posts[3]])
    assert [at for at, _ in dates(read)] == [at.replace(tzinfo=BERLIN) for at in (WEEKLY[0], WEEKLY[2], WEEKLY[3])]
    assert [one.dt for one in read.events[0]["EXDATE"].dts] == [WEEKLY[1].replace(tzinfo=BERLIN)]
    read = made(posts[1:])
    assert [at for at, _ in dates(read)] == [at.replace(tzinfo=BERLIN) for at in WEEKLY[1:]]


def test_where_the_first_date_is_cancelled_the_rest_still_takes_place() -> None:
    posts = a_series("FREQ=WEEKLY", *WEEKLY)
    posts[0] = change(posts[0], status="cancelled")
    assert [said for _, said in dates(made(posts))] == ["CANCELLED", "CONFIRMED", "CONFIRMED", "CONFIRMED"]


@pytest.mark.parametrize(
    ("rule", "starts"),
    [
        ("FREQ=MONTHLY", [datetime(2026, 1, 31, 19), datetime(2026, 3, 31, 19), datetime(2026, 5, 31, 19)]),
        ("FREQ=MONTHLY;BYDAY=2TU", [datetime(2026, 1, 13, 19), datetime(2026, 2, 10, 19), datetime(2026, 3, 10, 19)]),
        ("FREQ=MONTHLY;BYDAY=-1FR", [datetime(2026, 1, 30, 19), datetime(2026, 2, 27, 19), datetime(2026, 3, 27, 19)]),
        (
            "FREQ=WEEKLY;INTERVAL=2",
            [datetime(2026, 10, 17, 19), datetime(2026, 10, 31, 19), datetime(2026, 11, 14, 19)],
        ),
    ],
)
def test_other_rules_give_the_same_dates_back(rule: str, starts: list[datetime]) -> None:
    read = made(a_series(rule, *starts))
    assert len(read.events) == 1
    assert [at for at, _ in dates(read)] == [at.replace(tzinfo=BERLIN) for at in starts]


def test_dates_that_no_longer_follow_their_rule_stand_for_themselves() -> None:
    posts = a_series("FREQ=WEEKLY", *WEEKLY)
    odd = WEEKLY[2] + timedelta(minutes=5)
    posts[2] = change(posts[2], starts_local=odd, starts_at=odd.replace(tzinfo=BERLIN).astimezone(UTC))
    read = made(posts)  # nothing is known of where it was planned
    assert [one["UID"] for one in read.events] == [post.uri for post in posts]


def test_a_feed_says_what_it_is_called_and_how_often_to_come_again() -> None:
    read = made([])
    assert (read["X-WR-CALNAME"], read["NAME"], read["METHOD"]) == ("Werkhof", "Werkhof", "PUBLISH")
    assert read["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert read["SOURCE"] == "https://hub.example/events.ics"
