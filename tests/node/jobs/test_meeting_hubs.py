"""Is a hub what it was said to be, and which ones does it know: asked of servers that may lie."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from federation.outcomes import FetchFailed
from node.actions import hubs
from node.jobs.meeting_hubs import check_hub, read_hubs
from node.node import Node
from node.remote import learn_actor
from node.store.db import Db
from node.store.servers import known_hubs
from schemas.limits import HUBS_READ_AT_ONCE, HUBS_READ_NEW
from schemas.records import Actor
from tests.factories import a_member, a_remote_actor, the_hub
from tests.peer import AS2, Peer, hostile_peer

TELLER = "https://far.example/actors/hub"


@pytest.fixture
async def peer(node: Node, db: Db) -> AsyncIterator[Peer]:
    """Another hub, as it should be; and ours, with an editor."""
    await the_hub(db, node.urls)
    await a_member(db, "ed", roles=("editor",), urls=node.urls)
    async with hostile_peer("127.0.0.7") as peer:
        peer.actor |= {"type": "Organization", "coop:hub": peer.actor_id}
        peer.nodeinfo["metadata"] = {"coop": {"hub": peer.actor_id, "knownHubs": peer.url("/hubs")}}
        yield peer


async def heard(node: Node, db: Db, peer: Peer) -> Actor:
    """The peer's actor, of whom somebody told us."""
    actor = await learn_actor(node, peer.actor_id)
    assert actor is not None and await hubs.hear_of(db, actor, TELLER)
    return actor


async def state(db: Db, actor: Actor) -> str | None:
    known = await known_hubs.find(db, actor.id)
    return known.state if known else None


async def notices(db: Db) -> int:
    found: int = await db.fetchval("SELECT count(*) FROM notifications WHERE kind = 'suggested_hub'")
    return found


async def test_a_hub_whose_three_documents_agree_is_suggested_and_editors_are_told_once(
    node: Node, db: Db, peer: Peer
) -> None:
    actor = await heard(node, db, peer)
    for _ in range(2):
        await check_hub(node, actor.id)
    assert (await state(db, actor), await notices(db)) == ("suggested", 1)
    assert [one.uri for one in await known_hubs.list_suggested(db, 10)] == [peer.actor_id]


def _says_no_hub(peer: Peer) -> None:
    del peer.actor["coop:hub"]


def _became_a_person(peer: Peer) -> None:
    peer.actor["type"] = "Person"


def _names_another_hub(peer: Peer) -> None:
    peer.nodeinfo["metadata"] = {"coop": {"hub": peer.url("/actors/other")}}


def _has_no_nodeinfo(peer: Peer) -> None:
    peer.serve("/nodeinfo/2.1", b"nothing", content_type="text/html")


def _has_a_handle_of_another(peer: Peer) -> None:
    peer.jrd["links"] = [{"rel": "self", "type": "application/activity+json", "href": peer.url("/users/other")}]


def _is_gone(peer: Peer) -> None:
    peer.serve(f"/users/{peer.name}", b"", status=410)


LIES = (_says_no_hub, _became_a_person, _names_another_hub, _has_no_nodeinfo, _has_a_handle_of_another, _is_gone)


@pytest.mark.parametrize("lie", LIES)
async def test_one_document_that_does_not_agree_and_it_is_no_hub(node: Node, db: Db, peer: Peer, lie: Any) -> None:
    actor = await heard(node, db, peer)
    lie(peer)
    await check_hub(node, actor.id)
    assert (await state(db, actor), await notices(db)) == ("refused", 0)


async def test_a_server_that_does_not_answer_now_is_asked_later(node: Node, db: Db, peer: Peer) -> None:
    actor = await heard(node, db, peer)
    peer.serve(f"/users/{peer.name}", b"", status=503)
    with pytest.raises(FetchFailed):
        await check_hub(node, actor.id)
    assert await state(db, actor) == "heard"


