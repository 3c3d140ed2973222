"""Tests of federation/build/activities.py: every sentence is what the reference shows, told to the right people."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from federation.build import activities as say
from federation.build.actor import document as actor_document
from federation.build.thing import thing, tombstone
from tests.federation.build.samples import (
    ANA,
    BO,
    CALL,
    HUB,
    NOW,
    PUBLIC,
    URLS,
    a_call,
    a_post,
    an_event,
)

ID = URLS.activity(77)
FOLLOWERS = f"{HUB.uri}/followers"
EVENT = an_event()
CALL_POST = a_call()

OFFER = say.offer(
    "https://other.example/offers/3",
    BO.uri,
    CALL_POST,
    content="<p>I can do two weekends.</p>",
    quantity=1,
    hours=12,
    to=[HUB.uri],
)
FOLLOW = say.follow("https://other.example/f/1", BO.uri, HUB.uri)
JOIN = say.join("https://other.example/joins/1", BO.uri, EVENT.uri, to=[HUB.uri], message="two people")
LIKE = say.like(URLS.activity(3), ANA.uri, EVENT.uri, to=[HUB.uri])

SENTENCES: dict[str, dict[str, Any]] = {
    "create": say.create(ID, HUB.uri, thing(EVENT, URLS)),
    "update": say.update(ID, HUB.uri, thing(EVENT, URLS)),
    "update an actor": say.update(ID, HUB.uri, actor_document(HUB, URLS), to=[PUBLIC], cc=[FOLLOWERS]),
    "delete": say.delete(ID, HUB.uri, tombstone(EVENT.uri, "Event", NOW), to=[PUBLIC], cc=[FOLLOWERS]),
    "delete an actor": say.delete(ID, ANA.uri, ANA.uri, to=[PUBLIC]),
    "follow": FOLLOW,
    "accept a follow": say.accept(ID, HUB.uri, FOLLOW, to=[BO.uri]),
    "accept a join": say.accept(ID, HUB.uri, JOIN, to=[BO.uri]),
    "reject": say.reject(ID, HUB.uri, JOIN, to=[BO.uri]),
    "ignore": say.ignore(ID, HUB.uri, JOIN["id"], to=[BO.uri]),
    "tentative accept": say.tentative_accept(ID, ANA.uri, "https://other.example/e/1", to=[BO.uri]),
    "join": JOIN,
    "leave": say.leave(ID, ANA.uri, "https://other.example/e/1", to=[BO.uri]),
    "like": LIKE,
    "undo a like": say.undo(ID, ANA.uri, LIKE, to=LIKE["to"]),
    "undo an offer": say.undo(ID, BO.uri, OFFER, to=[HUB.uri]),
    "announce": say.announce(ID, HUB.uri, EVENT.uri, published=NOW, to=[PUBLIC], cc=[FOLLOWERS]),
    "block": say.block(ID, ANA.uri, BO.uri),
    "flag": say.flag(ID, URLS.instance_actor, [BO.uri, "https://other.example/n/1"], content="spam", to=[BO.uri]),
    "move": say.move(ID, ANA.uri, "https://other.example/users/ana", to=[f"{ANA.uri}/followers"]),
    "add": say.add(ID, HUB.uri, EVENT.uri, URLS.featured(HUB.uri), to=[PUBLIC], cc=[FOLLOWERS]),
    "remove": say.remove(ID, HUB.uri, EVENT.uri, URLS.featured(HUB.uri), to=[PUBLIC], cc=[FOLLOWERS]),
    "vote": say.vote(ID, ANA.uri, "https://other.example/q/1", "Sat", note_id=f"{ID}#vote", to=[BO.uri]),
    "offer": OFFER,
    "accept an offer": say.accept_offer(ID, HUB.uri, OFFER, url=CALL_POST.url, to=[BO.uri]),
    "reject an offer": say.reject_offer(ID, HUB.uri, OFFER["id"], content="<p>Places are taken.</p>", to=[BO.uri]),
}
PRIVATE = set(SENTENCES) - {
    "create",
    "update",
    "update an actor",
    "delete",
    "delete an actor",
    "announce",
    "add",
    "remove",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_every_sentence_begins_the_same_way_and_has_one_context(name: str) -> None:
    said = SENTENCES[name]
    assert list(said)[:5] == ["@context", "id", "type", "actor", "object"]
    assert json.dumps(said).count('"@context"') == 1
    assert said["@context"][0] == "https://www.w3.org/ns/activitystreams"
    assert isinstance(said["to"], list) and said["to"]
    assert said.get("cc", ["x"]), "an empty cc is left out"


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_what_is_between_two_never_names_the_public(name: str) -> None:
    assert PUBLIC not in json.dumps(SENTENCES[name]).replace('https://www.w3.org/ns/activitystreams"', "")


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_survives_the_wire_unchanged(name: str) -> None:
    assert json.loads(msgspec.json.encode(SENTENCES[name])) == SENTENCES[name]


def test_building_does_not_change_what_is_embedded() -> None:
    made = thing(EVENT, URLS)
    before = json.dumps(made)
    say.undo(ID, HUB.uri, say.create(ID, HUB.uri, made), to=[PUBLIC])
    assert json.dumps(made) == before


def test_create_and_update_are_addressed_and_dated_like_their_thing() -> None:
    for name, key in (("create", "published"), ("update", "updated")):
        said = SENTENCES[name]
        assert (said["to"], said["cc"]) == (said["object"]["to"], said["object"]["cc"]) == ([PUBLIC], [FOLLOWERS])
        assert said["published"] == said["object"][key]
        assert said["@context"] == thing(EVENT, URLS)["@context"]


def test_an_update_of_an_actor_is_told_to_whom_the_caller_says() -> None:
    said = SENTENCES["update an actor"]
    assert (said["to"], said["cc"], said["object"]["id"]) == ([PUBLIC], [FOLLOWERS], HUB.uri)


def test_a_delete_leaves_a_tombstone_and_of_an_actor_its_id() -> None:
    assert SENTENCES["delete"]["object"] == {
        "id": EVENT.uri,
        "type": "Tombstone",
        "formerType": "Event",
        "deleted": "2026-03-01T10:00:00Z",
    }
    assert SENTENCES["delete an actor"]["object"] == ANA.uri


def test_a_follow_is_told_to_the_followed_and_answered_with_itself() -> None:
    assert FOLLOW["to"] == [HUB.uri]
    assert SENTENCES["accept a follow"]["object"] == {
        key: FOLLOW[key] for key in ("id", "type", "actor", "object", "to")
    }


def test_a_join_with_a_message_brings_the_word_for_it() -> None:
    assert JOIN["participationMessage"] == "two people"
    assert "participationMessage" in JOIN["@context"][-1]
    assert "participationMessage" in SENTENCES["accept a join"]["@context"][-1]
    assert "participationMessage" not in say.join(ID, BO.uri, EVENT.uri, to=[HUB.uri])


def test_an_announce_names_an_id_and_a_moment() -> None:
    assert SENTENCES["announce"]["object"] == EVENT.uri
    assert SENTENCES["announce"]["published"] == "2026-03-01T10:00:00Z"


def test_a_report_comes_from_the_instance_and_lists_what_it_is_about() -> None:
    assert SENTENCES["flag"]["actor"] == "https://hub.example/actor"
    assert SENTENCES["flag"]["object"] == [BO.uri, "https://other.example/n/1"]
    assert SENTENCES["flag"]["content"] == "spam"


def test_a_move_is_of_oneself() -> None:
    assert SENTENCES["move"]["object"] == SENTENCES["move"]["actor"] == ANA.uri


def test_a_vote_is_a_note_with_nothing_but_a_name() -> None:
    note = SENTENCES["vote"]["object"]
    assert note == {
        "id": f"{ID}#vote",
        "type": "Note",
        "name": "Sat",
        "attributedTo": ANA.uri,
        "to": [BO.uri],
        "inReplyTo": "https://other.example/q/1",
    }


def test_an_offer_stipulates_a_commitment_that_satisfies_the_intent() -> None:
    assert OFFER["object"] == {
        "type": "Agreement",
        "id": "https://other.example/offers/3#agreement",
        "attributedTo": BO.uri,
        "content": "<p>I can do two weekends.</p>",
        "stipulates": {
            "type": "Commitment",
            "id": "https://other.example/offers/3#c1",
            "satisfies": "https://hub.example/calls/9#primary",
            "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
            "effortQuantity": {"hasUnit": "hour", "hasNumericalValue": "12"},
        },
    }
    assert "stipulates" in OFFER["@context"][-1]


def test_an_offer_to_a_call_of_elsewhere_satisfies_the_intent_it_named() -> None:
    foreign = a_call(replace(CALL, intent_uri="https://other.example/i/1"))
    bare = a_call(replace(CALL, intent_uri=None))
    for call, intent in ((foreign, "https://other.example/i/1"), (bare, "https://hub.example/calls/9#primary")):
        offered = say.offer(ID, ANA.uri, call, content="", to=[BO.uri])["object"]
        assert offered["stipulates"]["satisfies"] == intent
        assert "content" not in offered


def test_an_accepted_offer_has_the_offered_quantities_under_ids_of_the_owner() -> None:
    said = SENTENCES["accept an offer"]
    assert said["object"] == OFFER["id"]
    assert said["result"] == {
        "type": "Agreement",
        "id": f"{ID}#agreement",
        "attributedTo": HUB.uri,
        "url": CALL_POST.url,
        "stipulates": OFFER["object"]["stipulates"] | {"id": f"{ID}#c1"},
    }


def test_an_undone_offer_keeps_the_words_it_needs() -> None:
    assert "stipulates" in SENTENCES["undo an offer"]["@context"][-1]


def test_reasons_and_offers_are_sanitised() -> None:
    assert say.reject_offer(ID, HUB.uri, "x", content="<script>a</script>b", to=[BO.uri])["content"] == "b"
    assert "content" not in say.reject_offer(ID, HUB.uri, "x", content="", to=[BO.uri])
    offered = say.offer(ID, ANA.uri, CALL_POST, content="<b onclick=x>y</b>", to=[BO.uri])
    assert offered["object"]["content"] == "<b>y</b>"


def test_a_quote_is_allowed_by_a_stamp_that_embeds_no_post() -> None:
    stamp = say.quote_authorization("https://hub.example/stamps/1", HUB.uri, "https://other.example/n/1", EVENT.uri)
    assert {key: stamp[key] for key in list(stamp)[1:]} == {
        "id": "https://hub.example/stamps/1",
        "type": "QuoteAuthorization",
        "attributedTo": HUB.uri,
        "interactingObject": "https://other.example/n/1",
        "interactionTarget": EVENT.uri,
    }
    request = {"type": "QuoteRequest", "id": "https://other.example/n/1/quote", "actor": BO.uri, "object": EVENT.uri}
    said = say.accept(ID, HUB.uri, request, to=[BO.uri], result=stamp["id"])
    assert (said["object"], said["result"]) == (request, stamp["id"])


def test_a_group_may_pass_on_a_whole_activity() -> None:
    said = say.announce(ID, HUB.uri, SENTENCES["create"], published=NOW, to=[PUBLIC])
    assert said["object"]["type"] == "Create"
    assert "@context" not in said["object"]


def test_a_boost_is_its_announce() -> None:
    boosted = a_post(actor=BO, audience="public")
    made = thing(a_post("boost", 4, actor=ANA, boost_of=boosted, boost_of_id=boosted.id), URLS)
    assert made["id"] == "https://hub.example/activities/4"
    assert (made["type"], made["object"]) == ("Announce", boosted.uri)
    assert (made["to"], made["cc"]) == ([PUBLIC], [f"{ANA.uri}/followers", BO.uri])
    with pytest.raises(ValueError, match="boosts nothing"):
        thing(a_post("boost", 4), URLS)
