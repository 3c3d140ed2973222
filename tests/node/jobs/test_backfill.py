"""The first follow of somebody elsewhere: the newest things are fetched politely, once, and only where they belong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from node.jobs.backfill import backfill_actor
from node.node import Node
from node.policy import Policy
from node.remote import learn_actor
from node.store.db import Db
from node.store.people import featured
from node.store.posts import posts
from schemas.limits import BACKFILL_EVENTS, BACKFILL_FEATURED, BACKFILL_ITEMS, BACKFILL_PAGES
from schemas.records import Actor
from tests.factories import a_member, a_post
from tests.peer import AS2, Peer, hostile_peer

OUTBOX, UPCOMING, PINNED = "/users/mallory/outbox", "/upcoming", "/featured"


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        peer.actor |= {"upcomingEvents": peer.url(UPCOMING), "featured": peer.url(PINNED)}
        yield peer


def a_thing(peer: Peer, name: str, /, **fields: Any) -> dict[str, Any]:
    """A note on the peer, under its own id."""
    usual: dict[str, Any] = {
        "id": peer.url(f"/things/{name}"),
        "type": "Note",
        "attributedTo": peer.actor_id,
        "content": f"<p>{name}</p>",
        "published": "2026-03-01T10:00:00Z",
        "to": [f"{AS2}#Public"],
    }
    peer.serve(f"/things/{name}", usual | fields)
    return usual | fields


def an_event(peer: Peer, name: str) -> dict[str, Any]:
    when = {"name": name, "startTime": "2027-05-01T18:00:00Z", "timezone": "Europe/Paris"}
    return a_thing(peer, name, type="Event", **when)


def creates(peer: Peer, *things: dict[str, Any]) -> list[dict[str, Any]]:
    """Activities of an outbox, each with a copy of its thing."""
    return [{"id": f"{one['id']}/activity", "type": "Create", "actor": peer.actor_id, "object": one} for one in things]


def collection(peer: Peer, path: str, items: list[Any], *, next_page: str | None = None) -> str:
    """A collection of one page, or of as many as follow."""
    page = {"id": peer.url(f"{path}?page=1"), "type": "OrderedCollectionPage", "orderedItems": items}
    page |= {"next": peer.url(next_page)} if next_page else {}
    peer.serve(f"{path}?page=1", page)
    return peer.serve(path, {"id": peer.url(path), "type": "OrderedCollection", "first": peer.url(f"{path}?page=1")})


async def met(node: Node, peer: Peer) -> Actor:
    found = await learn_actor(node, peer.actor_id)
    assert found is not None
    return found


async def kept(db: Db) -> list[str]:
    """The ends of the ids of all things known, oldest first."""
    rows = await db.fetch("SELECT uri FROM posts WHERE NOT local AND kind <> 'boost' ORDER BY uri")
    return [row["uri"].rpartition("/")[2] for row in rows]


async def test_events_pinned_and_newest_things_are_fetched_each_from_its_origin(node: Node, db: Db, peer: Peer) -> None:
    collection(peer, UPCOMING, [an_event(peer, "meeting")])
    collection(peer, OUTBOX, creates(peer, a_thing(peer, "one"), a_thing(peer, "two") | {"content": "forged"}))
    collection(peer, PINNED, [a_thing(peer, "pinned")["id"]])
    actor = await met(node, peer)
    await backfill_actor(node, actor.id)
    assert await kept(db) == ["meeting", "one", "pinned", "two"]
    two = await posts.find_by_uri(db, peer.url("/things/two"))
    assert two and "forged" not in two.version().content
    assert await featured.count_of(db, actor.id) == 1
    assert all("keyId=" in (one.header("signature") or "") for one in peer.received if one.method == "GET")


async def test_it_is_done_once(node: Node, db: Db, peer: Peer) -> None:
    collection(peer, OUTBOX, creates(peer, a_thing(peer, "one")))
    actor = await met(node, peer)
    await backfill_actor(node, actor.id)
    asked = len(peer.received)
    await backfill_actor(node, actor.id)
    assert len(peer.received) == asked
    assert len(peer.requests("/things/one")) == 1


async def test_nobody_is_told_and_nothing_tops_what_is_new(node: Node, db: Db, peer: Peer) -> None:
    member = (await a_member(db, urls=node.urls)).actor
    mention = {"type": "Mention", "href": member.uri, "name": f"@{member.name}"}
    collection(peer, OUTBOX, creates(peer, a_thing(peer, "old", tag=[mention], published="2026-01-01T10:00:00Z")))
    await backfill_actor(node, (await met(node, peer)).id)
    old = await posts.find_by_uri(db, peer.url("/things/old"))
    newer = await a_post(db, member, published_at=datetime(2026, 1, 2, tzinfo=UTC))
    assert old and old.id < newer.id
    assert await db.fetchval("SELECT count(*) FROM notifications") == 0
    assert await db.fetchval("SELECT count(*) FROM deliveries") == 0


async def test_no_more_things_and_pages_are_asked_for_than_the_limits_say(node: Node, db: Db, peer: Peer) -> None:
    for path, make in ((UPCOMING, an_event), (OUTBOX, a_thing), (PINNED, a_thing)):
        ids = [make(peer, f"{path[1:4]}{n}")["id"] for n in range(60)]
        collection(peer, path, ids)
    await backfill_actor(node, (await met(node, peer)).id)
    found = await kept(db)
    assert sum(name.startswith("upc") for name in found) == BACKFILL_EVENTS
    assert sum(name.startswith("use") for name in found) == BACKFILL_ITEMS
    assert sum(name.startswith("fea") for name in found) == BACKFILL_FEATURED


async def test_pages_without_end_have_one(node: Node, db: Db, peer: Peer) -> None:
    for number in range(1, 40):
        following = peer.url(f"{OUTBOX}?page={number + 1}")
        page = {"id": peer.url(f"{OUTBOX}?page={number}"), "type": "OrderedCollectionPage", "orderedItems": []}
        peer.serve(f"{OUTBOX}?page={number}", page | {"next": following})
    peer.serve(OUTBOX, {"type": "OrderedCollection", "id": peer.url(OUTBOX), "first": peer.url(f"{OUTBOX}?page=1")})
    await backfill_actor(node, (await met(node, peer)).id)
    assert len(peer.requests(OUTBOX)) <= BACKFILL_PAGES + 1


async def test_a_page_that_leads_back_is_not_walked_twice(node: Node, db: Db, peer: Peer) -> None:
    collection(peer, OUTBOX, creates(peer, a_thing(peer, "one")), next_page=f"{OUTBOX}?page=1")
    await backfill_actor(node, (await met(node, peer)).id)
    assert len(peer.requests(OUTBOX)) == 2
    assert await kept(db) == ["one"]


async def test_nothing_of_others_comes_in_with_an_outbox(node: Node, db: Db, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as victim:
        stolen = a_thing(victim, "stolen", attributedTo=victim.actor_id) | {"content": "forged"}
        gone = victim.url("/things/never-said")
        lie = a_thing(peer, "lie", attributedTo=victim.actor_id)
        collection(peer, OUTBOX, creates(peer, stolen, stolen | {"id": gone}, lie, a_thing(peer, "true")))
        await backfill_actor(node, (await met(node, peer)).id)
        assert set(await kept(db)) <= {"true", "stolen"}
        assert "true" in await kept(db)
        found = await posts.find_by_uri(db, stolen["id"])
        assert found is None or (found.actor.uri, "forged" in found.version().content) == (victim.actor_id, False)


async def test_a_collection_elsewhere_is_not_read(node: Node, db: Db, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as other:
        peer.actor["outbox"] = collection(other, OUTBOX, creates(other, a_thing(other, "one")))
        page = {"type": "OrderedCollection", "id": peer.url(UPCOMING), "first": other.url(f"{OUTBOX}?page=1")}
        peer.serve(UPCOMING, page)
        await backfill_actor(node, (await met(node, peer)).id)
        assert other.requests(OUTBOX) == []
        assert await kept(db) == []


@pytest.mark.parametrize(
    "items",
    [None, 7, "x", {}, [None, 7, [], {}, {"id": 7}, "", "ftp://x/y", "http://[", {"type": "Create"}], [[[["x"]]]]],
)
async def test_an_outbox_of_nonsense_holds_nothing(node: Node, db: Db, peer: Peer, items: Any) -> None:
    peer.serve(OUTBOX, {"type": "OrderedCollection", "id": peer.url(OUTBOX), "orderedItems": items})
    actor = await met(node, peer)
    await backfill_actor(node, actor.id)
    assert await kept(db) == []
    assert await db.fetchval("SELECT backfilled_at IS NOT NULL FROM actors WHERE id = $1", actor.id)


async def test_our_own_things_are_not_asked_for_over_the_network(node: Node, db: Db, peer: Peer) -> None:
    collection(peer, OUTBOX, [f"{node.urls.base_url}/posts/1", a_thing(peer, "one")["id"]])
    await backfill_actor(node, (await met(node, peer)).id)
    assert await kept(db) == ["one"]


async def test_private_things_stay_private(node: Node, db: Db, peer: Peer) -> None:
    secret = a_thing(peer, "secret", to=[peer.url("/users/mallory/followers")])
    collection(peer, OUTBOX, creates(peer, secret))
    await backfill_actor(node, (await met(node, peer)).id)
    found = await posts.find_by_uri(db, secret["id"])
    assert found is None or found.audience == "followers"


async def test_case_122_a_blocked_server_is_not_asked(
    node: Node, db: Db, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection(peer, OUTBOX, creates(peer, a_thing(peer, "one")))
    actor = await met(node, peer)
    asked = len(peer.received)
    monkeypatch.setattr(Policy, "may_federate", lambda self, host: False)
    await backfill_actor(node, actor.id)
    assert len(peer.received) == asked
