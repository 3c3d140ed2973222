"""`federation/read/event.py`: events in the spelling of each server, and times that cannot be."""

from datetime import UTC, datetime
from typing import Any

import pytest

from federation import read
from federation.normalise import document


@pytest.mark.parametrize(
    ("keys", "zone", "local", "instant"),
    [
        ({}, "Europe/Zurich", "2026-03-07T14:00:00", "2026-03-07T13:00:00+00:00"),
        ({"startTime": "2026-03-07T13:00:00Z"}, "Europe/Zurich", "2026-03-07T14:00:00", "2026-03-07T13:00:00+00:00"),
        ({"startTime": "2026-03-07T14:00:00"}, "Europe/Zurich", "2026-03-07T14:00:00", "2026-03-07T13:00:00+00:00"),
        ({"startTime": "2026-07-07T14:00"}, "Europe/Zurich", "2026-07-07T14:00:00", "2026-07-07T12:00:00+00:00"),
        (
            {"startTime": "2026-03-07T14:00:00", "timezone": None},
            "UTC",
            "2026-03-07T14:00:00",
            "2026-03-07T14:00:00+00:00",
        ),
        (
            {"startTime": "2026-07-14T17:30:57.000+02:00", "timezone": None},
            "Etc/GMT-2",
            "2026-07-14T17:30:57",
            "2026-07-14T15:30:57+00:00",
        ),
        (
            {"startTime": "2026-07-14T17:30:00+05:45", "timezone": "Mars/Olympus"},
            "UTC",
            "2026-07-14T11:45:00",
            "2026-07-14T11:45:00+00:00",
        ),
        ({"timezone": "../../etc/passwd"}, "Etc/GMT-1", "2026-03-07T14:00:00", "2026-03-07T13:00:00+00:00"),
        # a wall time that clocks skip is moved on, one that comes twice means the first
        ({"startTime": "2026-03-29T02:30:00"}, "Europe/Zurich", "2026-03-29T03:30:00", "2026-03-29T01:30:00+00:00"),
        ({"startTime": "2026-10-25T02:30:00"}, "Europe/Zurich", "2026-10-25T02:30:00", "2026-10-25T00:30:00+00:00"),
    ],
)
def test_an_event_starts_at_an_instant_and_at_a_wall_time(
    event: Any, keys: Any, zone: str, local: str, instant: str
) -> None:
    found = event(**keys).event
    assert (found.zone, found.starts_local.isoformat(), found.starts_at.isoformat()) == (zone, local, instant)


