"""Newer words of the owner replace older ones; nobody else's do."""

from __future__ import annotations

from typing import Any

import pytest

from node.remote import learn_actor
from node.store.events import rsvps
from node.store.people import actors, blocks
from node.store.posts import posts
from tests.factories import a_post, a_remote_actor
from tests.node.inbox.conftest import Hub, a_note, an_event
from tests.peer import Peer

TAKEN = ("accepted", None)
LATER = "2026-10-05T10:00:00Z"


async def text_of(hub: Hub, uri: str) -> str:
    found = await posts.find_by_uri(hub.db, uri)
    return found.version().content if found else ""


async def test_newer_words_stay_whatever_comes_late(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    note = a_note(bo)
    newer, older = note | {"content": "<p>2</p>", "updated": LATER}, note | {"content": "<p>1</p>"}
    assert await hub.says(bo, "Create", note) == TAKEN
    for said in (newer, older | {"updated": "2026-10-03T10:00:00Z"}, newer):
        assert await hub.says(bo, "Update", said) == TAKEN
        assert await text_of(hub, note["id"]) == "<p>2</p>"
    assert await hub.db.fetchval("SELECT count(*) FROM edits") == 1


async def test_an_update_of_what_was_never_seen_is_a_create(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    note = a_note(bo, updated=LATER)
    assert await hub.says(bo, "Update", note) == ("ignored", "nobody here follows its author")
    await hub.follow(bo)
    assert await hub.says(bo, "Update", note) == TAKEN
    assert await text_of(hub, note["id"]) == "<p>Hello</p>"


async def test_case_88_nobody_updates_what_is_not_theirs(hub: Hub, peer: Peer) -> None:
    author = await learn_actor(hub.node, peer.actor_id)
    eve, neighbour = await a_remote_actor(hub.db), await a_remote_actor(hub.db, "eve", host=peer.base_url)
    ours = await a_post(hub.db, hub.actor, text="Ours")
    assert author is not None
    for one in (author, eve, neighbour):
        await hub.follow(one)
    note = a_note(author, id=peer.url("/notes/1"))
    peer.serve("/notes/1", note)
    assert await hub.says(author, "Create", note) == TAKEN
    forged: dict[str, Any] = note | {"content": "<p>forged</p>", "updated": LATER}
    for one in (eve, neighbour):
        await hub.says(one, "Update", forged)
        await hub.says(one, "Update", forged | {"attributedTo": one.uri})
        await hub.says(one, "Update", forged | {"attributedTo": [author.uri, one.uri]})
        inner = {"id": f"{author.uri}/u", "type": "Update", "actor": author.uri, "object": forged}
        await hub.says(one, "Announce", inner)
        about_ours = {"id": ours.uri, "type": "Note", "attributedTo": hub.actor.uri, "content": "<p>forged</p>"}
        assert await hub.says(one, "Update", about_ours) == ("refused", "only the owner updates it")
    assert await text_of(hub, note["id"]) == "<p>Hello</p>"
    assert await text_of(hub, ours.uri) == "<p>Ours</p>"


async def test_case_13_nobody_updates_another_actor(hub: Hub, peer: Peer) -> None:
    alice = await learn_actor(hub.node, peer.actor_id)
    assert alice is not None
    bob = await a_remote_actor(hub.db, "bob", host=peer.base_url)
    forged = peer.actor | {"name": "Forged"}
    assert await hub.says(bob, "Update", forged) == ("refused", "only an actor updates itself")
    assert await hub.says(bob, "Update", alice.uri) == ("refused", "only an actor updates itself")
    assert len(peer.requests(f"/users/{peer.name}")) == 1


async def test_an_actor_that_updates_itself_is_looked_at_again(hub: Hub, peer: Peer) -> None:
    alice = await learn_actor(hub.node, peer.actor_id)
    assert alice is not None
    peer.actor["name"] = "Renamed"
    assert await hub.says(alice, "Update", peer.actor | {"name": "As sent"}) == TAKEN
    assert (await actors.get(hub.db, alice.id)).display_name == "Renamed"


async def test_votes_and_attendance_change_without_a_new_date(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    options = [{"type": "Note", "name": "Sat", "replies": {"type": "Collection", "totalItems": 0}}]
    question = a_note(bo, type="Question", oneOf=options, endTime="2027-01-01T00:00:00Z")
    event = an_event(bo, participantCount=1)
    assert await hub.says(bo, "Create", question) == TAKEN
    assert await hub.says(bo, "Create", event) == TAKEN
    voted = [options[0] | {"replies": {"type": "Collection", "totalItems": 4}}]
    assert await hub.says(bo, "Update", question | {"oneOf": voted, "votersCount": 4}) == TAKEN
    assert await hub.says(bo, "Update", event | {"participantCount": 7}) == TAKEN
    found, meeting = [await posts.find_by_uri(hub.db, one["id"]) for one in (question, event)]
    assert found is not None and found.poll is not None and found.poll.options[0].votes == 4
    assert meeting is not None and meeting.event is not None and meeting.event.going == 7


@pytest.mark.parametrize(
    ("change", "told"),
    [({"startTime": "2027-06-01T18:00:00Z"}, 1), ({"status": "CANCELLED"}, 1), ({"content": "<p>Bring cake</p>"}, 0)],
)
async def test_who_comes_hears_of_a_new_plan(hub: Hub, change: dict[str, Any], told: int) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    event = an_event(bo)
    assert await hub.says(bo, "Create", event) == TAKEN
    found = await posts.find_by_uri(hub.db, event["id"])
    assert found is not None
    await rsvps.put(hub.db, found.id, hub.member.id, "going", "button")
    assert await hub.says(bo, "Update", event | change | {"updated": LATER}) == TAKEN
    assert await hub.notices() == ["update"] * told


async def test_case_102_a_block_stays_silent_and_ends_follows(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    await hub.followed_by(bo, hub.member)
    for _ in range(2):
        assert await hub.says(bo, "Block", hub.member.uri) == TAKEN
    assert await blocks.exists(hub.db, bo.id, hub.member.id)
    assert await hub.db.fetchval("SELECT count(*) FROM follows") == 0
    assert await hub.notices() == []
    assert await hub.db.fetchval("SELECT count(*) FROM activities") == 0
