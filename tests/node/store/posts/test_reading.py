"""Reading posts: who may see them, in which list, page by page and by words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from node.errors import NotFound
from node.store.db import Db
from node.store.events import events
from node.store.people import blocks, follows
from node.store.posts import findings, posts
from node.store.posts.reading import Page, Wanted
from schemas.records import Actor, Post
from schemas.things import Audience, CallDetail, FindingDetail, Version
from tests.factories import a_local_actor, a_post, a_remote_actor, the_hub

THREAD = "https://hub.example/contexts/1"
AUDIENCES: tuple[Audience, ...] = ("public", "unlisted", "followers", "hub", "group", "direct")

SEES: dict[str, set[str]] = {
    "stranger": {"public", "unlisted"},
    "remote stranger": {"public", "unlisted"},
    "remote follower": {"public", "unlisted", "followers"},
    "member": {"public", "unlisted", "hub"},
    "hub": {"public", "unlisted", "hub"},
    "group member": {"public", "unlisted", "hub", "group"},
    "named": {"public", "unlisted", "direct"},
    "author": set(AUDIENCES),
}
LISTED: dict[str, set[str]] = {who: sees - {"unlisted", "direct"} for who, sees in SEES.items()}


class Scene(msgspec.Struct):
    """An event by somebody else; an event and a finding of each audience in answer to it; all who might look."""

    author: Actor
    viewers: dict[str, int | None]
    first: Post
    posts: dict[str, Post]


@pytest.fixture
async def scene(db: Db) -> Scene:
    author, group = await a_local_actor(db), await a_local_actor(db, role="group")
    viewers: dict[str, int | None] = {
        "stranger": None,
        "remote stranger": (await a_remote_actor(db)).id,
        "remote follower": (await a_remote_actor(db)).id,
        "member": (await a_local_actor(db)).id,
        "hub": (await the_hub(db)).id,
        "group member": (await a_local_actor(db)).id,
        "named": (await a_remote_actor(db)).id,
        "author": author.id,
    }
    await follows.insert(db, viewers["remote follower"] or 0, author.id, "https://peer.example/follow", accepted=True)
    await follows.insert(db, viewers["remote stranger"] or 0, author.id, "https://peer.example/asked", accepted=False)
    await db.executemany(
        "INSERT INTO group_members (group_id, actor_id) VALUES ($1, $2)",
        [(group.id, viewers["group member"]), (group.id, author.id)],
    )
    first = await a_post(db, await a_remote_actor(db), kind="event", text="first", context=THREAD)
    made: dict[str, Post] = {}
    for audience in AUDIENCES:
        common = {
            "audience": audience,
            "in_reply_to": first.uri,
            "tags": ["repair"],
            "group_id": group.id if audience == "group" else None,
            "mention_ids": [viewers["named"]] if audience == "direct" else [],
        }
        made[audience] = await a_post(db, author, kind="event", text=f"Workshop {audience}", series=THREAD, **common)
        await a_post(db, author, kind="finding", finding=FindingDetail(born_of=first.uri), **common)
    return Scene(author, viewers, first, made)


Look = Callable[[Db, Scene, int | None], Awaitable[list[Post]]]


async def seen_by_all(db: Db, scene: Scene, look: Look) -> dict[str, set[str]]:
    """Which audiences of the author's things each viewer is shown."""
    return {
        who: {post.audience for post in await look(db, scene, viewer) if post.actor.id == scene.author.id}
        for who, viewer in scene.viewers.items()
    }


async def single(db: Db, scene: Scene, viewer: int | None) -> list[Post]:
    seen = []
    for post in scene.posts.values():
        with suppress(NotFound):
            seen.append(await posts.get(db, post.id, viewer))
    return seen


async def by_address(db: Db, scene: Scene, viewer: int | None) -> list[Post]:
    found = [await posts.find_visible(db, post.uri, viewer) for post in scene.posts.values()]
    return [post for post in found if post]


async def many(db: Db, scene: Scene, viewer: int | None) -> list[Post]:
    return list((await posts.get_many(db, [post.id for post in scene.posts.values()], viewer)).values())


