"""Lists of posts as they were last put together: what is new since then is put on top of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from node.caches.watch import Moment, Watch
from node.store.db import Db
from node.store.posts.reading import Page
from node.store.timelines import feeds, searching, timelines
from node.store.timelines.feeds import Narrowed, OfActor
from node.store.timelines.searching import Asked
from node.store.timelines.timelines import Walk
from schemas.limits import LISTS_KEPT, NEW_POSTS_ASKED, SETTLED_ITEMS

_T = TypeVar("_T")


class _List(msgspec.Struct, frozen=True, kw_only=True):
    walk: Walk
    moment: Moment


Stands = Callable[[list[int], Sequence[int]], Awaitable[Sequence[int] | None]]
"""Which of these new posts stand in a list of which these stand on the page; None where it has to be walked anew."""


class Lists:
    """The newest pages of lists, in the memory of one process. They are walked anew after every change but new posts
    and what is counted: that says of no other post that it stands there now, or no longer. `moment`, everywhere: when
    the watch has looked in this request; without it nothing is known."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._kept = OrderedDict[Hashable, _List]()
        self._settled = OrderedDict[Hashable, tuple[Moment, Any]]()

    async def home(self, db: Db, viewer: int, page: Page, moment: Moment | None) -> Walk:
        """A page of the home of an actor, as `timelines.list_home` gives it."""

        async def stand(made: list[int], ids: Sequence[int]) -> Sequence[int] | None:
            found = await timelines.newcomers(db, viewer, made)
            # Of two boosts of one post the older stands, so an older one that came later takes the place of the newer,
            # from below the page, too.
            late = any(one.passes_on and one.id < ids[0] for one in found)
            return None if late else [one.id for one in found if one.stands]

        return await self._newest(
            ("home", viewer), page, moment, lambda: timelines.list_home(db, viewer, page), stand
        )  # fmt: skip

    async def public(self, db: Db, viewer: int | None, narrowed: Narrowed, page: Page, moment: Moment | None) -> Walk:
        """A page of what everybody published, as `feeds.list_public` gives it."""

        async def stand(made: list[int], _: Sequence[int]) -> Sequence[int]:
            return (await feeds.list_public(db, viewer, narrowed, page, made)).ids

        return await self._newest(
            ("public", viewer, narrowed), page, moment, lambda: feeds.list_public(db, viewer, narrowed, page), stand
        )

    async def of_actor(self, db: Db, viewer: int | None, asked: OfActor, page: Page, moment: Moment | None) -> Walk:
        """A page of what an actor published, as `feeds.list_of_actor` gives it."""

        async def stand(made: list[int], _: Sequence[int]) -> Sequence[int]:
            return (await feeds.list_of_actor(db, viewer, asked, page, made)).ids

        return await self._newest(
            ("actor", viewer, asked), page, moment, lambda: feeds.list_of_actor(db, viewer, asked, page), stand
        )

    async def found(self, db: Db, viewer: int, asked: Asked, moment: Moment | None) -> list[int]:
        """The ids of posts with some words, as `searching.find_posts` finds them."""

        async def stand(made: list[int], _: Sequence[int]) -> Sequence[int]:
            return (await searching.find_posts(db, viewer, asked, made)).ids

        page = Page(limit=asked.limit)
        if asked != Asked(words=asked.words, author=asked.author, limit=asked.limit):
            moment = None
        walk = await self._newest(
            ("words", viewer, asked), page, moment, lambda: searching.find_posts(db, viewer, asked), stand
        )
        return walk.ids

    async def settled(
        self, key: Hashable, moment: Moment | None, ask: Callable[[], Awaitable[_T]], *, of_people: bool = False
    ) -> _T:
        """What has nothing to do with new posts and with what is counted, nor with time, asked once until something
        else is written; long lists each time. `of_people`: it says no more of an actor than its row, so posts may
        change, too."""
        kept = self._settled.get(key)
        if moment and kept and self._watch.people_are_same(kept[0]) and (of_people or self._watch.is_narrow(kept[0])):
            self._settled.move_to_end(key)
            found: _T = kept[1]
            return found
        found = await ask()
        if moment and not (isinstance(found, list) and len(found) > SETTLED_ITEMS):
            self._settled[key] = moment, found
            while len(self._settled) > LISTS_KEPT:
                self._settled.popitem(last=False)
        return found

    async def _newest(
        self,
        key: Hashable,
        page: Page,
        moment: Moment | None,
        walk: Callable[[], Awaitable[Walk]],
        stand: Stands,
    ) -> Walk:
        newest = page.max_id is page.since_id is page.min_id is None
        if moment is None or not newest:
            return await walk()
        key = key, page.limit
        found = await self._with_new(self._kept.get(key), stand) or await walk()
        if len(found.ids) == page.limit:  # else posts may come from below
            self._kept[key] = _List(walk=found, moment=moment)
            self._kept.move_to_end(key)
            while len(self._kept) > LISTS_KEPT:
                self._kept.popitem(last=False)
        return found

    async def _with_new(self, kept: _List | None, stand: Stands) -> Walk | None:
        """What is known, with what is new; None where it has to be walked anew."""
        if kept is None or (kept.walk.turns_at and kept.walk.turns_at <= datetime.now(UTC)):
            return None
        made = self._watch.made_since(kept.moment)
        if made is None or len(made) > NEW_POSTS_ASKED:
            return None
        ids = kept.walk.ids
        if not (made := [one for one in made if one not in ids]):
            return kept.walk
        new = await stand(made, ids)
        if new is None:
            return None
        ids = sorted([*ids, *new], reverse=True)[: len(ids)] if new else ids
        return Walk(ids=ids, cursors=ids, turns_at=kept.walk.turns_at)
