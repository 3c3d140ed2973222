"""Tests of schemas/drafts/details.py: drafts become the values of our records, times three ways."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from schemas.check import decode
from schemas.drafts import CallDraft, EventDraft, FindingDraft, PostDraft, details
from schemas.things import Link, Place, Version

Make = Callable[..., dict[str, Any]]


def html(source: str) -> str:
    return f"<p>{source}</p>"


def test_versions_keep_their_order_and_get_the_one_spelling_of_their_language(draft: Make) -> None:
    versions = [{"language": "DE-at", "name": " Jause ", "text": "*Brot*"}, {"language": "en", "name": "Snack"}]
    made = decode(draft("event", versions=versions))
    assert isinstance(made, EventDraft)
    assert details.versions(made, html) == (
        Version(language="de-AT", name="Jause", content="<p>*Brot*</p>", source="*Brot*"),
        Version(language="en", name="Snack", content="<p></p>"),
    )


def test_a_series_becomes_one_event_per_date_at_the_same_wall_time(draft: Make) -> None:
    made = decode(draft("event"))
    assert isinstance(made, EventDraft)
    events = details.events(made, ("https://hub.example/actors/hub",))
    assert [event.starts_local for event in events] == [
        datetime(2026, 3, 7, 14),
        datetime(2026, 4, 4, 14),
        datetime(2026, 5, 2, 14),
    ]
    assert [event.starts_at for event in events] == [
        datetime(2026, 3, 7, 13, tzinfo=UTC),
        datetime(2026, 4, 4, 12, tzinfo=UTC),
        datetime(2026, 5, 2, 12, tzinfo=UTC),
    ]
    assert [event.ends_at for event in events] == [
        datetime(2026, 3, 7, 16, tzinfo=UTC),
        datetime(2026, 4, 4, 15, tzinfo=UTC),
        datetime(2026, 5, 2, 15, tzinfo=UTC),
    ]
    assert {event.rrule for event in events} == {"FREQ=MONTHLY;BYDAY=1SA;COUNT=3"}
    assert events[0].place == Place(
        name="Halle",
        street="Gasse 1",
        postal_code="3011",
        locality="Bern",
        region="BE",
        country="CH",
        latitude=46.95,
        longitude=7.44,
    )
    assert events[0].organisers == ("https://hub.example/actors/hub",)


def test_a_single_event_with_an_open_end_has_no_end_and_no_rule(draft: Make) -> None:
    made = decode(draft("event", ends=None, repeat=None))
    assert isinstance(made, EventDraft)
    (event,) = details.events(made, ())
    assert (event.ends_at, event.ends_local, event.rrule) == (None, None, None)


def test_an_event_through_the_night_clocks_change_lasts_as_long_on_the_wall(draft: Make) -> None:
    sent = draft("event", starts="2026-03-28T22:00", ends="2026-03-29T05:00", repeat=None)
    made = decode(sent)
    assert isinstance(made, EventDraft)
    (event,) = details.events(made, ())
    assert event.ends_at is not None
    assert (event.ends_at - event.starts_at).total_seconds() == 6 * 3600


def test_a_finding_holds_its_licence_by_address(draft: Make) -> None:
    made = decode(draft("finding"))
    assert isinstance(made, FindingDraft)
    finding = details.finding(made)
    assert finding.license == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert finding.sources == (Link(url="https://doi.org/10.1000/x", name="Doe 2024"),)
    assert finding.finding_kind == "open question"


def test_a_call_holds_instants(draft: Make) -> None:
    made = decode(draft("call"))
    assert isinstance(made, CallDraft)
    call = details.call(made)
    assert call.deadline == datetime(2026, 4, 15, 21, 59, tzinfo=UTC)
    assert call.begins == datetime(2026, 5, 1, 7, tzinfo=UTC)
    assert call.place is not None and call.remote


def test_a_call_without_times_has_none(draft: Make) -> None:
    made = decode(draft("call", zone=None, deadline=None, begins=None, ends=None, place=None))
    assert isinstance(made, CallDraft)
    assert (details.call(made).deadline, details.call(made).place) == (None, None)


def test_a_post_without_a_language_gets_the_one_of_its_author(draft: Make) -> None:
    made = decode(draft("post", language=None))
    assert isinstance(made, PostDraft)
    assert details.post_version(made, "nl", html).language == "nl"
    spoken = decode(draft("post"))
    assert isinstance(spoken, PostDraft)
    assert details.post_version(spoken, "nl", html) == Version(
        language="fr-CA",
        summary="noise",
        content="<p>Hello @bo@other.example #repair</p>",
        source="Hello @bo@other.example #repair",
    )