@pytest.mark.parametrize("start", [None, "soon", "", 5, "2026-13-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_event_without_a_start_is_a_post(event: Any, start: Any) -> None:
    found = event(startTime=start)
    assert (found.kind, found.event, found.versions[0].name) == ("post", None, "Repair café")


def test_an_event_without_a_name_is_a_post(event: Any) -> None:
    assert event(name=None).kind == "post"
    assert event(name=None, nameMap={"de": "Fest"}).kind == "event"


@pytest.mark.parametrize(
    ("keys", "ends"),
    [
        ({"endTime": "2026-03-07T17:00:00+01:00"}, datetime(2026, 3, 7, 16, tzinfo=UTC)),
        ({"endTime": "2026-03-07T14:00:00+01:00"}, None),
        ({"endTime": "2026-03-06T14:00:00+01:00"}, None),
        ({"endTime": "2026-03-07T17:00:00+01:00", "displayEndTime": False}, None),
        ({}, None),
    ],
)
def test_an_end_comes_after_the_start_or_is_open(event: Any, keys: Any, ends: datetime | None) -> None:
    assert event(**keys).event.ends_at == ends


@pytest.mark.parametrize(
    ("keys", "status"),
    [
        ({}, "scheduled"),
        ({"status": "CANCELLED"}, "cancelled"),
        ({"ical:status": "TENTATIVE"}, "tentative"),
        ({"eventStatus": "https://w3id.org/fep/8a8e/EventPostponed", "status": "TENTATIVE"}, "postponed"),
        ({"eventStatus": "fep8a8e:EventCancelled"}, "cancelled"),
        ({"eventStatus": "EventScheduled", "status": "CANCELLED"}, "cancelled"),
        ({"eventStatus": "EventRescheduled"}, "moved"),
        ({"eventStatus": "EventMovedOnline"}, "moved"),
        ({"status": "BUSY"}, "scheduled"),
        ({"eventStatus": 5}, "scheduled"),
    ],
)
def test_a_status_is_read_in_its_three_spellings(event: Any, keys: Any, status: str) -> None:
    assert event(**keys).event.status == status


@pytest.mark.parametrize(
    ("location", "name", "latitude", "online"),
    [
        ("Hall, Bern", "Hall, Bern", None, None),
        ({"type": "Place", "name": "Hall", "latitude": 46.95, "longitude": 7.44}, "Hall", 46.95, None),
        ({"type": "Place", "name": "Hall", "latitude": "46.95", "longitude": "7.44"}, "Hall", 46.95, None),
        ({"type": "Place", "name": "Hall", "latitude": 146.95, "longitude": 7.44}, "Hall", None, None),
        ({"type": "Place", "name": "Hall", "latitude": 0, "longitude": 0}, "Hall", None, None),
        ({"type": "Place", "name": "Hall", "latitude": 46.95}, "Hall", None, None),
        ({"type": "Place", "address": {"type": "PostalAddress", "streetAddress": "Gasse 1"}}, "Gasse 1", None, None),
        (
            [{"type": "VirtualLocation", "url": "https://m.example/r"}, {"type": "Place", "name": "<b>Hall</b>"}],
            "Hall",
            None,
            "https://m.example/r",
        ),
        ([{"type": "VirtualLocation", "url": "javascript:alert(1)"}], None, None, None),
        ({"type": "Place"}, None, None, None),
        (5, None, None, None),
    ],
)
def test_a_place_is_read_in_all_its_shapes(event: Any, location: Any, name: Any, latitude: Any, online: Any) -> None:
    found = event(location=location).event
    assert (found.place.name if found.place else None) == name
    assert (found.place.latitude if found.place else None) == latitude
    assert found.online_url == online


def test_an_address_is_read_whole(event: Any) -> None:
    address = {"type": "PostalAddress", "streetAddress": "Gasse 1", "postalCode": 3011, "addressLocality": "Bern"}
    address |= {"addressRegion": "BE", "addressCountry": {"type": "Country", "name": "Switzerland"}}
    place = event(
        location={"type": "Place", "id": "https://a.example/p/1", "name": "Hall", "address": address}
    ).event.place
    assert (place.street, place.postal_code, place.locality) == ("Gasse 1", "3011", "Bern")
    assert (place.region, place.country, place.uri) == ("BE", "Switzerland", "https://a.example/p/1")


@pytest.mark.parametrize(
    ("said", "read_as"), [("fully", ("step_free",)), ("partially", ("partly_step_free",)), ("no", ()), (["fully"], ())]
)
def test_what_mobilizon_says_of_wheelchairs_is_said_of_the_place(event: Any, said: Any, read_as: Any) -> None:
    told = {"type": "PropertyValue", "propertyID": "mz:accessibility:wheelchairAccessible", "value": said}
    found = event(location={"type": "Place", "name": "Hall"}, attachment=[{"type": "Link", "href": "x"}, told])
    assert found.event.place.access == read_as
    assert event(location=None, attachment=[told]).event.place is None


def test_an_event_only_online_may_give_its_address_as_website(event: Any) -> None:
    website = [{"type": "Link", "href": "https://m.example/r", "name": "Website"}]
    assert event(isOnline=True, attachment=website).event.online_url == "https://m.example/r"
    assert event(attachment=website).event.online_url is None
    assert event(onlineLink="https://m.example/s", isOnline=True).event.online_url == "https://m.example/s"


@pytest.mark.parametrize(
    ("keys", "capacity", "going"),
    [
        ({"maximumAttendeeCapacity": 40, "participantCount": 3}, 40, 3),
        ({"maximumAttendeeCapacity": 0}, None, 0),
        ({"maximumAttendeeCapacity": -5, "participantCount": -1}, None, 0),
        ({"maximumAttendeeCapacity": 10**12, "participantCount": 10**12}, None, 0),
        ({"maximumAttendeeCapacity": "20", "participantCount": "many"}, 20, 0),
        ({"attendees": {"type": "Collection", "totalItems": 7}}, None, 7),
        ({"maximumAttendeeCapacity": None, "participantCount": None}, None, 0),
    ],
)
def test_absurd_numbers_of_guests_are_not_said(event: Any, keys: Any, capacity: Any, going: int) -> None:
    found = event(**keys).event
    assert (found.capacity, found.going) == (capacity, going)


@pytest.mark.parametrize(
    ("keys", "mode", "address"),
    [
        ({"joinMode": "restricted"}, "restricted", None),
        (
            {"joinMode": "external", "externalParticipationUrl": "https://a.example/r"},
            "external",
            "https://a.example/r",
        ),
        ({"joinMode": "external", "externalParticipationUrl": "mailto:x@a.example"}, "external", "mailto:x@a.example"),
        ({"joinMode": "external", "externalParticipationUrl": "javascript:alert(1)"}, "external", None),
        ({"joinMode": "external", "coop:joinMode": "none"}, "none", None),
        ({"joinMode": "whatever"}, "free", None),
        ({}, "free", None),
    ],
)
def test_ways_to_register_are_read(event: Any, keys: Any, mode: str, address: Any) -> None:
    found = event(**keys).event
    assert (found.join_mode, found.external_url) == (mode, address)


@pytest.mark.parametrize(
    ("said", "read"),
    [("MUSIC", ("MUSIC",)), (["music", "SPORTS"], ("MUSIC", "SPORTS")), ("Tuesday", ()), (None, ()), ({"a": 1}, ())],
)
def test_unknown_categories_are_none(event: Any, said: Any, read: Any) -> None:
    assert event(category=said).event.categories == read


def test_organisers_are_those_named_else_contacts_and_authors(event: Any) -> None:
    person, group = "https://a.example/u/ana", "https://a.example/g/coop"
    mobilizon = event(attributedTo=group, actor=person, contacts=[person])
    assert (mobilizon.attributed_to, mobilizon.organisers) == (group, (person, group))
    named = event(organizers={"type": "Collection", "items": ["https://b.example/bo"]})
    assert named.organisers == named.event.organisers == ("https://b.example/bo",)


def test_a_group_that_is_an_event_is_read_as_both() -> None:
    inner = {"type": "Event", "startTime": "2026-03-07T14:00:00Z", "endTime": "2026-03-07T16:00:00Z"}
    raw = {
        "type": "Group",
        "id": "https://s.example/g/1",
        "name": "Picnic",
        "summary": "<p>Bring food</p>",
        "preferredUsername": "picnic",
        "inbox": "https://s.example/g/1/inbox",
        "attributedTo": [{"type": "Person", "id": "https://s.example/u/ana", "title": "Host"}],
        "accessType": "closed",
        "attachment": [inner],
    }
    doc = document(raw)
    found = read.thing(doc)
    assert (found.kind, found.attributed_to, found.audience) == ("event", "https://s.example/g/1", "public")
    assert found.event is not None
    assert (found.event.join_mode, found.versions[0].content) == ("restricted", "<p>Bring food</p>")
    assert found.organisers == ("https://s.example/g/1", "https://s.example/u/ana")
    assert read.actor(doc).kind == "Group"
    with pytest.raises(read.Unwanted):
        read.thing(document(raw | {"attachment": []}))
