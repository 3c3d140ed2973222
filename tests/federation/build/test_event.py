"""Tests of federation/build/event.py: its shape, key by key."""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from federation import sanitise
from federation.build import event
from federation.build.event import document
from schemas.things import Version
from tests.federation.build.samples import (
    ANA,
    BO,
    FULL_EVENT,
    HALL,
    HUB,
    MEETING,
    NOW,
    PUBLIC,
    URLS,
    a_post,
    an_event,
    an_event_detail,
    in_languages,
)

RECOMMENDED = (
    "id type url attributedTo actor to cc name nameMap summary summaryMap content contentMap mediaType inLanguage "
    "sensitive published updated startTime endTime displayEndTime timezone status ical:status eventStatus category "
    "draft uuid joinMode externalParticipationUrl anonymousParticipation anonymousParticipationEnabled "
    "maximumAttendeeCapacity remainingAttendeeCapacity participantCount repliesModerationOption commentsEnabled "
    "isOnline onlineLink buyTicketsLink feeCurrency feeAmount location image attachment tag contacts organizers "
    "attendees replies context"
)


def built(**fields: Any) -> dict[str, Any]:
    return document(an_event(an_event_detail(**fields)), URLS)


def test_it_has_every_key_that_is_recommended_in_a_fixed_order() -> None:
    keys = list(document(an_event(FULL_EVENT), URLS))
    assert keys[:3] == ["@context", "id", "type"]
    assert set(RECOMMENDED.split()) <= set(keys)
    assert keys == list(document(an_event(FULL_EVENT), URLS))


def test_its_id_is_its_url_and_it_has_one_type_and_one_author() -> None:
    made = built()
    assert made["id"] == made["url"] == "https://hub.example/events/17"
    assert made["type"] == "Event"
    assert made["attributedTo"] == made["actor"] == HUB.uri
    assert (made["to"], made["cc"]) == ([PUBLIC], [f"{HUB.uri}/followers"])


def test_the_primary_language_is_first_in_every_map_and_stands_unmapped_too() -> None:
    made = document(an_event(versions=in_languages("fr", "en", "de")), URLS)
    for key in ("name", "summary", "content"):
        assert list(made[f"{key}Map"]) == ["fr", "en", "de"]
        assert made[key] == made[f"{key}Map"]["fr"]
    assert made["inLanguage"] == "fr"


def test_a_text_that_only_one_language_has_does_not_come_before_the_primary_one() -> None:
    versions = [Version(language="de", name="Nur Titel"), Version(language="en", name="Title", content="<p>Text</p>")]
    made = document(an_event(versions=versions), URLS)
    assert list(made["contentMap"]) == ["de", "en"]


def test_times_bear_the_offset_of_the_events_zone() -> None:
    made = built()
    assert made["startTime"] == "2026-03-07T14:00:00+01:00"
    assert made["endTime"] == "2026-03-07T17:00:00+01:00"
    assert made["timezone"] == "Europe/Zurich"
    assert made["displayEndTime"] is True
    summer = built(starts_at=datetime(2026, 7, 7, 12, tzinfo=NOW.tzinfo), ends_at=None)
    assert summer["startTime"] == "2026-07-07T14:00:00+02:00"


def test_an_open_end_is_said_and_its_key_is_there() -> None:
    made = built(ends_at=None, ends_local=None)
    assert made["endTime"] is None
    assert made["displayEndTime"] is False


@pytest.mark.parametrize(
    ("status", "ical", "fep"),
    [
        ("scheduled", "CONFIRMED", "EventScheduled"),
        ("tentative", "TENTATIVE", "EventTentative"),
        ("postponed", "TENTATIVE", "EventPostponed"),
        ("moved", "CONFIRMED", "EventRescheduled"),
        ("cancelled", "CANCELLED", "EventCancelled"),
    ],
)
def test_the_status_is_spelt_in_three_ways(status: str, ical: str, fep: str) -> None:
    made = built(status=status)
    assert (made["status"], made["ical:status"], made["eventStatus"]) == (ical, ical, fep)


def test_a_postponed_event_keeps_its_last_start() -> None:
    assert built(status="postponed")["startTime"] == "2026-03-07T14:00:00+01:00"


def test_a_moved_event_says_when_it_was_to_be() -> None:
    assert built(status="moved", previous_start=NOW)["previousStartTime"] == "2026-03-01T11:00:00+01:00"
    assert built(status="moved", place=None, online_url=MEETING)["eventStatus"] == "EventMovedOnline"
    assert (
        built(status="moved", place=None, online_url=MEETING, previous_start=NOW)["eventStatus"] == "EventRescheduled"
    )


def test_a_cancelled_event_says_so_in_title_and_summary_of_each_language() -> None:
    made = built(status="cancelled")
    assert made["nameMap"] == {"de": "Abgesagt: Repair-Café", "en": "Cancelled: Repair café"}
    assert made["summaryMap"]["de"].startswith("Abgesagt: ")
    assert made["summaryMap"]["en"].startswith("Cancelled: ")
    assert made["coop:versions"]["de"]["name"] == "Repair-Café"


def test_a_place_has_an_id_floats_and_a_postal_address() -> None:
    made = built(place=replace(HALL, latitude=47))["location"]
    assert made["id"] == "https://hub.example/places/4"
    assert isinstance(made["latitude"], float)
    assert made["address"] == {
        "type": "PostalAddress",
        "streetAddress": "Gasse 1",
        "postalCode": "3011",
        "addressLocality": "Bern",
        "addressRegion": "BE",
        "addressCountry": "CH",
    }


def test_a_place_without_coordinates_has_none() -> None:
    made = built(place=replace(HALL, latitude=None, longitude=None))["location"]
    assert not {"latitude", "longitude"} & set(made)


