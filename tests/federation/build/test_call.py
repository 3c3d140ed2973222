"""Tests of federation/build/call.py: a Note that people can answer and an Intent that hubs can satisfy (3.2)."""

import pytest
from msgspec.structs import replace

from federation import sanitise
from federation.build.call import document
from schemas.things import CallDetail, Version
from tests.federation.build.samples import CALL, URLS, a_call, a_post, in_languages

MADE = document(a_call(versions=in_languages("en", "de")), URLS)
REL = 'rel="nofollow noopener noreferrer"'


def test_it_is_a_note_without_title_and_without_warning() -> None:
    assert MADE["type"] == "Note"
    assert not {"name", "nameMap", "summary", "summaryMap"} & set(MADE)


def test_its_text_says_everything_one_needs_to_answer() -> None:
    assert MADE["content"] == (
        "<p><strong>Call: Repair café</strong></p>"
        "<p>Bring it.</p>"
        "<ul><li>Skills: carpentry, planning</li><li>Effort: two weekends in May, 20 hours</li>"
        "<li>Place: Halle, Gasse 1, 3011 Bern</li>"
        "<li>When: Fri, 1 May 2026, 09:00 (Europe/Zurich) – Sun, 31 May 2026, 18:00 (Europe/Zurich)</li>"
        "<li>People needed: 1</li><li>Answer until: Wed, 15 Apr 2026, 23:59 (Europe/Zurich)</li>"
        "<li>How to answer: reply here, use the link, write to calls@hub.example</li></ul>"
        f'<p><a href="https://hub.example/calls/9" {REL}>hub.example/calls/9</a></p>'
        f'<p><a href="https://hub.example/tags/coopcall" class="mention hashtag" {REL}>#<span>CoopCall</span></a></p>'
    )
    assert MADE["content"] == sanitise.html(MADE["content"])


def test_each_language_has_its_own_text() -> None:
    assert list(MADE["contentMap"]) == ["en", "de"]
    assert MADE["contentMap"]["de"].startswith("<p><strong>Aufruf: Repair-Café</strong></p>")


def test_an_offer_is_called_one() -> None:
    made = document(a_call(replace(CALL, purpose="offer"), versions=in_languages("fr")), URLS)
    assert made["content"].startswith("<p><strong>Offre : ")
    assert made["purpose"] == "offer"


@pytest.mark.parametrize(
    ("state", "first"), [("closed", "Closed: "), ("filled", "Filled: "), ("withdrawn", "Withdrawn: ")]
)
def test_a_call_that_is_over_says_so_first_and_has_nothing_available(state: str, first: str) -> None:
    made = document(a_call(replace(CALL, state=state), versions=in_languages("en")), URLS)
    assert made["content"].startswith(f"<p><strong>{first}Call: ")
    assert made["publishes"]["availableQuantity"] == {"hasUnit": "one", "hasNumericalValue": "0"}
    assert made["coop:call"]["state"] == state


def test_the_intent_counts_people_and_hours_as_strings() -> None:
    assert MADE["publishes"] == {
        "type": "Intent",
        "id": "https://hub.example/calls/9#primary",
        "action": "work",
        "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "2"},
        "availableQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
        "effortQuantity": {"hasUnit": "hour", "hasNumericalValue": "20"},
        "hasBeginning": "2026-05-01T07:00:00Z",
        "hasEnd": "2026-05-31T16:00:00Z",
        "due": "2026-04-15T21:59:00Z",
    }
    assert MADE["endTime"] == "2026-04-15T21:59:00Z"


def test_a_call_for_any_number_names_none() -> None:
    intent = document(a_call(CallDetail(remote=True)), URLS)["publishes"]
    assert intent["resourceQuantity"] == intent["availableQuantity"] == {"hasUnit": "one"}
    assert intent["id"] == "https://hub.example/calls/9#primary"


def test_our_own_key_holds_the_facts() -> None:
    assert MADE["coop:call"] == {
        "title": {"en": "Repair café", "de": "Repair-Café"},
        "skills": [{"name": "carpentry"}, {"name": "planning"}],
        "commitment": "two weekends in May",
        "onSite": True,
        "remote": False,
        "topics": ["housing"],
        "state": "open",
        "respondBy": ["reply", "offer", "web", "mailto:calls@hub.example"],
        "contact": "calls@hub.example",
        "timezone": "Europe/Zurich",
        "placesTaken": 1,
        "places": 2,
    }


def test_peers_recognise_it_as_a_call() -> None:
    assert MADE["type"] == "Note"
    assert MADE["publishes"]["type"] == "Intent"
    assert MADE["purpose"] in ("request", "offer")


def test_without_a_text_the_summary_stands_in() -> None:
    made = document(a_call(versions=[Version(language="en", name="x", summary="Come & help")]), URLS)
    assert "<p>Come &amp; help</p>" in made["content"]


def test_what_people_typed_into_facts_is_never_markup() -> None:
    evil = "<script>x</script>"
    detail = CallDetail(remote=True, skills=(evil,), effort=evil, respond_by=("reply",), contact=evil)
    content = document(a_call(detail, versions=[Version(language="en", name=evil)]), URLS)["content"]
    assert "<script" not in content
    assert content.count("&lt;script&gt;") == 4


def test_a_post_that_is_no_call_is_refused() -> None:
    with pytest.raises(ValueError, match="no call"):
        document(a_post(), URLS)
