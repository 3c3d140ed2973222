"""What one process knows of what is written: whether what it read and made a while ago is still the same."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

import msgspec

from node.store import changes
from node.store.changes import Note
from node.store.db import Db
from schemas.limits import CHANGES_SURE_SECONDS, NEW_POSTS_WATCHED, WATCHED


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """When something was asked: after so many looks that found something new, and how often the database had been lost
    until then: what is known of changes says something about one server only."""

    tick: int
    era: int


class Watch:
    """Follows the notes of transactions (`store/changes.py`) from look to look. Each look that finds some is a tick;
    what was read after a look is still the same as long as no later tick concerns it."""

    def __init__(self, breaks: Callable[[], int] = lambda: 0, clock: Callable[[], float] = time.monotonic) -> None:
        """`breaks`: how often the database was lost so far. What answers afterwards may be a standby that lacks the
        last transactions, and gives their numbers to others."""
        self._breaks, self._era, self._clock = breaks, breaks(), clock
        self._snapshot: str | None = None
        self._looked = 0.0
        self._tick = self._people_tick = self._wide_tick = 0
        self._posts, self._counted = dict[int, int](), dict[int, int]()
        self._made = deque[tuple[int, int]]()
        self._forgotten = 0

    async def look(self, db: Db) -> Moment:
        """Learn what was written since the last look. What is read after this belongs to the moment that is given: one
        query."""
        if self._era != self._breaks() or self._clock() - self._looked > CHANGES_SURE_SECONDS:
            self._era, self._snapshot = self._breaks(), None
        asked, begun, era, at = self._snapshot, self._tick, self._era, self._clock()
        found = await changes.since(db, asked)
        if era != self._breaks():
            return Moment(tick=begun, era=era)
        # Who looked meanwhile may have seen more than this look did: then that is not taken as seen.
        alone = begun == self._tick
        self._learn(found.notes)
        if self._snapshot is asked:
            self._snapshot, self._looked = found.now, at
        return Moment(tick=self._tick if alone else begun, era=era)

    def is_of_now(self, moment: Moment) -> bool:
        """Whether the database was not lost since then."""
        return moment.era == self._breaks()

    def is_same(self, moment: Moment) -> bool:
        """Whether nothing was written since then, as far as was looked."""
        return self.is_of_now(moment) and self._tick <= moment.tick

    def people_are_same(self, moment: Moment) -> bool:
        """Whether what tokens stand for is the same as then."""
        return self.is_of_now(moment) and self._people_tick <= moment.tick

    def is_narrow(self, moment: Moment) -> bool:
        """Whether nothing was written since then but new posts and what is counted."""
        return self.is_of_now(moment) and self._wide_tick <= moment.tick

    def are_same(self, moment: Moment, posts: Iterable[int], people: Iterable[int]) -> bool:
        """Whether these posts and people are shown as they were then, to the same viewer."""
        tick = moment.tick
        if moment.era != self._breaks() or self._wide_tick > tick:
            return False
        if tick < self._tick:  # loops: this is asked of each piece of a page
            for one in posts:
                if self._posts.get(one, 0) > tick:
                    return False
            for one in people:
                if self._counted.get(one, 0) > tick:
                    return False
        return True

    def made_since(self, moment: Moment) -> list[int] | None:
        """The ids of posts that are new since then, and some more; None where something else was written, too, but what
        is counted, or where they are too many to be known."""
        if not self.is_narrow(moment) or moment.tick < self._forgotten:
            return None
        return [number for _, number in takewhile(lambda one: one[0] > moment.tick, reversed(self._made))]

    def _learn(self, notes: Sequence[Note] | None) -> None:
        if notes == []:
            return
        self._tick += 1
        if notes is None or len(self._posts) + len(self._counted) > WATCHED:
            self._posts.clear()
            self._counted.clear()
            self._wide_tick = self._tick
        if notes is None:
            self._people_tick = self._tick
            return
        for note in notes:
            if note.people:
                self._people_tick = self._tick
            if note.wide:
                self._wide_tick = self._tick
            self._posts.update(dict.fromkeys(note.posts, self._tick))
            self._counted.update(dict.fromkeys(note.counted, self._tick))
            self._made.extend((self._tick, one) for one in note.made)
        while len(self._made) > NEW_POSTS_WATCHED:
            self._forgotten, _ = self._made.popleft()
