"""What was read and made before, for as long as it is the same: most of a page has been asked for a moment ago."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from node.caches.watch import Moment, Watch
from node.store.db import Db
from node.store.timelines.stamps import Stamp, stamps_of
from node.store.timelines.timelines import records_of
from schemas.limits import ASKERS, KEPT_PIECE_BYTES, KEPT_PIECES, KEPT_POSTS, KEPT_THINGS
from schemas.records import Actor, Post

FOREVER = datetime.max.replace(tzinfo=UTC)


class Sure(msgspec.Struct, frozen=True, kw_only=True):
    """Since when nothing needs to be looked at, but for what is counted of these posts and people; and until when."""

    moment: Moment
    posts: tuple[int, ...]
    people: tuple[int, ...]
    ends: datetime


class _Piece(msgspec.Struct, kw_only=True):
    seen: object
    ends: datetime
    written: bytes
    sure: Sure | None


class Kept:
    """In the memory of one process. Nothing is ever shown that the database would not tell in the same moment: a post
    is given back only if no row that it is made of has changed, and what is made of a thing stands beside that very
    thing."""

    def __init__(self, breaks: Callable[[], int] = lambda: 0, watch: Watch | None = None) -> None:
        """`breaks`: how often the database was lost so far. What answers afterwards may be a standby that lacks the
        last transactions and numbers others like them, so nothing is remembered beyond. `watch`: what the process knows
        of changes."""
        self._breaks, self._era = breaks, breaks()
        self.watch = watch or Watch(breaks)
        self._posts = OrderedDict[int, tuple[Stamp, Post]]()
        self._pieces = OrderedDict[Hashable, _Piece]()
        self._unfiltered = OrderedDict[int, Moment]()
        self._made = OrderedDict[Hashable, tuple[Post | Actor, dict[Hashable, Any]]]()

    def unread(self, ids: Iterable[int]) -> list[int]:
        """Those of the posts of which nothing is remembered."""
        return [one for one in ids if one not in self._posts]

    async def posts(
        self,
        db: Db,
        ids: Sequence[int],
        stamps: Mapping[int, Stamp] | None = None,
        read: Iterable[Post] = (),
    ) -> list[Post]:
        """The posts with these ids in their order, less those deleted meanwhile. Nobody's right to see them is asked.
        Two queries, one where all are known; one or none where the caller has just read their `stamps`. `read`: records
        that came with these."""
        self._look_out()
        if stamps is None:
            stamps = await stamps_of(db, ids) if ids else {}
        stamps = {one: stamps[one] for one in ids if one in stamps}
        known = {post.id: post for post in read if post.id in stamps}
        for post in known.values():
            self._keep(db, post, stamps)
        for one, stamp in stamps.items():
            if one not in known and (same := self._same(one, stamp)):
                known[one] = same
        for post in await records_of(db, [one for one in stamps if one not in known]):
            known[post.id] = post
            self._keep(db, post, stamps)
        return [known[one] for one in ids if one in known]

    def _keep(self, db: Db, post: Post, stamps: Mapping[int, Stamp]) -> None:
        if not db.is_in_transaction():  # where others do not see the same
            _put(self._posts, post.id, (stamps[post.id], post), KEPT_POSTS)

    def piece(self, key: Hashable, seen: object, sure: Sure | None = None) -> bytes | None:
        """What was written of a thing, if it was made of what is `seen` of it now and its time is not over. `sure`: for
        how long that need not be looked at again."""
        self._look_out()
        entry = self._pieces.get(key)
        if entry is None or entry.seen != seen or (entry.ends is not FOREVER and entry.ends <= datetime.now(UTC)):
            return None
        entry.sure = sure or entry.sure
        self._pieces.move_to_end(key)
        return entry.written

    def sure_pieces(self, keys: Mapping[int, Hashable]) -> dict[int, bytes]:
        """By their ids, what was written of those things that are known without a look to be the same still. The caller
        has let the watch look in this request."""
        self._look_out()
        found, now, pieces, are_same = dict[int, bytes](), datetime.now(UTC), self._pieces, self.watch.are_same
        for number, key in keys.items():
            entry = pieces.get(key)
            if entry is None or (sure := entry.sure) is None or entry.ends <= now or sure.ends <= now:
                continue
            if are_same(sure.moment, sure.posts, sure.people):
                pieces.move_to_end(key)
                found[number] = entry.written
        return found

    def put_piece(self, key: Hashable, seen: object, ends: datetime, written: bytes, sure: Sure | None = None) -> None:
        """Keep what was written of a thing. `seen`: all that it was made of, or something that changes with it, read no
        later than that was. `ends`: until when it holds without any change."""
        if len(written) <= KEPT_PIECE_BYTES:
            _put(self._pieces, key, _Piece(seen=seen, ends=ends, written=written, sure=sure), KEPT_PIECES)

    def put_unfiltered(self, viewer: int, moment: Moment) -> None:
        """A viewer had no filters that are in force, asked after this moment. None begins by itself."""
        _put(self._unfiltered, viewer, moment, ASKERS)

    def is_unfiltered(self, viewer: int | None) -> bool:
        """Whether a viewer is known to have no filters still; strangers have none."""
        moment = None if viewer is None else self._unfiltered.get(viewer)
        return viewer is None or (moment is not None and self.watch.is_narrow(moment))

    def beside(self, thing: Post | Actor) -> dict[Hashable, Any]:
        """Where to put what is made of this thing and of nothing else, to find it the next time it is the same."""
        key = type(thing), thing.id
        entry = self._made.get(key)
        if entry is None or not (entry[0] is thing or entry[0] == thing):
            entry = thing, {}
        _put(self._made, key, entry, KEPT_THINGS)
        return entry[1]

    def _look_out(self) -> None:
        if self._era != (era := self._breaks()):
            self._era = era
            self._posts.clear()
            self._pieces.clear()

    def _same(self, post_id: int, stamp: Stamp) -> Post | None:
        entry = self._posts.get(post_id)
        if entry is None or entry[0] != stamp:
            return None
        self._posts.move_to_end(post_id)
        return entry[1]


def _put(kept: OrderedDict[Any, Any], key: Hashable, entry: object, most: int) -> None:
    kept[key] = entry
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
