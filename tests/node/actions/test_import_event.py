"""Reading events that others tell, in calendars and pages; none of them costs more than reading it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import msgspec
import pytest

from node.actions.import_event_ics import in_calendar
from node.actions.import_event_page import in_document, in_page
from schemas.limits import IMPORT_EVENTS, REPEATS

ZONE = "Europe/Berlin"
NEXT_YEAR = datetime.now(UTC).year + 1
DOCUMENTS = Path(__file__).parents[2] / "documents"


def calendar(*entries: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{entry}\r\nEND:VEVENT\r\n" for n, entry in enumerate(entries))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inside}END:VCALENDAR\r\n".encode()


def test_a_calendar_entry_fills_the_form() -> None:
    body = calendar(
        f"SUMMARY:Repair café\r\nDTSTART;TZID=Europe/Brussels:{NEXT_YEAR}0307T140000\r\n"
        f"DTEND;TZID=Europe/Brussels:{NEXT_YEAR}0307T170000\r\nLOCATION:Halles\\, Rue Royale 1\r\n"
        "DESCRIPTION:Bring a lamp.\r\nURL:https://halles.example/7"
    )
    (found,) = in_calendar(body, "https://halles.example/all.ics", ZONE)
    assert found.fields() == {
        "versions.0.name": ["Repair café"],
        "versions.0.text": ["Bring a lamp.\n\nhttps://halles.example/7"],
        "starts": [f"{NEXT_YEAR}-03-07T14:00"],
        "ends": [f"{NEXT_YEAR}-03-07T17:00"],
        "zone": ["Europe/Brussels"],
        "place.name": ["Halles"],
        "place.street": ["Rue Royale 1"],
        "uid": ["0"],
        "told_at": ["https://halles.example/7"],
    }


def test_a_time_in_utc_is_told_in_the_zone_of_who_asks() -> None:
    (found,) = in_calendar(calendar(f"SUMMARY:x\r\nDTSTART:{NEXT_YEAR}0701T120000Z"), "", ZONE)
    assert (found.starts.hour, found.zone) == (14, ZONE)


@pytest.mark.parametrize(
    ("rule", "repeat", "lost"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=5", {"every": "week", "interval": "2", "count": "5"}, False),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=4", {"every": "month", "interval": "1", "by": "weekday", "count": "4"}, False),
        ("FREQ=WEEKLY;COUNT=100000000", {"every": "week", "interval": "1", "count": str(REPEATS)}, False),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", {}, True),
        ("FREQ=YEARLY", {}, True),
        ("FREQ=WEEKLY;INTERVAL=99999", {}, True),
    ],
)
def test_a_rule_is_read_and_never_followed(rule: str, repeat: dict[str, str], lost: bool) -> None:
    (found,) = in_calendar(calendar(f"SUMMARY:x\r\nDTSTART:{NEXT_YEAR}0707T120000\r\nRRULE:{rule}"), "", ZONE)
    assert (found.repeat, found.series_lost) == (repeat, lost)


@pytest.mark.parametrize("begin", ["BEGIN:VTIMEZONE", 'begin;X="a:b":vtimezone', "BEGIN:VTIME\r\n ZONE"])
def test_case_139_the_rules_of_a_calendars_own_zones_are_not_followed(begin: str) -> None:
    """Each second since 1970 would be counted; and what one calendar calls a zone would hold for the next."""
    parts = (("STANDARD", "+0100", "+0200"), ("DAYLIGHT", "+0200", "+0100"))
    rules = "".join(
        f"BEGIN:{part}\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:{before}\r\n"
        f"TZOFFSETTO:{after}\r\nEND:{part}\r\n"
        for part, before, after in parts
    )
    zone = f"{begin}\r\nTZID:Evil\r\n{rules}END:VTIMEZONE\r\n".encode()
    event = calendar(f"SUMMARY:x\r\nDTSTART;TZID=Evil:{NEXT_YEAR}0701T120000")
    body = event.replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT", 1)
    began = process_time()
    found = in_calendar(body, "", ZONE)
    assert [(one.starts.hour, one.zone) for one in found] in ([(12, ZONE)], [])
    assert process_time() - began < 5


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_page_with_a_moment_out_of_all_time_holds_no_event(moment: str) -> None:
    said = {"@type": "Event", "name": "x", "startDate": moment}
    page = f'<script type="application/ld+json">{msgspec.json.encode(said).decode()}</script>'
    assert in_page(page.encode(), "https://there.example/", ZONE) == []


def test_a_weekly_series_begins_at_its_next_date() -> None:
    (found,) = in_calendar(calendar("SUMMARY:x\r\nDTSTART:19700105T180000\r\nRRULE:FREQ=WEEKLY;COUNT=9000"), "", ZONE)
    ahead = found.starts - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(0) <= ahead <= timedelta(weeks=1)
    assert (found.starts.weekday(), found.starts.hour) == (0, 18)


def test_of_a_long_calendar_the_next_events_are_offered() -> None:
    entries = [f"SUMMARY:{day}\r\nDTSTART;VALUE=DATE:{NEXT_YEAR}01{day:02}" for day in range(31, 0, -1)] * 2
    found = in_calendar(calendar("SUMMARY:old\r\nDTSTART:20200101T100000Z", *entries), "", ZONE)
    assert len(found) == IMPORT_EVENTS
    assert (found[0].name, found[0].starts.day) == ("1", 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"BEGIN:VCALENDAR",
        b"\xff\xfe\x00",
        calendar("SUMMARY:x"),
        calendar("SUMMARY:x\r\nDTSTART:99999999T999999"),
        calendar(f"SUMMARY:x\r\nDTSTART:{NEXT_YEAR}0101T100000Z\r\nSTATUS:CANCELLED"),
    ],
)
def test_what_holds_no_event_gives_none(body: bytes) -> None:
    assert in_calendar(body, "", ZONE) == []


def page(said: object) -> bytes:
    return b'<html><script type="application/ld+json">' + msgspec.json.encode(said) + b"</script></html>"


def test_a_page_that_describes_its_event_fills_the_form() -> None:
    event = {
        "@type": "MusicEvent",
        "name": "Concert <b>loud</b>",
        "startDate": f"{NEXT_YEAR}-03-07T20:00:00+01:00",
        "description": "<p onclick=x>With friends.</p>",
        "location": {"name": "Halles", "address": {"addressLocality": "Brussels", "addressCountry": "be"}},
        "url": "javascript:alert(1)",
    }
    (found,) = in_page(page({"@graph": [{"@type": "WebSite"}, event]}), "https://halles.example/7", ZONE)
    fields = found.fields()
    assert fields["versions.0.name"] == ["Concert loud"]
    assert fields["versions.0.text"] == ["With friends.\n\nhttps://halles.example/7"]
    assert (fields["starts"], fields["zone"]) == ([f"{NEXT_YEAR}-03-07T20:00"], [ZONE])
    assert (fields["place.locality"], fields["place.country"]) == (["Brussels"], ["BE"])


@pytest.mark.parametrize(
    "said", [{"@type": "Event"}, {"@type": "Event", "name": "x", "startDate": "soon"}, {"@type": "Person"}, [[]], 7]
)
def test_a_page_without_an_event_gives_none(said: object) -> None:
    assert in_page(page(said), "https://halles.example/7", ZONE) == []
    assert in_page(b'<script type="application/ld+json">{"@type":', "https://halles.example/7", ZONE) == []


def test_an_event_of_the_fediverse_fills_the_form() -> None:
    document = msgspec.json.encode(msgspec.json.decode((DOCUMENTS / "mobilizon/event.json").read_bytes())["document"])
    (found,) = in_document(document, "https://mobilizon.example/events/1")
    fields = found.fields()
    assert fields["versions.0.name"]
    assert fields["starts"]
    assert fields["place.name"]
    assert in_document(b'{"type": "Note", "id": "https://a.example/1"}', "https://a.example/1") == []
    assert in_document(b"[]", "https://a.example/1") == []