async def test_what_an_editor_decided_meanwhile_stays(node: Node, db: Db, peer: Peer) -> None:
    actor, editor = await heard(node, db, peer), await a_member(db, roles=("editor",))
    await hubs.dismiss(node, db, editor, actor.id)
    await check_hub(node, actor.id)
    assert (await state(db, actor), await notices(db)) == ("dismissed", 0)


async def approved(node: Node, db: Db, peer: Peer) -> Actor:
    """The peer's hub, approved by an editor."""
    actor, editor = await heard(node, db, peer), await a_member(db, roles=("editor",))
    return await hubs.approve(node, db, editor, actor.id)


def lists(peer: Peer, *items: Any) -> None:
    """What the peer's hub says it knows."""
    shown = {"@context": AS2, "id": peer.url("/hubs"), "type": "OrderedCollection", "orderedItems": items}
    peer.serve("/hubs", shown | {"attributedTo": peer.actor_id})


def a_hub(peer: Peer, name: str) -> str:
    """One more actor on the peer that looks like a hub."""
    uri = peer.url(f"/actors/{name}")
    own = {"id": uri, "preferredUsername": name, "coop:hub": uri, "publicKey": None, "inbox": f"{uri}/inbox"}
    return peer.serve(f"/actors/{name}", peer.actor | own)


async def test_the_list_of_an_approved_hub_is_read_and_what_is_new_in_it_checked(
    node: Node, db: Db, peer: Peer
) -> None:
    hub = await approved(node, db, peer)
    ours = await the_hub(db, node.urls)
    lyon, bern = a_hub(peer, "lyon"), a_hub(peer, "bern")
    lists(peer, {"type": "Organization", "id": lyon}, bern, ours.uri, peer.actor_id, 7, {"id": ["x"]}, "ftp://x/y")
    await read_hubs(node, hub.id)
    rows = await db.fetch("SELECT uri, state, seen_via FROM known_hubs JOIN actors ON actors.id = actor_id")
    found = {row["uri"]: (row["state"], row["seen_via"]) for row in rows if row["uri"] != peer.actor_id}
    assert found == dict.fromkeys((bern, lyon), ("heard", peer.actor_id))
    checks = await db.fetchval("SELECT count(*) FROM jobs WHERE once LIKE 'check hub %'")
    assert checks == 3  # the two new ones, and the one told of before
    assert peer.requests("/hubs") and not peer.requests("/actors/lyon/hubs")  # theirs are not read


async def test_a_list_without_end_brings_so_many_and_no_more(node: Node, db: Db, peer: Peer) -> None:
    hub = await approved(node, db, peer)
    lists(peer, *(a_hub(peer, f"h{number}") for number in range(HUBS_READ_NEW + 5)))
    await read_hubs(node, hub.id)
    assert await db.fetchval("SELECT count(*) FROM known_hubs WHERE state = 'heard'") == HUBS_READ_NEW


async def test_a_list_that_lies_elsewhere_is_not_read(node: Node, db: Db, peer: Peer) -> None:
    hub = await approved(node, db, peer)
    async with hostile_peer("127.0.0.9") as other:
        peer.nodeinfo["metadata"] = {"coop": {"hub": peer.actor_id, "knownHubs": other.url("/hubs")}}
        await read_hubs(node, hub.id)
        peer.nodeinfo["metadata"] = {"coop": {"hub": peer.url("/actors/x"), "knownHubs": peer.url("/hubs")}}
        await read_hubs(node, hub.id)
        assert other.received == [] and peer.requests("/hubs") == []


async def test_each_approved_hub_has_its_turn_once_a_week(node: Node, db: Db, peer: Peer) -> None:
    await approved(node, db, peer)
    for _ in range(2):
        await hubs.ask_due(db)
    assert await db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'read_hubs'") == 1
    await db.execute("DELETE FROM jobs")
    await db.execute("UPDATE known_hubs SET read_at = now() - interval '8 days'")
    for _ in range(HUBS_READ_AT_ONCE):
        other = await a_remote_actor(db, kind="Organization")
        await db.execute("INSERT INTO known_hubs (actor_id, state) VALUES ($1, 'dismissed')", other.id)
    await hubs.ask_due(db)
    assert await db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'read_hubs'") == 1
