"""Whole answers, for as long as nothing was written that they may be made of: what many ask for within seconds, and
what an app asks for again and again, is put together once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import msgspec

from node.store import changes
from node.store.db import Db
from schemas.limits import ANSWER_BYTES, ANSWER_OVERHEAD_BYTES, ANSWERS_BYTES, ANSWERS_SECONDS, ASKERS

_T = TypeVar("_T")
_A = TypeVar("_A")
_E = TypeVar("_E")


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """When something was asked: a snapshot, and how often the database had been lost until then: a snapshot says
    something to one server only."""

    snapshot: str
    era: int


class Found(msgspec.Struct, Generic[_T, _A], frozen=True, kw_only=True):
    """What was remembered, if it still holds, and the moment that a new answer is to be remembered with: nothing that
    goes into it is read before. `asker`: who asks, if that is known."""

    moment: Moment
    value: _T | None
    asker: _A | None


class _Entry(msgspec.Struct, Generic[_T], kw_only=True):
    snapshot: str
    value: _T
    size: int
    ends: float


class Remembered(Generic[_T, _A]):
    """In the memory of one process, ANSWERS_BYTES of them at most. Some of what an answer says changes by time alone (a
    mute that ends, a poll that closes): so none is older than ANSWERS_SECONDS."""

    def __init__(self, breaks: Callable[[], int] = lambda: 0, clock: Callable[[], float] = time.monotonic) -> None:
        """`breaks`: how often the database was lost so far. What answers afterwards may be a standby that lacks the
        last transactions, and gives their numbers to others."""
        self._breaks, self._era, self._clock = breaks, breaks(), clock
        self._entries = OrderedDict[Hashable, _Entry[_T]]()
        self._askers = OrderedDict[Hashable, _Entry[_A]]()
        self._size = 0

    async def find(self, db: Db, key: Hashable, asker: Hashable = None) -> Found[_T, _A]:
        """The answer to what was asked with this key before; and who stands behind the token that is the key `asker`,
        which fewer changes concern. One query."""
        if self._era != (era := self._breaks()):
            self._era = era
            self._entries.clear()
            self._askers.clear()
            self._size = 0
        entry, who = self._young(self._entries.get(key)), self._young(self._askers.get(asker))
        since = await changes.since(db, entry.snapshot if entry else None, who.snapshot if who else None)
        if entry is not None and since.is_same:
            entry.snapshot = since.now
        if who is not None and since.people_are_same:
            who.snapshot = since.now
        return Found(
            moment=Moment(snapshot=since.now, era=era),
            value=entry.value if entry and since.is_same else None,
            asker=who.value if who and since.people_are_same else None,
        )

    def put_asker(self, asker: Hashable, moment: Moment, value: _A) -> None:
        """Remember who stands behind a token, asked after that moment."""
        if moment.era != self._breaks():
            return
        self._askers[asker] = _Entry(
            snapshot=moment.snapshot, value=value, size=0, ends=self._clock() + ANSWERS_SECONDS
        )
        self._askers.move_to_end(asker)
        while len(self._askers) > ASKERS:
            self._askers.popitem(last=False)

    def _entry(self, moment: Moment, value: _E, size: int) -> _Entry[_E]:
        return _Entry(snapshot=moment.snapshot, value=value, size=size, ends=self._clock() + ANSWERS_SECONDS)

    def _young(self, entry: _Entry[_E] | None) -> _Entry[_E] | None:
        return None if entry is None or entry.ends < self._clock() else entry

    def put(self, key: Hashable, moment: Moment, value: _T, size: int) -> None:
        """Remember an answer that was made after that moment. `size`: bytes of it and of its key; empty ones
        take room, too, and anybody can ask for as many as they like."""
        if size > ANSWER_BYTES or moment.era != self._breaks():
            return
        self._drop(key)
        size += ANSWER_OVERHEAD_BYTES
        self._entries[key] = _Entry(
            snapshot=moment.snapshot, value=value, size=size, ends=self._clock() + ANSWERS_SECONDS
        )
        self._size += size
        while self._size > ANSWERS_BYTES:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= entry.size
