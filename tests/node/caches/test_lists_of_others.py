"""What is public, what somebody published and what a search finds: put together from what is known, they are what is
walked and looked for, whatever was written meanwhile."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from node.caches.lists import Lists
from node.caches.watch import Watch
from node.store.db import Db
from node.store.posts.reading import Page
from node.store.timelines import feeds, searching
from node.store.timelines.feeds import Narrowed, OfActor
from node.store.timelines.searching import Asked
from schemas.limits import SETTLED_ITEMS
from schemas.records import Actor, Post
from tests.factories import a_local_actor, a_post, a_remote_actor

PAGE = Page(limit=3)
WORDS = Asked(words="bread", limit=3)
STEPS = 60


class Public:
    """A member, a stranger, and others whose lists they read."""

    def __init__(self, db: Db, me: Actor, others: Sequence[Actor], chance: random.Random) -> None:
        self.db, self.me, self.others, self.chance = db, me, others, chance
        self.watch = Watch()
        self.lists = Lists(self.watch)
        self.posts = list[Post]()

    @property
    def somebody(self) -> Actor:
        return self.chance.choice(self.others)

    async def put(self, **fields: Any) -> None:
        ago = self.chance.choice([0, 0, 5, 4000])
        text = self.chance.choice(["bread", "cheese"])
        self.posts.append(
            await a_post(
                self.db,
                self.somebody,
                text=text,
                local=self.chance.random() < 0.2,
                published_at=datetime.now(UTC) - timedelta(seconds=ago),
                **fields,
            )
        )

    async def check(self, said: str) -> None:
        moment = await self.watch.look(self.db)
        of_first = OfActor(actor_id=self.others[0].id)
        for viewer in (self.me.id, None):
            for narrowed in (Narrowed(), Narrowed(remote=True)):
                known = await self.lists.public(self.db, viewer, narrowed, PAGE, moment)
                assert known.ids == (await feeds.list_public(self.db, viewer, narrowed, PAGE)).ids, said
            known = await self.lists.of_actor(self.db, viewer, of_first, PAGE, moment)
            assert known.ids == (await feeds.list_of_actor(self.db, viewer, of_first, PAGE)).ids, said
        for asked in (WORDS, Asked(words="bread", limit=3, author=self.others[0].id), Asked(words="bread", limit=2)):
            ids = await self.lists.found(self.db, self.me.id, asked, moment)
            assert ids == (await searching.find_posts(self.db, self.me.id, asked)).ids, said


Deed = Callable[[Public], Awaitable[object]]
NEW: dict[str, Deed] = {
    "a post": lambda one: one.put(),
    "for few": lambda one: one.put(audience=one.chance.choice(["unlisted", "followers", "direct"])),
    "an answer": lambda one: one.put(in_reply_to=one.chance.choice(one.posts).uri),
    "a boost": lambda one: a_post(
        one.db, one.somebody, kind="boost", boost_of_id=(passed := one.chance.choice(one.posts)).id, versions=[],
        uri=f"urn:boost:{passed.id}:{one.chance.random()}",
    ),
    "a like": lambda one: one.db.execute(
        "UPDATE posts SET likes_count = likes_count + 1 WHERE id = $1", one.chance.choice(one.posts).id
    ),
}  # fmt: skip
OTHER: dict[str, Deed] = {
    "a block": lambda one: one.db.execute(
        "INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", one.me.id, one.somebody.id
    ),
    "blocked by them": lambda one: one.db.execute(
        "INSERT INTO blocks (blocker_id, blocked_id) VALUES ($2, $1) ON CONFLICT DO NOTHING", one.me.id, one.somebody.id
    ),
    "no blocks": lambda one: one.db.execute("DELETE FROM blocks"),
    "a mute": lambda one: one.db.execute(
        "INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", one.me.id, one.somebody.id
    ),
    "no mutes": lambda one: one.db.execute("DELETE FROM mutes"),
    "a deletion": lambda one: one.db.execute(
        "UPDATE posts SET deleted_at = now() WHERE id = $1", one.chance.choice(one.posts).id
    ),
    "other words": lambda one: one.db.execute(
        """UPDATE posts SET versions = '[{"language": "en", "content": "bread"}]' WHERE id = $1""",
        one.chance.choice(one.posts).id,
    ),
    "for others": lambda one: one.db.execute(
        "UPDATE posts SET audience = $2 WHERE id = $1",
        one.chance.choice(one.posts).id,
        one.chance.choice(["public", "unlisted", "followers"]),
    ),
    "a suspension": lambda one: one.db.execute(
        "UPDATE actors SET suspended_at = CASE WHEN suspended_at IS NULL THEN now() END WHERE id = $1", one.somebody.id
    ),
    "a limit": lambda one: one.db.execute(
        "UPDATE actors SET limited_at = CASE WHEN limited_at IS NULL THEN now() END WHERE id = $1", one.somebody.id
    ),
    "not to be found": lambda one: one.db.execute(
        "UPDATE actors SET indexable = NOT indexable WHERE id = $1", one.somebody.id
    ),
    "a blocked domain": lambda one: one.db.execute(
        "INSERT INTO blocked_domains (actor_id, domain) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        one.me.id,
        one.others[-1].host,
    ),
    "no blocked domains": lambda one: one.db.execute("DELETE FROM blocked_domains"),
}


@pytest.fixture
async def public(db: Db, request: pytest.FixtureRequest) -> Public:
    others = [await a_remote_actor(db, indexable=True) for _ in range(3)]
    others.append(await a_remote_actor(db, host="https://other.example", indexable=True))
    made = Public(db, await a_local_actor(db, "me"), others, random.Random(getattr(request, "param", 1)))
    for _ in range(12):
        await made.put()
    await made.check("at first")
    return made


@pytest.mark.parametrize("public", range(6), indirect=True)
async def test_known_lists_are_what_is_walked(public: Public) -> None:
    for step in range(STEPS):
        deeds = OTHER if step % 4 == 0 else NEW
        said = public.chance.choice(list(deeds))
        await deeds[said](public)
        if public.chance.random() < 0.7:
            await public.check(f"{step}: {said}")


async def test_nothing_is_walked_for_what_is_new(public: Public, monkeypatch: pytest.MonkeyPatch) -> None:
    walks = list[str]()

    def counted(name: str, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def ask(*given: Any) -> Any:
            if not isinstance(given[-1], list):  # it is not asked among some
                walks.append(name)
            return await real(*given)

        return ask

    moment = await public.watch.look(public.db)
    for name in ("list_public", "list_of_actor"):
        monkeypatch.setattr(f"node.caches.lists.feeds.{name}", counted(name, getattr(feeds, name)))
    monkeypatch.setattr("node.caches.lists.searching.find_posts", counted("find_posts", searching.find_posts))
    for deed in NEW.values():
        await deed(public)
        moment = await public.watch.look(public.db)
        await public.lists.public(public.db, public.me.id, Narrowed(), PAGE, moment)
        await public.lists.of_actor(public.db, public.me.id, OfActor(actor_id=public.others[0].id), PAGE, moment)
        await public.lists.found(public.db, public.me.id, WORDS, moment)
    assert walks == []
    await OTHER["a mute"](public)
    moment = await public.watch.look(public.db)
    await public.lists.found(public.db, public.me.id, WORDS, moment)
    assert walks == ["find_posts"]


async def test_a_mute_that_ends_ends_there_too(public: Public) -> None:
    await public.db.execute(
        "INSERT INTO mutes (actor_id, muted_id, ends_at) SELECT $1, unnest($2::bigint[]), now() + interval '0.3 s'",
        public.me.id,
        [one.id for one in public.others[:3]],
    )
    await public.check("muted")
    before = (
        await public.lists.found(public.db, public.me.id, WORDS, await public.watch.look(public.db)),
        public.posts,
    )
    await public.put()
    await public.db.execute("SELECT pg_sleep(0.35)")
    await public.check("no longer")
    assert before[0] != (await searching.find_posts(public.db, public.me.id, WORDS)).ids


async def test_what_is_settled_is_asked_again_after_anything_else(public: Public) -> None:
    asked = list[str]()

    async def people() -> list[str]:
        asked.append("people")
        return [row["name"] for row in await public.db.fetch("SELECT name FROM actors ORDER BY id")]

    async def known(*, of_people: bool) -> bool:
        """Whether it is known without asking; what is told is what there is in any case."""
        before, moment = len(asked), await public.watch.look(public.db)
        told = await public.lists.settled(("people", of_people), moment, people, of_people=of_people)
        known = len(asked) == before
        assert told == await people()
        return known

    assert len(await people()) == SETTLED_ITEMS
    for of_people in (True, False):
        assert not await known(of_people=of_people)
        await public.put()
        assert await known(of_people=of_people)
        await OTHER["a block"](public)
        assert await known(of_people=of_people) is of_people
        await public.db.execute("UPDATE actors SET name = 'x' || id WHERE id = $1", public.others[0].id)
        assert not await known(of_people=of_people)
        await public.db.execute("UPDATE actors SET name = 'y' || id WHERE id = $1", public.others[0].id)
        assert (await public.lists.settled(("people", of_people), None, people)) == await people()
    await a_remote_actor(public.db)
    assert not await known(of_people=True) and not await known(of_people=True), "too long to be kept"
