"""Boosts and what groups and hubs pass on: the thing comes from its own server, once, and nothing private with it."""

from __future__ import annotations

from typing import Any

import pytest

from node.actions import hubs
from node.jobs.rechecking import recheck
from node.remote import learn_actor
from node.store.people import blocks
from node.store.posts import posts
from node.store.servers import known_hubs
from schemas.limits import HUBS_SUGGESTED_PER_DAY
from schemas.records import Actor
from tests.factories import a_post, a_remote_actor
from tests.node.inbox.conftest import PUBLIC, Hub, a_note, an_activity, an_event
from tests.peer import Peer

TAKEN = ("accepted", None)


async def boosts(hub: Hub) -> list[tuple[int, str, str]]:
    rows = await hub.db.fetch(
        "SELECT b.actor_id, b.audience, p.uri FROM posts b JOIN posts p ON p.id = b.boost_of_id ORDER BY b.id"
    )
    return [(row["actor_id"], row["audience"], row["uri"]) for row in rows]


async def a_group(hub: Hub, peer: Peer, **fields: Any) -> Actor:
    """A group on the peer, followed here."""
    uri = peer.url("/@coop")
    usual = {"id": uri, "type": "Group", "preferredUsername": "coop", "publicKey": None, "inbox": uri}
    peer.serve("/@coop", peer.actor | usual | fields)
    group = await learn_actor(hub.node, uri)
    assert group is not None
    await hub.follow(group)
    return group


async def test_a_boost_of_ours_is_kept_once_and_told(hub: Hub) -> None:
    bo, mine = await a_remote_actor(hub.db), await a_post(hub.db, hub.member)
    for _ in range(2):
        assert await hub.says(bo, "Announce", mine.uri) == TAKEN
    assert await boosts(hub) == [(bo.id, "public", mine.uri)]
    assert (await posts.get(hub.db, mine.id, None)).boosts_count == 1
    assert await hub.notices() == ["boost"]


