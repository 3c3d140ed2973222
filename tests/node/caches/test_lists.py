"""A home that is put together from what is known is the home that is walked, whatever was written meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from node.caches.lists import Lists
from node.caches.watch import Watch
from node.store.db import Db
from node.store.people import follows
from node.store.posts.reading import Page
from node.store.timelines import timelines
from schemas.records import Actor, Post
from tests.factories import a_local_actor, a_post, a_remote_actor

PAGE = Page(limit=3)


class Home:
    """A member who follows one of two others, with what was walked of the home so far."""

    def __init__(self, db: Db, me: Actor, followed: Actor, other: Actor) -> None:
        self.db, self.me, self.followed, self.other = db, me, followed, other
        self.watch = Watch()
        self.lists = Lists(self.watch)

    async def known(self) -> list[int]:
        """As it is answered, which must be what a walk finds."""
        moment = await self.watch.look(self.db)
        known = await self.lists.home(self.db, self.me.id, PAGE, moment)
        walked = await timelines.list_home(self.db, self.me.id, PAGE)
        assert (known.ids, known.cursors) == (walked.ids, walked.cursors)
        return known.ids

    async def put(self, actor: Actor, ago: int = 0, boost_of: Post | None = None) -> Post:
        boost = {"kind": "boost", "boost_of_id": boost_of.id, "versions": []} if boost_of else {}
        return await a_post(self.db, actor, published_at=datetime.now(UTC) - timedelta(seconds=ago), **boost)


@pytest.fixture
async def home(db: Db) -> Home:
    me, followed, other = await a_local_actor(db, "me"), await a_remote_actor(db), await a_remote_actor(db)
    await follows.insert(db, me.id, followed.id, "https://hub.example/follows/1", accepted=True)
    made = Home(db, me, followed, other)
    for ago in (50, 40, 30, 20):
        await made.put(followed, ago)
    await made.known()
    return made


async def test_new_posts_come_where_their_time_is_and_only_from_whom_one_follows(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks: list[int] = []
    walk = timelines.list_home

    async def counted(db: Db, viewer: int, page: Page) -> timelines.Walk:
        walks.append(viewer)
        return await walk(db, viewer, page)

    monkeypatch.setattr("node.caches.lists.timelines.list_home", counted)
    newest = await home.put(home.followed)
    assert (await home.known())[0] == newest.id
    between = await home.put(home.followed, 25)
    await home.put(home.followed, 3600)
    stranger = await home.put(home.other)
    ids = await home.known()
    assert between.id in ids and stranger.id not in ids
    boost = await home.put(home.followed, boost_of=stranger)
    own = await home.put(home.me)
    assert {boost.id, own.id} < {*await home.known()}
    assert len(walks) == 3, "only those that this test compares with"


WRITTEN: dict[str, Callable[[Home], Awaitable[object]]] = {
    "a mute": lambda home: home.db.execute(
        "INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", home.me.id, home.followed.id
    ),
    "a block": lambda home: home.db.execute(
        "INSERT INTO blocks (blocker_id, blocked_id) VALUES ($2, $1)", home.me.id, home.followed.id
    ),
    "a deletion": lambda home: home.db.execute("UPDATE posts SET deleted_at = now() WHERE kind = 'post'"),
    "no follow any more": lambda home: home.db.execute("DELETE FROM follows"),
    "for others alone": lambda home: home.db.execute("UPDATE posts SET audience = 'direct' WHERE kind = 'post'"),
    "a suspension": lambda home: home.db.execute("UPDATE actors SET suspended_at = now() WHERE id <> $1", home.me.id),
    "a tag that is followed": lambda home: home.db.execute(
        "INSERT INTO followed_tags (actor_id, tag) VALUES ($1, 'tea')", home.me.id
    ),
}


@pytest.mark.parametrize("written", WRITTEN)
async def test_whatever_else_is_written_counts_at_once(home: Home, written: str) -> None:
    await home.put(home.followed)
    await home.known()
    await WRITTEN[written](home)
    await home.put(home.followed)
    await home.known()


@pytest.mark.parametrize("ago", [10, 45])
async def test_an_older_boost_that_comes_later_takes_the_place_of_the_newer(home: Home, ago: int) -> None:
    original, second = await home.put(home.other, 60), await a_remote_actor(home.db)
    await follows.insert(home.db, home.me.id, second.id, "https://hub.example/follows/2", accepted=True)
    newer = await home.put(home.followed, 5, boost_of=original)
    assert newer.id in await home.known()
    older = await home.put(second, ago, boost_of=original)
    ids = await home.known()
    assert (older.id in ids) is (ago == 10) and newer.id not in ids


async def test_a_mute_that_ends_ends_at_home_too(home: Home) -> None:
    await home.db.execute(
        "INSERT INTO mutes (actor_id, muted_id, ends_at) VALUES ($1, $2, now() + interval '1 hour')",
        home.me.id,
        home.other.id,
    )
    walk = await timelines.list_home(home.db, home.me.id, PAGE)
    assert walk.turns_at and walk.turns_at > datetime.now(UTC)
    await home.known()
    (kept,) = home.lists._kept.values()
    assert kept.walk.turns_at == walk.turns_at
