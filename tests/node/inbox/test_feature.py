"""Add and Remove: what actors elsewhere pin of their own."""

from __future__ import annotations

import pytest

from node.store.people import featured
from node.store.posts import posts
from schemas.limits import FEATURED_MOST
from schemas.records import Actor, Post
from tests.factories import a_post, a_remote_actor, a_remote_object
from tests.node.inbox.conftest import Hub

TAKEN = ("accepted", None)


async def somebody(hub: Hub) -> Actor:
    """Somebody elsewhere with a collection of pinned things."""
    return await a_remote_actor(hub.db, featured="https://peer.example/featured")


async def a_copy(hub: Hub, actor: Actor) -> Post:
    post = await posts.upsert_remote(hub.db, a_remote_object(actor), actor)
    assert post is not None
    return post


async def test_ones_own_is_pinned_once_and_unpinned(hub: Hub) -> None:
    bo = await somebody(hub)
    post = await a_copy(hub, bo)
    for _ in range(2):
        assert await hub.says(bo, "Add", post.uri, target=bo.featured) == TAKEN
    assert await featured.count_of(hub.db, bo.id) == 1
    for _ in range(2):
        assert await hub.says(bo, "Remove", post.uri, target=bo.featured) == TAKEN
    assert await featured.count_of(hub.db, bo.id) == 0


@pytest.mark.parametrize("verb", ["Add", "Remove"])
async def test_case_98_only_ones_own_collection_is_changed(hub: Hub, verb: str) -> None:
    bo, eve = await somebody(hub), await a_remote_actor(hub.db, host="https://evil.example")
    theirs, evil = await a_copy(hub, bo), await a_copy(hub, eve)
    await featured.insert(hub.db, bo.id, theirs.id)
    for target in (bo.featured, f"{hub.member.uri}/featured", f"{eve.uri}/moderators", None):
        for post in (theirs, evil):
            assert (await hub.says(eve, verb, post.uri, target=target))[0] in ("ignored", "refused")
    rows = await hub.db.fetch("SELECT actor_id, post_id FROM featured")
    assert [tuple(row) for row in rows] == [(bo.id, theirs.id)]


async def test_case_98_nobody_pins_what_others_wrote(hub: Hub) -> None:
    bo = await somebody(hub)
    mine, other = await a_post(hub.db, hub.member), await a_copy(hub, await a_remote_actor(hub.db))
    for post in (mine, other):
        assert await hub.says(bo, "Add", post.uri, target=bo.featured) == ("refused", "only the owner pins")
    assert await featured.count_of(hub.db, bo.id) == 0


async def test_what_is_not_known_of_somebody_nobody_follows_is_not_fetched(hub: Hub) -> None:
    bo = await somebody(hub)
    added = await hub.says(bo, "Add", f"{bo.uri}/notes/unknown", target=bo.featured)
    assert added == ("ignored", "nobody here follows it")


async def test_nobody_pins_without_end(hub: Hub) -> None:
    bo = await somebody(hub)
    for _ in range(FEATURED_MOST):
        assert await hub.says(bo, "Add", (await a_copy(hub, bo)).uri, target=bo.featured) == TAKEN
    last = await a_copy(hub, bo)
    assert await hub.says(bo, "Add", last.uri, target=bo.featured) == ("ignored", "too many pinned")
    assert await featured.count_of(hub.db, bo.id) == FEATURED_MOST
