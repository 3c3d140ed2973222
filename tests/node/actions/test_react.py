"""Likes, boosts and pins from here: of what one may see, once, and taken back once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.actions.react import boost, like, pin, receive_boost, unboost, unlike
from node.errors import Forbidden, NotFound
from node.node import Node
from node.store.db import Db
from node.store.people import featured, follows
from node.store.posts import posts
from schemas.records import Actor, Post
from schemas.things import Audience
from tests.factories import a_member, a_post, a_remote_actor, a_remote_object


async def said(db: Db) -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT document FROM activities ORDER BY id")
    return [msgspec.json.decode(row["document"]) for row in rows]


async def told(db: Db, actor: Actor) -> list[str]:
    rows = await db.fetch(
        "SELECT kind FROM notifications n JOIN accounts a ON a.id = n.account_id WHERE a.actor_id = $1 ORDER BY n.id",
        actor.id,
    )
    return [row["kind"] for row in rows]


async def a_copy(db: Db, **fields: Any) -> Post:
    """A thing of somebody elsewhere."""
    actor = await a_remote_actor(db)
    kept = await posts.upsert_remote(db, a_remote_object(actor, **fields), actor)
    assert kept is not None
    return kept


async def test_a_like_counts_once_and_is_taken_back_once(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, (await a_member(db)).actor
    post = await a_post(db, bo)
    for _ in range(2):
        await like(node, db, ana, post.id)
    assert (await posts.get(db, post.id, None)).likes_count == 1
    for _ in range(2):
        await unlike(node, db, ana, post.id)
    assert (await posts.get(db, post.id, None)).likes_count == 0
    assert (await told(db, bo), await said(db)) == (["like"], [])


async def test_an_author_elsewhere_hears_of_a_like_and_of_its_end_once(node: Node, db: Db) -> None:
    ana, post = (await a_member(db)).actor, await a_copy(db)
    for deed in (like, like, unlike, unlike):
        await deed(node, db, ana, post.id)
    liked, undone = await said(db)
    assert (liked["type"], liked["object"], undone["object"]["id"]) == ("Like", post.uri, liked["id"])
    inboxes = await db.fetch("SELECT inbox FROM deliveries")
    assert {row["inbox"] for row in inboxes} == {post.actor.shared_inbox}


@pytest.mark.parametrize("deed", [like, unlike, boost, unboost])
@pytest.mark.parametrize("audience", ["followers", "direct"])
async def test_nobody_reacts_to_what_they_may_not_see(node: Node, db: Db, deed: Any, audience: Audience) -> None:
    ana, bo = (await a_member(db)).actor, (await a_member(db)).actor
    post = await a_post(db, bo, audience=audience)
    with pytest.raises(NotFound):
        await deed(node, db, ana, post.id)
    assert (await told(db, bo), await said(db)) == ([], [])


@pytest.mark.parametrize("audience", ["public", "unlisted"])
async def test_a_boost_is_made_once_told_to_followers_and_taken_back_once(
    node: Node, db: Db, audience: Audience
) -> None:
    ana, bo = (await a_member(db)).actor, (await a_member(db)).actor
    follower = await a_remote_actor(db)
    await follows.insert(db, follower.id, ana.id, f"{follower.uri}/f", accepted=True)
    post = await a_post(db, bo, audience=audience)
    first, second = await boost(node, db, ana, post.id), await boost(node, db, ana, post.id)
    assert (first.id, first.audience) == (second.id, audience)
    assert (await posts.get(db, post.id, None)).boosts_count == 1
    (announce,) = await said(db)
    assert (announce["type"], announce["object"], announce["id"]) == ("Announce", post.uri, first.uri)
    for _ in range(2):
        await unboost(node, db, ana, post.id)
    assert (await posts.get(db, post.id, None)).boosts_count == 0
    (undo,) = await said(db)  # the Announce is taken out with what it was about
    assert (undo["type"], undo["object"]["id"]) == ("Undo", announce["id"])
    assert await told(db, bo) == ["boost"]


async def test_what_is_for_the_hub_is_not_passed_on_not_even_by_its_author(node: Node, db: Db) -> None:
    bo = (await a_member(db)).actor
    post = await a_post(db, bo, audience="hub")
    with pytest.raises(Forbidden):
        await boost(node, db, bo, post.id)
    assert await said(db) == []


async def test_a_boost_from_elsewhere_is_kept_once_and_never_in_another_place(node: Node, db: Db) -> None:
    bo, cy = (await a_member(db)).actor, await a_remote_actor(db)
    post, other = await a_post(db, bo), await a_post(db, bo)
    for number in (1, 1, 2):
        assert await receive_boost(db, cy, post, f"{cy.uri}/boosts/{number}", None, "public")
    assert (await posts.get(db, post.id, None)).boosts_count == 1
    assert not await receive_boost(db, cy, post, other.uri, None, "public") or (
        (await posts.get(db, other.id, None)).kind == "post"
    )
    assert await told(db, bo) == ["boost"]


async def test_ones_own_is_pinned_and_unpinned_once(node: Node, db: Db) -> None:
    ana = (await a_member(db)).actor
    follower = await a_remote_actor(db)
    await follows.insert(db, follower.id, ana.id, f"{follower.uri}/f", accepted=True)
    post = await a_post(db, ana)
    for on in (True, True, False, False):
        await pin(node, db, ana, post.id, on=on)
    assert [(one["type"], one["object"]) for one in await said(db)] == [("Add", post.uri), ("Remove", post.uri)]
    assert await featured.count_of(db, ana.id) == 0


async def test_neither_the_private_nor_what_others_wrote_is_pinned(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, (await a_member(db)).actor
    for post in (await a_post(db, ana, audience="followers"), await a_post(db, bo), await a_copy(db)):
        with pytest.raises(Forbidden):
            await pin(node, db, ana, post.id, on=True)
    assert await said(db) == []