@pytest.mark.parametrize("look", [single, by_address, many])
async def test_who_may_see_which_audience(db: Db, scene: Scene, look: Look) -> None:
    assert await seen_by_all(db, scene, look) == SEES


async def below(db: Db, scene: Scene, viewer: int | None) -> list[Post]:
    return (await posts.context(db, scene.first.id, viewer=viewer))[1]


PUBLIC_LISTS: dict[str, Look] = {
    "list": lambda db, scene, viewer: posts.list_public(db, "event", viewer=viewer),
    "actor in list": lambda db, scene, viewer: posts.list_public(
        db, viewer=viewer, wanted=Wanted(actor_id=scene.author.id)
    ),
    "tag": lambda db, scene, viewer: posts.list_public(db, viewer=viewer, wanted=Wanted(tag="#Repair")),
    "search": lambda db, scene, viewer: posts.list_public(db, viewer=viewer, wanted=Wanted(words="workshops")),
    "calendar": lambda db, scene, viewer: events.list_between(db, datetime.now(UTC), viewer=viewer),
    "born of": lambda db, scene, viewer: findings.list_born_of(db, scene.first.id, viewer=viewer),
}
ADDRESSED_LISTS: dict[str, Look] = {
    "replies": lambda db, scene, viewer: posts.replies(db, scene.first.id, viewer=viewer),
    "thread": lambda db, scene, viewer: posts.list_context(db, THREAD, viewer=viewer),
    "below": below,
    "series": lambda db, scene, viewer: events.list_series(db, THREAD, viewer=viewer),
}


@pytest.mark.parametrize("look", PUBLIC_LISTS)
async def test_a_public_list_shows_each_viewer_what_is_for_them(db: Db, scene: Scene, look: str) -> None:
    assert await seen_by_all(db, scene, PUBLIC_LISTS[look]) == LISTED


@pytest.mark.parametrize("look", ADDRESSED_LISTS)
async def test_below_an_address_stands_what_the_viewer_may_see(db: Db, scene: Scene, look: str) -> None:
    assert await seen_by_all(db, scene, ADDRESSED_LISTS[look]) == SEES


async def test_a_profile_shows_no_direct_messages_to_others(db: Db, scene: Scene) -> None:
    seen = await seen_by_all(db, scene, lambda db, scene, who: posts.list_of_actor(db, scene.author.id, viewer=who))
    assert seen == {who: sees if who == "author" else sees - {"direct"} for who, sees in SEES.items()}


@pytest.mark.parametrize("look", ["list", "calendar", "tag", "search"])
async def test_limited_and_blocked_authors_are_not_in_lists(db: Db, look: str) -> None:
    author, reader = await a_remote_actor(db), await a_local_actor(db)
    post = await a_post(db, author, kind="event", text="Workshop", tags=["repair"])
    scene = Scene(author, {}, post, {})
    assert await PUBLIC_LISTS[look](db, scene, reader.id)
    await blocks.insert(db, reader.id, author.id, None)
    assert not await PUBLIC_LISTS[look](db, scene, reader.id)
    assert await PUBLIC_LISTS[look](db, scene, None)
    await db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", author.id)
    assert not await PUBLIC_LISTS[look](db, scene, None)
    follower = await a_local_actor(db)
    await follows.insert(db, follower.id, author.id, "https://hub.example/f", accepted=True)
    assert await PUBLIC_LISTS[look](db, scene, follower.id)
    assert (await posts.get(db, post.id, None)).id == post.id


@pytest.mark.parametrize("column", ["suspended_at = now()", "host_suspended = true", "deleted_at = now()"])
async def test_a_suspended_author_is_seen_nowhere(db: Db, scene: Scene, column: str) -> None:
    await db.execute(f"UPDATE actors SET {column} WHERE id = $1", scene.author.id)
    for look in (PUBLIC_LISTS | ADDRESSED_LISTS).values():
        found = await look(db, scene, scene.viewers["member"])
        assert [post for post in found if post.actor.id == scene.author.id] == []
    with pytest.raises(NotFound):
        await posts.get(db, scene.posts["public"].id, scene.author.id)


