"""What leaves for followers says whom we think they are; and where another server counts otherwise, we follow it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from federation.followers_sync import HEADER, digest, read_header
from federation.outcomes import FetchFailed
from node.deliveries.followers_sync import sync_followers
from node.node import Node
from node.outbox import new_activity_id, tell
from node.remote import learn_actor
from node.store.db import Db
from node.store.people import follows
from schemas.records import Actor
from schemas.things import Audience
from tests.factories import a_member, a_remote_actor, the_hub
from tests.node.deliveries.test_delivering import delivering
from tests.peer import AS2, Peer, hostile_peer


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


@pytest.fixture
async def mallory(node: Node, db: Db, peer: Peer) -> Actor:
    """The actor of another server, which tells it so when it is asked."""
    await the_hub(db, node.urls)
    found = await learn_actor(node, peer.actor_id)
    assert found is not None
    return found


async def follower(node: Node, db: Db, name: str, of: Actor, state: str = "old") -> Actor:
    """A member who follows somebody since long, or since just now, or has asked to."""
    member = (await a_member(db, name, urls=node.urls)).actor
    await follows.insert(db, member.id, of.id, f"{member.uri}/follows/1", accepted=state != "pending")
    if state == "old":
        await db.execute("UPDATE follows SET accepted_at = now() - interval '1 day' WHERE follower_id = $1", member.id)
    return member


def lists(peer: Peer, *followers: str, **fields: Any) -> str:
    """What the peer says its followers here are."""
    shown = {"@context": AS2, "id": peer.url("/sync"), "type": "OrderedCollection", "orderedItems": list(followers)}
    return peer.serve("/sync", shown | fields)


async def states(db: Db, actor: Actor) -> dict[str, str]:
    rows = await db.fetch(
        "SELECT name, state FROM follows f JOIN actors a ON a.id = follower_id WHERE followed_id = $1", actor.id
    )
    return {row["name"]: row["state"] for row in rows}


async def undone(db: Db) -> list[str]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = 'Undo'")
    said = [msgspec.json.decode(row["document"]) for row in rows]
    assert all(one["object"]["type"] == "Follow" for one in said)
    return [one["actor"] for one in said]


async def test_only_what_is_for_followers_bears_the_digest_of_those_of_that_server(
    node: Node, db: Db, peer: Peer, mallory: Actor
) -> None:
    hub, neighbour = await the_hub(db), await a_remote_actor(db, host=peer.base_url)
    far = await a_remote_actor(db)
    for one in (mallory, neighbour, far):
        await follows.insert(db, one.id, hub.id, f"{one.uri}/f", accepted=True)
    audiences: tuple[Audience, ...] = ("public", "followers")
    for audience in audiences:
        _, uri = new_activity_id(node.urls)
        await tell(db, hub, {"id": uri, "type": "View", "actor": hub.uri}, audience=audience, to=[mallory])
    async with delivering(node):
        received = await peer.wait_for("/inbox", 2)
    told = [claim for one in received if (claim := read_header(one.header(HEADER) or ""))]
    (claim,) = told
    assert (claim.collection, claim.digest) == (hub.followers, digest([mallory.uri, neighbour.uri]))
    assert claim.url == node.urls.followers_synchronization(hub.uri)
    signed = next(one for one in received if one.header(HEADER))
    assert HEADER.lower() in (signed.header("Signature") or "")


async def test_where_the_other_side_counts_otherwise_it_is_followed(
    node: Node, db: Db, peer: Peer, mallory: Actor
) -> None:
    both, lost = [await follower(node, db, name, mallory) for name in ("both", "lost")]
    asked = await follower(node, db, "asked", mallory, "pending")
    never = (await a_member(db, "never", urls=node.urls)).actor
    await follower(node, db, "young", mallory, "young")
    url = lists(peer, both.uri, asked.uri, never.uri, node.urls.actor("nobody"), "https://far.example/users/x")
    await sync_followers(node, mallory.id, url)
    assert await states(db, mallory) == {"both": "accepted", "asked": "accepted", "young": "accepted"}
    assert await undone(db) == [never.uri] and lost.name not in await states(db, mallory)
    (request,) = peer.requests("/sync")
    assert node.instance.uri in (request.header("Signature") or "")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"orderedItems": [], "next": "https://far.example/more"},
        {"first": "https://far.example/first"},
        {"orderedItems": [f"https://x.example/{number}" for number in range(10_001)]},
    ],
)
async def test_a_list_that_is_not_whole_changes_nothing(
    node: Node, db: Db, peer: Peer, mallory: Actor, answer: dict[str, Any]
) -> None:
    await follower(node, db, "ana", mallory)
    shown = {"@context": AS2, "id": peer.url("/sync"), "type": "OrderedCollection"}
    peer.serve("/sync", shown | answer)
    await sync_followers(node, mallory.id, peer.url("/sync"))
    assert await states(db, mallory) == {"ana": "accepted"} and await undone(db) == []


async def test_a_server_that_says_nothing_changes_nothing(node: Node, db: Db, peer: Peer, mallory: Actor) -> None:
    await follower(node, db, "ana", mallory)
    for status in (403, 404, 410):
        peer.serve("/sync", b"", status=status)
        await sync_followers(node, mallory.id, peer.url("/sync"))
    peer.serve("/sync", b"", status=401)
    with pytest.raises(FetchFailed):
        await sync_followers(node, mallory.id, peer.url("/sync"))
    async with hostile_peer("127.0.0.9") as other:
        await sync_followers(node, mallory.id, other.url("/sync"))
        assert other.received == []
    assert await states(db, mallory) == {"ana": "accepted"}
