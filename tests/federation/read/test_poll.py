"""`federation/read/poll.py`: polls and votes."""

from typing import Any

import pytest

from schemas.limits import READ_OPTIONS

PARENT = "https://m.example/statuses/9"


def option(name: Any, votes: Any = 0) -> dict[str, Any]:
    """An option as Mastodon writes it."""
    return {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}


def test_a_question_has_a_poll(thing: Any) -> None:
    poll = thing(
        type="Question", oneOf=[option("Sat", 2), option("Sun", 1)], votersCount=3, endTime="2026-03-03T10:00:00Z"
    ).poll
    assert [(one.name, one.votes) for one in poll.options] == [("Sat", 2), ("Sun", 1)]
    assert (poll.multiple, poll.voters, poll.closed, poll.ends_at.day) == (False, 3, False, 3)


def test_a_question_may_take_several_answers_and_be_closed(thing: Any) -> None:
    poll = thing(type="Question", anyOf=option("Sat"), closed="2026-03-03T10:00:00Z").poll
    assert (poll.multiple, poll.closed, poll.ends_at.day) == (True, True, 3)
    assert thing(type="Question", anyOf=option("Sat"), closed=False).poll.closed is False


@pytest.mark.parametrize("options", [None, [], "x", [option("")], [option(None)], [5]])
def test_a_question_without_options_is_a_post(thing: Any, options: Any) -> None:
    found = thing(type="Question", oneOf=options)
    assert (found.kind, found.poll) == ("post", None)


def test_case_95_negative_totals_and_equal_or_countless_options_do_not_count(thing: Any) -> None:
    poll = thing(
        type="Question", oneOf=[option("Sat", -5), option("Sat", 9), option("<b>Sun</b>", "many")], votersCount=-1
    ).poll
    assert [(one.name, one.votes) for one in poll.options] == [("Sat", 0), ("Sun", 0)]
    assert poll.voters is None
    assert len(thing(type="Question", oneOf=[option(f"{n}") for n in range(900)]).poll.options) == READ_OPTIONS


def test_a_note_with_nothing_but_a_name_is_a_vote(thing: Any) -> None:
    found = thing(id="https://a.example/u/ana#votes/7", name="Sat", content=None, inReplyTo=PARENT)
    assert (found.vote, found.in_reply_to, found.kind) == ("Sat", PARENT, "post")


@pytest.mark.parametrize(
    "keys",
    [
        {"content": "<p>x</p>"},
        {"inReplyTo": None},
        {"name": ""},
        {"name": None},
        {"type": "Article"},
        {"contentMap": {"de": "x"}},
        {"attachment": [{"type": "Image", "url": "https://a.example/i.png"}]},
    ],
)
def test_anything_more_or_less_is_no_vote(thing: Any, keys: dict[str, Any]) -> None:
    assert thing(**({"name": "Sat", "content": None, "inReplyTo": PARENT} | keys)).vote is None


def test_the_poll_of_an_event_names_it(thing: Any) -> None:
    marked = {"coop:rsvpFor": "https://a.example/e/1"}
    assert thing(type="Question", oneOf=[option("x")], **marked).rsvp_for == "https://a.example/e/1"
    assert thing(**marked).rsvp_for is None