async def test_a_boost_is_seen_only_by_who_may_see_what_was_boosted(db: Db, scene: Scene) -> None:
    boost = await a_post(db, await the_hub(db), kind="boost", boost_of_id=scene.posts["followers"].id, versions=[])
    assert (await posts.get(db, boost.id, scene.viewers["remote follower"])).id == boost.id
    with pytest.raises(NotFound):
        await posts.get(db, boost.id, None)


async def test_pages_hold_what_they_should_at_both_ends(db: Db) -> None:
    hub = await the_hub(db)
    start = datetime.now(UTC) - timedelta(hours=1)
    made = [(await a_post(db, hub, published_at=start + timedelta(minutes=n))).id for n in range(9)]

    async def page(**bounds: int) -> list[int]:
        return [made.index(post.id) for post in await posts.list_public(db, page=Page(**bounds))]

    assert await page() == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert await page(limit=3) == [8, 7, 6]
    assert await page(max_id=made[6], limit=3) == [5, 4, 3]
    assert await page(since_id=made[2], limit=3) == [8, 7, 6]
    assert await page(min_id=made[2], limit=3) == [5, 4, 3]
    assert await page(since_id=made[2], max_id=made[5]) == [4, 3]
    assert await page(min_id=made[2], max_id=made[5], limit=1) == [3]
    assert await page(max_id=made[0]) == []
    assert await page(min_id=made[8]) == []
    assert await page(limit=0) == []


async def test_lists_narrow_by_area_language_author_network_and_origin(db: Db) -> None:
    hub, other, stranger = await the_hub(db), await a_remote_actor(db), await a_remote_actor(db)
    await follows.insert(db, hub.id, other.id, "https://hub.example/f", accepted=True)
    two = [Version(language="de", name="Haus"), Version(language="fr", name="Maison")]
    ours = await a_post(db, hub, kind="call", area="housing", versions=two, language="de")
    theirs = await a_post(db, other, kind="call", local=False, call=CallDetail(state="filled"))
    strange = await a_post(db, stranger, kind="call", local=False)

    async def found(**wanted: Any) -> set[int]:
        return {post.id for post in await posts.list_public(db, "call", wanted=Wanted(**wanted))}

    assert await found() == {ours.id, theirs.id, strange.id}
    assert await found(area="housing") == {ours.id}
    assert await found(language="fr") == {ours.id}
    assert await found(language="en") == {theirs.id, strange.id}
    assert await found(actor_id=other.id) == {theirs.id}
    assert await found(followed_by=hub.id) == {theirs.id}
    assert await found(local=True) == {ours.id}
    assert await found(local=False) == {theirs.id, strange.id}
    assert await found(open=True) == {ours.id, strange.id}
    assert await found(open=False) == {theirs.id}
    assert await posts.list_public(db, "event") == []


@pytest.mark.parametrize(
    ("words", "language", "text"),
    [
        ("houses", "en", "We build a house"),
        ("Häuser", "de", "Ein Haus für alle"),
        ("maisons", "fr", "Une maison"),
        ("дом", "ru", "дом"),
        ('"solar roof"', "en", "A solar roof"),
    ],
)
async def test_full_text_knows_the_language_of_a_version(db: Db, words: str, language: str, text: str) -> None:
    hub = await the_hub(db)
    other = Version(language="en", name="Something else")
    post = await a_post(db, hub, kind="finding", versions=[other, Version(language=language, content=f"<p>{text}</p>")])
    await a_post(db, hub, kind="finding", text="Nothing of it")
    assert [one.id for one in await posts.list_public(db, wanted=Wanted(words=words))] == [post.id]
    assert await posts.list_public(db, wanted=Wanted(words="paragraph -- '; DROP TABLE posts")) == []


async def test_full_text_leaves_out_posts_of_who_does_not_want_to_be_found(db: Db) -> None:
    for indexable in (False, True):
        await a_post(db, await a_remote_actor(db, indexable=indexable), local=False, text="solar")
    found = await posts.list_public(db, wanted=Wanted(words="solar"))
    assert [post.actor.indexable for post in found] == [True]
