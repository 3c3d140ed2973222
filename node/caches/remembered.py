"""Whole answers, for as long as nothing was written that they may be made of: what many ask for within seconds, and
what an app asks for again and again, is put together once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import msgspec

from node.caches.watch import Moment, Watch
from node.store.db import Db
from schemas.limits import ANSWER_BYTES, ANSWER_OVERHEAD_BYTES, ANSWERS_BYTES, ANSWERS_SECONDS, ASKERS

_T = TypeVar("_T")
_A = TypeVar("_A")
_E = TypeVar("_E")


class Found(msgspec.Struct, Generic[_T, _A], frozen=True, kw_only=True):
    """What was remembered, if it still holds, and the moment that a new answer is to be remembered with: nothing that
    goes into it is read before. `asker`: who asks, if that is known."""

    moment: Moment
    value: _T | None
    asker: _A | None


class _Entry(msgspec.Struct, Generic[_T], frozen=True, kw_only=True):
    moment: Moment
    value: _T
    size: int
    ends: float


class Remembered(Generic[_T, _A]):
    """In the memory of one process, ANSWERS_BYTES of them at most. Some of what an answer says changes by time alone (a
    mute that ends, a poll that closes): so none is older than ANSWERS_SECONDS."""

    def __init__(self, watch: Watch, clock: Callable[[], float] = time.monotonic) -> None:
        """`watch`: what the process knows of changes."""
        self._watch, self._clock = watch, clock
        self._entries = OrderedDict[Hashable, _Entry[_T]]()
        self._askers = OrderedDict[Hashable, _Entry[_A]]()
        self._size = 0

    async def find(self, db: Db, key: Hashable, asker: Hashable = None) -> Found[_T, _A]:
        """The answer to what was asked with this key before; and who stands behind the token that is the key `asker`,
        which fewer changes concern. One query."""
        moment = await self._watch.look(db)
        entry, who = self._young(self._entries.get(key)), self._young(self._askers.get(asker))
        return Found(
            moment=moment,
            value=entry.value if entry and self._watch.is_same(entry.moment) else None,
            asker=who.value if who and self._watch.people_are_same(who.moment) else None,
        )

    def put_asker(self, asker: Hashable, moment: Moment, value: _A) -> None:
        """Remember who stands behind a token, asked after that moment."""
        if not self._watch.is_of_now(moment):
            return
        self._askers[asker] = self._entry(moment, value, 0)
        self._askers.move_to_end(asker)
        while len(self._askers) > ASKERS:
            self._askers.popitem(last=False)

    def _entry(self, moment: Moment, value: _E, size: int) -> _Entry[_E]:
        return _Entry(moment=moment, value=value, size=size, ends=self._clock() + ANSWERS_SECONDS)

    def _young(self, entry: _Entry[_E] | None) -> _Entry[_E] | None:
        return None if entry is None or entry.ends < self._clock() else entry

    def put(self, key: Hashable, moment: Moment, value: _T, size: int) -> None:
        """Remember an answer that was made after that moment. `size`: bytes of it and of its key; empty ones
        take room, too, and anybody can ask for as many as they like."""
        if size > ANSWER_BYTES or not self._watch.is_of_now(moment):
            return
        self._drop(key)
        size += ANSWER_OVERHEAD_BYTES
        self._entries[key] = self._entry(moment, value, size)
        self._size += size
        while self._size > ANSWERS_BYTES:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= entry.size
