"""`federation/read/call.py`: calls of sister hubs, proposals of others, and malformed ones."""

from typing import Any

import pytest

INTENT = {"type": "Intent", "id": "https://a.example/n/1#primary", "action": "work"}
TWO = {"hasUnit": "one", "hasNumericalValue": "2"}


def test_a_note_with_a_purpose_and_an_intent_is_a_call(thing: Any) -> None:
    own = {
        "title": {"de": "Schreinerei", "en": "Carpenter"},
        "skills": [{"name": "carpentry"}, "planning", 5],
        "remote": True,
    }
    own |= {
        "commitment": "two weekends",
        "state": "filled",
        "contact": "ana",
        "timezone": "Europe/Zurich",
        "placesTaken": 1,
    }
    own |= {"respondBy": ["web", "mailto:x@a.example", "telepathy"]}
    hours = {"hasUnit": "om2:hour", "hasNumericalValue": "20"}
    found = thing(
        purpose="request",
        publishes=INTENT | {"resourceQuantity": TWO, "effortQuantity": hours, "due": "2026-04-15T21:59:59Z"},
        contentMap={"en": "<p>Text</p>", "de": "<p>Deutsch</p>"},
        **{"coop:call": own},
    )
    call = found.call
    assert (found.kind, [one.name for one in found.versions]) == ("call", ["Carpenter", "Schreinerei"])
    assert (call.skills, call.effort, call.effort_hours, call.remote) == (
        ("carpentry", "planning"),
        "two weekends",
        20,
        True,
    )
    assert (call.places, call.places_taken, call.state, call.contact) == (2, 1, "filled", "ana")
    assert (call.zone, call.deadline.day, call.respond_by) == ("Europe/Zurich", 15, ("web", "mail"))
    assert call.intent_uri == "https://a.example/n/1#primary"


@pytest.mark.parametrize("kind", ["Note", "Proposal", ["Note", "Proposal"]])
def test_a_foreign_proposal_is_a_call_too(thing: Any, kind: Any) -> None:
    intent = INTENT | {
        "type": "ValueFlows:Intent",
        "resourceQuantity": TWO,
        "availableQuantity": TWO | {"hasNumericalValue": "0"},
    }
    found = thing(type=kind, name="Bikes", purpose="vf:offer", publishes=intent, endTime="2026-04-15T21:59:59Z")
    assert (found.kind, found.call.purpose, found.versions[0].name) == ("call", "offer", "Bikes")
    assert (found.call.places, found.call.places_taken, found.call.respond_by) == (2, 2, ("reply", "offer"))
    assert found.call.deadline is not None


@pytest.mark.parametrize(
    "keys",
    [
        {"purpose": "sell", "publishes": INTENT},
        {"purpose": "request"},
        {"purpose": "request", "publishes": "https://a.example/n/1#primary"},
        {"purpose": "request", "publishes": {"type": "Commitment"}},
        {"publishes": INTENT},
        {"purpose": ["sell", "request"], "publishes": INTENT},
        {"purpose": "request", "publishes": [INTENT, INTENT]},
    ],
)
def test_a_malformed_call_is_a_post(thing: Any, keys: dict[str, Any]) -> None:
    found = thing(**keys)
    assert (found.kind, found.call) == ("post", None)


@pytest.mark.parametrize("number", ["-1", "1e9", "9" * 30, "²", "", None, "two", "1.5"])
def test_quantities_that_cannot_be_are_not_said(thing: Any, number: Any) -> None:
    quantity = {"hasUnit": "one", "hasNumericalValue": number}
    assert thing(purpose="request", publishes=INTENT | {"resourceQuantity": quantity}).call.places is None


def test_an_intent_of_another_origin_is_not_answered(thing: Any) -> None:
    assert thing(purpose="request", publishes=INTENT | {"id": "https://evil.example/#primary"}).call.intent_uri is None


@pytest.mark.parametrize("own", ["x", 5, [], {"title": "x", "skills": "y", "state": 5, "respondBy": {}, "places": -1}])
def test_malformed_own_terms_leave_the_rest(thing: Any, own: Any) -> None:
    call = thing(purpose="request", publishes=INTENT, **{"coop:call": own}).call
    assert (call.state, call.skills, call.places, call.respond_by) == ("open", (), None, ("reply", "offer"))
