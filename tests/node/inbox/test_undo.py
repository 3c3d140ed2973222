"""Whoever did something takes it back, by its id or by repeating it; nobody else does."""

from __future__ import annotations

from typing import Any

import pytest

from node.store.calls import answers
from node.store.events import rsvps
from node.store.people import blocks
from node.store.posts import posts
from schemas.records import Actor
from schemas.things import CallDetail
from tests.factories import a_post, a_remote_actor, an_event_detail
from tests.node.inbox.conftest import Hub, an_activity

TAKEN = ("accepted", None)
NOTHING = ("ignored", "nothing to undo")
DEEDS = ("Follow", "Like", "EmojiReact", "Announce", "Block", "Join", "TentativeJoin", "Accept", "TentativeAccept")


async def about(hub: Hub) -> dict[str, str]:
    """What can be done something to: an actor, a post, an event."""
    post, event = await a_post(hub.db, hub.member), await a_post(hub.db, hub.member, kind="event")
    return {"Follow": hub.member.uri, "Block": hub.actor.uri, "Like": post.uri, "EmojiReact": post.uri} | {
        "Announce": post.uri, "Join": event.uri, "TentativeJoin": event.uri, "Accept": event.uri,
        "TentativeAccept": event.uri,
    }  # fmt: skip


def a_deed(bo: Actor, verb: str, uri: str) -> dict[str, Any]:
    return an_activity(bo, verb, uri, **({"content": "🌱"} if verb == "EmojiReact" else {}))


async def effects(hub: Hub) -> dict[str, int]:
    """How many of each stand."""
    asked = {
        "follows": "SELECT count(*) FROM follows",
        "blocks": "SELECT count(*) FROM blocks",
        "reactions": "SELECT count(*) FROM reactions",
        "likes": "SELECT sum(likes_count) FROM posts",
        "boosts": "SELECT count(*) FROM posts WHERE kind = 'boost' AND deleted_at IS NULL",
        "coming": "SELECT count(*) FROM rsvps WHERE state <> 'declined'",
    }
    return {name: int(await hub.db.fetchval(statement) or 0) for name, statement in asked.items()}


@pytest.mark.parametrize("how", ["id", "embedded", "without id"])
async def test_it_is_taken_back_by_who_did_it(hub: Hub, how: str) -> None:
    bo, uris = await a_remote_actor(hub.db), await about(hub)
    for verb in DEEDS:
        before = await effects(hub)
        deed = a_deed(bo, verb, uris[verb])
        assert await hub.hear(deed) == TAKEN, verb
        assert await effects(hub) != before, verb
        embedded = {key: value for key, value in deed.items() if key != "id" or how == "embedded"}
        undo = an_activity(bo, "Undo", deed["id"] if how == "id" else embedded)
        assert await hub.hear(undo) == TAKEN, verb
        assert await effects(hub) == before, verb


async def test_case_89_nobody_undoes_what_another_did(hub: Hub) -> None:
    bo, uris = await a_remote_actor(hub.db), await about(hub)
    neighbour, eve = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host="https://evil.example")
    deeds = [a_deed(bo, verb, uris[verb]) for verb in DEEDS if verb != "Block"]
    for deed in deeds:
        assert await hub.hear(deed) == TAKEN
    before = await effects(hub)
    for deed in deeds:
        for one in (neighbour, eve):
            for what in (deed["id"], deed, deed | {"actor": one.uri}, {"type": deed["type"], "object": deed["object"]}):
                await hub.says(one, "Undo", what)
                assert await effects(hub) == before, deed["type"]


async def test_case_33_what_was_undone_before_it_came_has_no_effect(hub: Hub) -> None:
    bo, uris = await a_remote_actor(hub.db), await about(hub)
    before = await effects(hub)
    for verb in DEEDS:
        deed = a_deed(bo, verb, uris[verb])
        assert await hub.says(bo, "Undo", deed["id"]) == NOTHING
        assert await hub.hear(deed) == ("ignored", "undone before it came"), verb
    assert await effects(hub) == before


async def test_an_undone_boost_can_be_made_again(hub: Hub) -> None:
    bo, uris = await a_remote_actor(hub.db), await about(hub)
    first = a_deed(bo, "Announce", uris["Announce"])
    assert await hub.hear(first) == TAKEN
    assert await hub.says(bo, "Undo", first) == TAKEN
    assert await hub.hear(a_deed(bo, "Announce", uris["Announce"])) == TAKEN
    assert (await effects(hub))["boosts"] == 1
    assert await hub.hear(first) == TAKEN  # known: another one stands
    assert (await effects(hub))["boosts"] == 1


async def test_a_seat_that_is_given_back_goes_to_who_waits(hub: Hub) -> None:
    bo, cy = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    event = await a_post(hub.db, hub.actor, kind="event", event=an_event_detail(capacity=1))
    join = an_activity(bo, "Join", event.uri)
    assert await hub.hear(join) == TAKEN
    assert await hub.says(cy, "Join", event.uri) == TAKEN
    assert await hub.says(bo, "Undo", join["id"]) == TAKEN
    found = await rsvps.find(hub.db, event.id, cy.id)
    assert found is not None and found.state == "going"


async def test_an_offer_is_taken_back_and_its_place_is_free_again(hub: Hub) -> None:
    bo, eve = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    call = await a_post(hub.db, hub.actor, kind="call", call=CallDetail(places=1))
    given = await answers.insert(hub.db, call.id, bo.id, "offer", content="", offer_uri=f"{bo.uri}/offers/1")
    assert given is not None
    await answers.decide(hub.db, given.id, "accepted")
    assert await hub.says(eve, "Undo", f"{bo.uri}/offers/1") == NOTHING
    assert await hub.says(bo, "Undo", f"{bo.uri}/offers/1") == TAKEN
    assert await hub.says(bo, "Undo", f"{bo.uri}/offers/1") == NOTHING
    assert (await posts.get(hub.db, call.id, None)).call.places_taken == 0  # type: ignore[union-attr]


async def test_a_block_of_ours_is_not_lifted_from_outside(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await blocks.insert(hub.db, hub.actor.id, bo.id, f"{hub.node.urls.base_url}/activities/1")
    block = {"id": f"{hub.node.urls.base_url}/activities/1", "type": "Block", "actor": hub.actor.uri, "object": bo.uri}
    for what in (block["id"], block, block | {"actor": bo.uri}):
        await hub.says(bo, "Undo", what)
    assert await blocks.exists(hub.db, hub.actor.id, bo.id)
