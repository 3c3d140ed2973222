"""Tests of federation/build/note.py: posts, polls, and the poll that asks who comes."""

import pytest
from msgspec.structs import replace

from federation.build.note import document, rsvp_options, rsvp_text
from schemas.things import Version
from tests.federation.build.samples import ANA, BO, HUB, LATER, PUBLIC, URLS, a_poll, a_post, an_event

HELLO = Version(language="fr", summary="bruit", content="<p>Salut</p>", source="Salut")


def test_a_note_has_a_text_a_warning_and_no_title() -> None:
    made = document(a_post(versions=[HELLO], sensitive=True, tags=["salut"], mentions=[BO]), URLS)
    assert (made["type"], made["content"], made["contentMap"]) == ("Note", "<p>Salut</p>", {"fr": "<p>Salut</p>"})
    assert (made["summary"], made["sensitive"]) == ("bruit", True)
    assert "name" not in made
    assert made["source"] == {"content": "Salut", "mediaType": "text/markdown"}
    assert [one["name"] for one in made["tag"]] == ["#salut", "@bo@other.example"]


def test_a_note_without_a_warning_or_a_known_language_says_neither() -> None:
    made = document(a_post(versions=[Version(language="und", content="<p>x</p>")]), URLS)
    assert made["summary"] is None
    assert "contentMap" not in made


def test_a_note_without_any_version_is_empty_and_not_an_error() -> None:
    assert document(a_post(versions=[]), URLS)["content"] == ""


def test_an_answer_names_what_it_answers_and_its_thread() -> None:
    made = document(a_post(in_reply_to="https://other.example/n/1", context="https://other.example/c/1"), URLS)
    assert (made["inReplyTo"], made["context"]) == ("https://other.example/n/1", "https://other.example/c/1")
    assert made["replies"] == "https://hub.example/posts/17/replies"


@pytest.mark.parametrize(
    ("audience", "to", "cc"),
    [
        ("public", [PUBLIC], [f"{ANA.uri}/followers", BO.uri]),
        ("unlisted", [f"{ANA.uri}/followers"], [PUBLIC, BO.uri]),
        ("followers", [f"{ANA.uri}/followers"], [BO.uri]),
        ("direct", [BO.uri], []),
    ],
)
def test_a_note_is_addressed_to_whom_it_is_for(audience: str, to: list[str], cc: list[str]) -> None:
    made = document(a_post(actor=ANA, audience=audience, mentions=[BO]), URLS)
    assert (made["to"], made["cc"]) == (to, cc)


def test_an_actor_whose_followers_are_not_stored_has_them_at_the_usual_address() -> None:
    made = document(a_post(actor=replace(ANA, followers=None)), URLS)
    assert made["cc"] == [f"{ANA.uri}/followers"]


def test_a_poll_has_options_with_their_votes() -> None:
    made = document(a_poll(), URLS)
    assert made["type"] == "Question"
    assert made["oneOf"][0] == {"type": "Note", "name": "Sat", "replies": {"type": "Collection", "totalItems": 2}}
    assert (made["votersCount"], made["endTime"]) == (3, "2026-03-02T10:00:00Z")
    assert not {"anyOf", "closed"} & set(made)


def test_a_closed_poll_of_many_choices_says_both() -> None:
    poll = a_poll().poll
    assert poll is not None
    made = document(a_poll(poll=replace(poll, multiple=True, closed=True)), URLS)
    assert len(made["anyOf"]) == 2
    assert made["closed"] == "2026-03-02T10:00:00Z"


def test_an_open_ended_poll_has_no_end() -> None:
    poll = a_poll().poll
    assert poll is not None
    assert "endTime" not in document(a_poll(poll=replace(poll, ends_at=None, closed=True)), URLS)


def test_the_poll_of_an_event_answers_it_unlisted_and_bears_our_marker() -> None:
    event = an_event()
    made = document(a_poll(rsvp_for_id=event.id, in_reply_to=event.uri, audience="unlisted"), URLS)
    assert made["inReplyTo"] == made["coop:rsvpFor"] == event.uri
    assert (made["to"], made["cc"]) == ([f"{HUB.uri}/followers"], [PUBLIC])


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_poll_of_an_event_says_who_sees_the_answers_and_offers_three(language: str) -> None:
    assert "?" in rsvp_text(language)
    names = [option.name for option in rsvp_options(language)]
    assert len(set(names)) == 3


def test_an_edit_is_dated() -> None:
    made = document(a_post(updated_at=LATER), URLS)
    assert (made["published"], made["updated"]) == ("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z")
