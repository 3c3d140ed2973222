"""Like and EmojiReact from elsewhere: once per actor, post and emoji, of what its actor may see."""

from __future__ import annotations

import msgspec
import pytest

from node.actions import moderate
from node.inbox import Taken
from node.inbox.like import receive_like
from node.store.people import blocks
from node.store.posts import posts
from schemas.limits import EMOJI_CHARS, REACTIONS_PER_ACTOR
from schemas.objects import RemoteActivity
from schemas.records import Actor
from tests.factories import a_post, a_remote_actor
from tests.node.inbox.conftest import Hub

TAKEN = ("accepted", None)
NONE = ("ignored", "no post of ours")


async def test_a_like_counts_once_and_its_author_is_told_once(hub: Hub) -> None:
    post, bo = await a_post(hub.db, hub.member), await a_remote_actor(hub.db)
    for _ in range(3):
        assert await hub.says(bo, "Like", post.uri) == TAKEN
    assert (await posts.get(hub.db, post.id, None)).likes_count == 1
    assert await hub.notices() == ["like"]


@pytest.mark.parametrize("verb", ["EmojiReact", "Like"])
async def test_each_emoji_counts_once(hub: Hub, verb: str) -> None:
    post, bo = await a_post(hub.db, hub.member), await a_remote_actor(hub.db)
    for emoji in ("🌱", "🌱", "🎉"):
        assert await hub.says(bo, verb, post.uri, content=emoji) == TAKEN
    rows = await hub.db.fetch("SELECT kind, emoji FROM reactions ORDER BY id")
    assert [tuple(row) for row in rows] == [("emoji", "🌱"), ("emoji", "🎉")]


@pytest.mark.parametrize("content", ["", " ", "x" * (EMOJI_CHARS + 1)])
async def test_a_reaction_without_an_emoji_is_refused(hub: Hub, content: str) -> None:
    post, bo = await a_post(hub.db, hub.member), await a_remote_actor(hub.db)
    assert await hub.says(bo, "EmojiReact", post.uri, content=content) == ("refused", "no emoji")
    assert (await posts.get(hub.db, post.id, None)).likes_count == 0


async def test_case_94_one_actor_does_not_flood_a_post(hub: Hub) -> None:
    post, bo = await a_post(hub.db, hub.member), await a_remote_actor(hub.db)
    for number in range(REACTIONS_PER_ACTOR):
        assert await hub.says(bo, "EmojiReact", post.uri, content=chr(0x1F600 + number)) == TAKEN
    assert await hub.says(bo, "EmojiReact", post.uri, content="🌱") == ("ignored", "too many reactions")
    assert (await posts.get(hub.db, post.id, None)).likes_count == REACTIONS_PER_ACTOR


@pytest.mark.parametrize("which", ["hidden", "followers", "a boost", "elsewhere", "nothing", "deleted"])
async def test_what_one_may_not_see_or_is_not_ours_is_not_liked(hub: Hub, which: str) -> None:
    bo = await a_remote_actor(hub.db)
    audience = {"hidden": "hub", "followers": "followers"}.get(which, "public")
    post = await a_post(hub.db, hub.member, audience=audience)
    uri = {"nothing": f"{post.uri}0", "elsewhere": f"{bo.uri}/notes/1"}.get(which, post.uri)
    if which == "a boost":
        uri = (await a_post(hub.db, hub.actor, kind="boost", boost_of_id=post.id, versions=[])).uri
    elif which == "deleted":
        await posts.tombstone(hub.db, post.id)
    for verb in ("Like", "EmojiReact"):
        assert await hub.says(bo, verb, uri, content="🌱") == NONE
    assert await hub.db.fetchval("SELECT count(*) FROM reactions") == 0
    assert await hub.notices() == []


async def test_a_follower_likes_what_followers_see(hub: Hub) -> None:
    post, bo = await a_post(hub.db, hub.member, audience="followers"), await a_remote_actor(hub.db)
    await hub.followed_by(bo, hub.member)
    assert await hub.says(bo, "Like", post.uri) == TAKEN


async def test_case_102_the_blocked_like_nothing(hub: Hub) -> None:
    post, bo = await a_post(hub.db, hub.member), await a_remote_actor(hub.db)
    await blocks.insert(hub.db, hub.member.id, bo.id, None)
    assert (await hub.says(bo, "Like", post.uri))[0] == "ignored"
    assert (await posts.get(hub.db, post.id, None)).likes_count == 0
    assert await hub.notices() == []


@pytest.mark.parametrize("crowd", [200, pytest.param(10_000, marks=[pytest.mark.full, pytest.mark.timeout(900)])])
async def test_case_94_a_crowd_of_made_up_actors_counts_once_each_and_not_at_all_once_its_server_is_blocked(
    hub: Hub, crowd: int
) -> None:
    post, honest = await a_post(hub.db, hub.member), await a_remote_actor(hub.db)
    for actor in (honest, *await made_up(hub, crowd)):
        for _ in range(2):
            like = RemoteActivity(id=f"{actor.uri}/like", type="Like", actor=actor.uri, object_id=post.uri)
            async with hub.db.transaction():
                assert isinstance(await receive_like(hub.node, hub.db, like, actor), Taken)
    assert (await posts.get(hub.db, post.id, None)).likes_count == crowd + 1
    async with hub.db.transaction():
        order = moderate.Order(kind="suspend", target_kind="domain", target="crowd.example")
        measure = await moderate.take(hub.db, None, order)
    assert (await posts.get(hub.db, post.id, None)).likes_count == 1
    async with hub.db.transaction():
        await moderate.end(hub.db, None, measure.id)
    assert (await posts.get(hub.db, post.id, None)).likes_count == crowd + 1


async def made_up(hub: Hub, crowd: int) -> list[Actor]:
    """So many actors of one server."""
    first = await a_remote_actor(hub.db, host="https://crowd.example")
    await hub.db.execute(
        """
        INSERT INTO actors (id, local, uri, url, kind, name, host, inbox)
        SELECT $1::bigint + n, local, uri || '/' || n, url, kind, name || n, host, inbox
          FROM actors, generate_series(1, $2::integer - 1) AS n WHERE id = $1
        """,
        first.id,
        crowd,
    )
    rows = await hub.db.fetch("SELECT id, uri FROM actors WHERE host = 'crowd.example' ORDER BY id")
    return [msgspec.structs.replace(first, id=row["id"], uri=row["uri"]) for row in rows]