async def test_case_92_what_is_not_public_is_not_boosted(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.followed_by(bo, hub.member)
    inside, followers = [await a_post(hub.db, hub.member, audience=audience) for audience in ("hub", "followers")]
    blocked = await a_post(hub.db, hub.actor)
    await blocks.insert(hub.db, hub.actor.id, bo.id, None)
    assert await hub.says(bo, "Announce", inside.uri) == ("ignored", "not here")
    assert await hub.says(bo, "Announce", followers.uri) == ("ignored", "not public")
    assert await hub.says(bo, "Announce", blocked.uri) == ("ignored", "not here")
    assert await hub.says(bo, "Announce", f"{hub.node.urls.base_url}/posts/1") == ("ignored", "not here")
    assert await boosts(hub) == []


async def test_a_boost_by_nobody_we_follow_fetches_nothing(hub: Hub, peer: Peer) -> None:
    bo = await a_remote_actor(hub.db)
    uri = peer.serve("/notes/1", {"id": peer.url("/notes/1")})
    assert await hub.says(bo, "Announce", uri) == ("ignored", "nobody here follows it")
    assert peer.received == []


async def test_case_92_a_boosted_thing_comes_from_its_origin_whatever_is_embedded(hub: Hub, peer: Peer) -> None:
    bo, author = await a_remote_actor(hub.db), await learn_actor(hub.node, peer.actor_id)
    assert author is not None
    await hub.follow(bo)
    real = a_note(author, id=peer.url("/notes/1"), content="<p>real</p>")
    private = a_note(author, id=peer.url("/notes/2"), to=[author.uri])
    for number, one in enumerate((real, private), start=1):
        peer.serve(f"/notes/{number}", one)
    assert await hub.says(bo, "Announce", real | {"content": "<p>forged</p>"}) == TAKEN
    found = await posts.find_by_uri(hub.db, real["id"])
    assert found is not None and found.version().content == "<p>real</p>"
    assert (await hub.says(bo, "Announce", private["id"]))[0] == "ignored"
    assert await boosts(hub) == [(bo.id, "public", real["id"])]


@pytest.mark.parametrize(
    ("to", "seen"),
    [([PUBLIC], "public"), (["{followers}"], "followers"), ([], "followers"), (["{author}"], "followers")],
)
async def test_a_boost_is_seen_by_whom_it_is_for(hub: Hub, to: list[str], seen: str) -> None:
    bo, mine = await a_remote_actor(hub.db, followers="https://peer.example/f"), await a_post(hub.db, hub.member)
    names = {"{followers}": "https://peer.example/f", "{author}": hub.member.uri}
    assert await hub.says(bo, "Announce", mine.uri, to=[names.get(one, one) for one in to]) == TAKEN
    assert await boosts(hub) == [(bo.id, seen, mine.uri)]


async def test_an_announce_with_the_id_of_something_else_is_refused(hub: Hub) -> None:
    bo, mine = await a_remote_actor(hub.db), await a_post(hub.db, hub.member)
    await hub.follow(bo)
    note = a_note(bo)
    assert await hub.says(bo, "Create", note) == TAKEN
    assert await hub.says(bo, "Announce", mine.uri, id=note["id"]) == ("refused", "its id is taken")


async def test_a_group_passes_on_what_was_sent_to_it(hub: Hub, peer: Peer) -> None:
    """FEP-1b12: the whole activity, and the thing's id a second time for others; Mobilizon: also the activity's id."""
    group, author = await a_group(hub, peer), await learn_actor(hub.node, peer.actor_id)
    assert author is not None
    note, event = a_note(author, id=peer.url("/notes/1")), an_event(author, id=peer.url("/events/1"))
    peer.serve("/notes/1", note)
    peer.serve("/events/1", event)
    create = an_activity(author, "Create", event, id=peer.url("/events/1/activity"))
    peer.serve("/events/1/activity", create)
    assert await hub.says(group, "Announce", an_activity(author, "Create", note)) == TAKEN
    assert await hub.says(group, "Announce", note["id"]) == TAKEN
    assert await hub.says(group, "Announce", create["id"]) == TAKEN
    assert [uri for _, _, uri in await boosts(hub)] == [note["id"], event["id"]]
    for inner in ("Like", "Undo", "Add", "Block", "Flag"):
        said = an_activity(author, inner, note["id"])
        assert await hub.says(group, "Announce", said) == ("ignored", "passes on what only its own server can tell")
    for inner in ("Update", "Delete"):
        assert await hub.says(group, "Announce", an_activity(author, inner, note["id"])) == TAKEN
    assert f"recheck {note['id']}" in await hub.jobs()
    unknown = an_activity(author, "Delete", peer.url("/notes/9"))
    assert await hub.says(group, "Announce", unknown) == ("ignored", "not known here")
    assert await hub.says(group, "Announce", peer.url("/nothing")) == ("ignored", "not to be had at its origin")


async def test_a_groups_own_event_is_no_boost_of_itself(hub: Hub, peer: Peer) -> None:
    group = await a_group(hub, peer)
    event = an_event(group, id=peer.url("/events/1"))
    peer.serve("/events/1", event)
    assert await hub.says(group, "Announce", event["id"]) == TAKEN
    assert await posts.find_by_uri(hub.db, event["id"]) is not None
    assert await boosts(hub) == []


async def test_an_event_that_is_a_group_is_kept_as_an_event(hub: Hub, peer: Peer) -> None:
    """Smithereen: a group with an Event attached. A Join goes to the group."""
    starts = {"type": "Event", "startTime": "2027-05-01T18:00:00Z"}
    group = await a_group(hub, peer, attachment=[starts], name="Picnic", accessType="open")
    assert await hub.says(group, "Update", group.uri) == TAKEN
    await recheck(hub.node, group.uri)
    found = await posts.find_by_uri(hub.db, group.uri)
    assert found is not None and (found.kind, found.actor.id, found.version().name) == ("event", group.id, "Picnic")


async def a_hub(peer: Peer, name: str, kind: str = "Organization") -> str:
    """Another hub's actor on the peer."""
    uri = peer.url(f"/actors/{name}")
    usual = {"id": uri, "type": kind, "preferredUsername": name, "publicKey": None, "inbox": uri, "coop:hub": uri}
    peer.serve(f"/actors/{name}", peer.actor | usual)
    return uri


async def test_a_followed_hub_suggests_another_one(hub: Hub, peer: Peer) -> None:
    bern, lyon = await a_remote_actor(hub.db, kind="Organization"), await a_hub(peer, "lyon")
    assert await hub.says(bern, "Announce", lyon) == ("ignored", "nobody here follows it")
    await hub.follow(bern)
    for _ in range(2):
        outcome = await hub.says(bern, "Announce", lyon)
    assert outcome == ("ignored", "known, or no hub")
    found = await learn_actor(hub.node, lyon)
    assert found is not None and await hub.jobs() == [f"check hub {found.id}"]
    heard = await known_hubs.find(hub.db, found.id)
    assert heard is not None and (heard.state, heard.seen_via) == ("heard", bern.uri)
    assert await known_hubs.list_suggested(hub.db, 10) == []  # nobody has checked it yet


async def test_only_hubs_are_suggested_and_only_by_servers(hub: Hub, peer: Peer) -> None:
    bern, ana = await a_remote_actor(hub.db, kind="Organization"), await a_remote_actor(hub.db)
    await hub.follow(bern)
    await hub.follow(ana)
    person, lyon = await a_hub(peer, "person", "Person"), await a_hub(peer, "lyon")
    assert await hub.says(bern, "Announce", person) == ("ignored", "known, or no hub")
    assert await hub.says(bern, "Announce", hub.actor.uri) == ("ignored", "an actor is nothing to boost")
    assert (await hub.says(ana, "Announce", lyon))[0] == "ignored"
    assert await hub.db.fetchval("SELECT count(*) FROM known_hubs") == 0


async def test_suggestions_of_one_hub_have_a_limit(hub: Hub, peer: Peer) -> None:
    bern = await a_remote_actor(hub.db, kind="Organization")
    await hub.follow(bern)
    for _ in range(HUBS_SUGGESTED_PER_DAY):
        other = await a_remote_actor(hub.db, kind="Organization", host="https://far.example")
        assert await hubs.hear_of(hub.db, other, bern.uri)
    one_more = await a_remote_actor(hub.db, kind="Organization", host="https://far.example")
    assert await hub.says(bern, "Announce", one_more.uri) == ("ignored", "too many suggestions")
    assert await known_hubs.find(hub.db, one_more.id) is None