def test_an_event_that_is_only_online_has_a_virtual_location() -> None:
    made = built(place=None, online_url=MEETING)
    assert made["location"] == {"type": "VirtualLocation", "name": "Online", "url": MEETING}
    assert (made["isOnline"], made["onlineLink"]) == (True, MEETING)
    assert made["attachment"][-1] == {"type": "Link", "mediaType": "text/html", "href": MEETING, "name": "Website"}


def test_a_hybrid_event_has_one_location_and_lists_both_in_our_own_key() -> None:
    made = built(online_url=MEETING)
    assert made["location"]["type"] == "Place"
    assert [one["type"] for one in made["coop:locations"]] == ["Place", "VirtualLocation"]
    assert (made["isOnline"], made["onlineLink"]) == (False, MEETING)


def test_the_address_online_stands_in_the_text_once() -> None:
    made = built(online_url=MEETING)
    assert 'Online: <a href="https://meet.example/r?a=1&amp;b=2"' in made["content"]
    told = [Version(language="de", name="x", content='<p><a href="https://meet.example/">hier</a></p>')]
    again = document(an_event(an_event_detail(online_url="https://meet.example/"), versions=told), URLS)
    assert again["content"].count("meet.example") == 1


def test_without_any_place_there_is_no_location() -> None:
    assert not {"location", "coop:locations"} & set(built(place=None))


@pytest.mark.parametrize("mode", ["free", "restricted", "invite"])
def test_a_way_to_join_that_all_know_goes_out_as_it_is(mode: str) -> None:
    made = built(join_mode=mode)
    assert (made["joinMode"], made["externalParticipationUrl"]) == (mode, None)
    assert "coop:joinMode" not in made


def test_registration_elsewhere_names_its_address() -> None:
    made = built(join_mode="external", external_url="https://tickets.example/1")
    assert (made["joinMode"], made["externalParticipationUrl"]) == ("external", "https://tickets.example/1")


def test_an_event_one_just_comes_to_is_external_for_readers_of_four_modes() -> None:
    made = built(join_mode="none")
    assert (made["joinMode"], made["externalParticipationUrl"]) == ("external", made["url"])
    assert made["coop:joinMode"] == "none"


@pytest.mark.parametrize(
    ("capacity", "going", "told"),
    [(None, 3, (0, None, 3)), (40, 3, (40, 37, 3)), (40, 40, (40, 0, 40)), (40, 45, (40, 0, 45))],
)
def test_seats_are_counted(capacity: int | None, going: int, told: tuple[int, int | None, int]) -> None:
    made = built(capacity=capacity, going=going)
    keys = ("maximumAttendeeCapacity", "remainingAttendeeCapacity", "participantCount")
    assert tuple(made[key] for key in keys) == told


def test_of_attendees_only_the_number_is_told() -> None:
    assert built(going=3)["attendees"] == {
        "type": "Collection",
        "id": "https://hub.example/events/17/attendees",
        "totalItems": 3,
    }


def test_organisers_are_listed_and_without_any_the_author_is() -> None:
    made = built(organisers=(HUB.uri, BO.uri, HUB.uri))
    assert made["contacts"] == made["organizers"]["items"] == [HUB.uri, BO.uri]
    assert made["organizers"]["totalItems"] == 2
    assert built()["contacts"] == [HUB.uri]


def test_a_finer_category_goes_out_as_the_common_one_and_a_hashtag() -> None:
    made = document(an_event(FULL_EVENT), URLS)
    assert made["category"] == "CRAFTS"
    assert [one["name"] for one in made["tag"]] == ["#DiyMakerSpaces", "#Community", "#repair"]
    assert built()["category"] == "MEETING"


def test_the_picture_is_first_and_of_the_type_mobilizon_looks_for() -> None:
    made = built()
    assert made["image"]["type"] == "Image"
    assert made["attachment"][0]["type"] == "Document"
    assert made["attachment"][0]["url"] == made["image"]["url"]
    assert made["attachment"][0]["name"] == "A bench with tools"
    assert made["attachment"][0]["focalPoint"] == [0.0, -0.5]


def test_who_is_mentioned_is_told_and_tagged() -> None:
    made = document(an_event(mentions=[BO]), URLS)
    assert made["cc"] == [f"{HUB.uri}/followers", BO.uri]
    assert {"type": "Mention", "href": BO.uri, "name": "@bo@other.example"} in made["tag"]


@pytest.mark.parametrize("audience", ["hub", "group"])
def test_what_is_for_the_hub_or_a_group_addresses_no_public(audience: str) -> None:
    made = document(an_event(audience=audience, recipients=[ANA.uri]), URLS)
    assert (made["to"], made["cc"]) == ([ANA.uri], [])


def test_a_direct_event_is_for_those_named_only() -> None:
    made = document(an_event(audience="direct", mentions=[BO], recipients=[ANA.uri]), URLS)
    assert (made["to"], made["cc"]) == ([BO.uri, ANA.uri], [])


def test_its_text_has_passed_the_sanitiser() -> None:
    evil = [Version(language="en", name="x", content='<p onclick="x()">a<script>b</script></p>')]
    made = document(an_event(versions=evil), URLS)
    assert made["content"] == sanitise.html(made["content"]) == "<p>a</p>"


def test_two_builds_have_the_same_uuid_and_two_events_have_not() -> None:
    assert built()["uuid"] == built()["uuid"]
    other = document(a_post("event", 18, event=an_event_detail()), URLS)
    assert other["uuid"] != built()["uuid"]


def test_its_area_is_a_followable_actor() -> None:
    assert built()["coop:area"] == "https://hub.example/areas/items-sharing"


def test_a_post_that_is_no_event_is_refused() -> None:
    with pytest.raises(ValueError, match="no event"):
        event.document(a_post(), URLS)
