"""What is taken back elsewhere goes here too: at its owner's word, or if its own server has it no more."""

from __future__ import annotations

from typing import Any

import pytest

from node.jobs.backfill import confirm_gone
from node.jobs.rechecking import recheck
from node.remote import learn_actor
from node.store.calls import answers
from node.store.events import rsvps
from node.store.people import actors, follows
from node.store.posts import posts
from schemas.records import Post
from schemas.things import CallDetail
from tests.factories import a_post, a_remote_actor, a_remote_object, an_event_detail
from tests.node.inbox.conftest import Hub, a_note
from tests.peer import Peer

TAKEN = ("accepted", None)
NOT_THE_OWNER = ("refused", "only the owner deletes it")


async def a_kept_note(hub: Hub, peer: Peer) -> Post:
    """A note of the peer's actor that is here and at its origin."""
    author = await learn_actor(hub.node, peer.actor_id)
    assert author is not None
    note = a_note(author, id=peer.url("/notes/1"))
    peer.serve("/notes/1", note)
    await hub.follow(author)
    assert await hub.says(author, "Create", note) == TAKEN
    found = await posts.find_by_uri(hub.db, note["id"])
    assert found is not None
    return found


@pytest.mark.parametrize("shape", ["id", "Tombstone", "Note", "of its server"])
async def test_case_87_only_the_owner_deletes_what_its_origin_still_shows(hub: Hub, peer: Peer, shape: str) -> None:
    note = await a_kept_note(hub, peer)
    host = peer.base_url if shape == "of its server" else "https://evil.example"
    eve = await a_remote_actor(hub.db, "eve", host=host)
    about: Any = (
        {"id": note.uri, "type": shape, "attributedTo": eve.uri} if shape in ("Tombstone", "Note") else note.uri
    )
    assert await hub.says(eve, "Delete", about) == NOT_THE_OWNER
    assert await posts.find_by_uri(hub.db, note.uri) is not None
    ours = await a_post(hub.db, hub.actor)
    assert await hub.says(eve, "Delete", ours.uri) == NOT_THE_OWNER
    assert await hub.says(eve, "Delete", "https://good.example/notes/1") == NOT_THE_OWNER


@pytest.mark.parametrize("status", [410, 200])
async def test_what_is_gone_at_its_origin_goes_whoever_says_so(hub: Hub, peer: Peer, status: int) -> None:
    note = await a_kept_note(hub, peer)
    moderator = await a_remote_actor(hub.db, host="https://mods.example")
    peer.serve("/notes/1", {"id": note.uri, "type": "Tombstone"}, status=status)
    assert await hub.says(moderator, "Delete", note.uri) == TAKEN
    assert await posts.find_by_uri(hub.db, note.uri) is None


async def test_an_actor_is_gone_when_its_address_says_so(hub: Hub, peer: Peer) -> None:
    note = await a_kept_note(hub, peer)
    author, waiting = note.actor, await a_remote_actor(hub.db)
    event = await a_post(hub.db, hub.actor, kind="event", event=an_event_detail(capacity=1))
    assert await hub.says(author, "Join", event.uri, id=f"{author.uri}/joins/1") == TAKEN
    assert await hub.says(waiting, "Join", event.uri) == TAKEN
    assert await hub.says(author, "Delete", author.uri) == TAKEN
    await confirm_gone(hub.node, author.uri)
    assert await posts.find_by_uri(hub.db, note.uri) is not None  # it answers still
    peer.serve(f"/users/{peer.name}", b"", status=410)
    await confirm_gone(hub.node, author.uri)
    assert await posts.find_by_uri(hub.db, note.uri) is None
    assert (await actors.get(hub.db, author.id)).deleted_at is not None
    assert not await follows.is_followed_here(hub.db, author.id)
    assert await rsvps.counts(hub.db, event.id) == {"declined": 1, "going": 1}


async def test_recheck_renews_deletes_and_keeps_only_what_somebody_wants(hub: Hub, peer: Peer) -> None:
    note = await a_kept_note(hub, peer)
    later = a_note(note.actor, id=note.uri, content="<p>Later</p>", updated="2026-10-05T10:00:00Z")
    peer.serve("/notes/1", later)
    await recheck(hub.node, note.uri)
    assert (await posts.get(hub.db, note.id, None)).version().content == "<p>Later</p>"
    stranger = peer.actor | {"id": peer.url("/users/cy"), "preferredUsername": "cy", "publicKey": None}
    peer.serve("/users/cy", stranger)
    unwanted = {"id": peer.url("/notes/2"), "attributedTo": peer.url("/users/cy")}
    peer.serve("/notes/2", a_note(note.actor, **unwanted))
    await recheck(hub.node, peer.url("/notes/2"))
    assert await posts.find_by_uri(hub.db, peer.url("/notes/2")) is None
    event = await a_post(hub.db, hub.actor, kind="event")
    peer.serve("/notes/3", a_note(note.actor, id=peer.url("/notes/3"), inReplyTo=event.uri, content="<p>yes</p>"))
    await recheck(hub.node, peer.url("/notes/3"))
    assert await rsvps.counts(hub.db, event.id) == {"going": 1}
    peer.serve("/notes/1", b"", status=404)
    await recheck(hub.node, note.uri)
    assert await posts.find_by_uri(hub.db, note.uri) is None


async def test_who_deletes_an_agreement_takes_back_or_ends_the_answer(hub: Hub) -> None:
    bo, caller = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    ours = await a_post(hub.db, hub.actor, kind="call", call=CallDetail(places=1))
    given = await answers.insert(hub.db, ours.id, bo.id, "offer", content="", offer_uri=f"{bo.uri}/offers/1")
    theirs = await posts.upsert_remote(hub.db, a_remote_object(caller, kind="call"), caller)
    assert given is not None and theirs is not None
    await answers.decide(hub.db, given.id, "accepted", agreement_uri=f"{hub.node.urls.base_url}/activities/5#agreement")
    mine = await answers.insert(hub.db, theirs.id, hub.member.id, "web", content="", offer_uri="https://hub.test/a/1")
    assert mine is not None
    await answers.decide(hub.db, mine.id, "accepted", agreement_uri=f"{caller.uri}/agreements/1")
    assert await hub.says(caller, "Delete", f"{bo.uri}/offers/1#agreement") == ("refused", "only the parties end it")
    assert await hub.says(bo, "Delete", f"{hub.node.urls.base_url}/activities/5#agreement") == TAKEN
    assert await hub.says(caller, "Delete", f"{caller.uri}/agreements/1") == TAKEN
    assert [one.state for one in await answers.list_of(hub.db, ours.id)] == ["withdrawn"]
    assert [one.state for one in await answers.list_of(hub.db, theirs.id)] == ["rejected"]
    assert (await posts.get(hub.db, ours.id, None)).call.places_taken == 0  # type: ignore[union-attr]
