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
from schemas.limits import ANSWER_BYTES, ANSWER_OVERHEAD_BYTES, ANSWERS_BYTES, ANSWERS_SECONDS

_T = TypeVar("_T")


class Found(msgspec.Struct, Generic[_T], frozen=True, kw_only=True):
    """What was remembered, if it still holds, and the snapshot that a new answer is to be remembered with: nothing that
    goes into it is read before."""

    snapshot: str
    value: _T | None


class _Entry(msgspec.Struct, Generic[_T], kw_only=True):
    snapshot: str
    value: _T
    size: int
    ends: float


class Remembered(Generic[_T]):
    """In the memory of one process, ANSWERS_BYTES of them at most. Some of what an answer says changes by time alone (a
    mute that ends, a poll that closes): so none is older than ANSWERS_SECONDS."""

    def __init__(self, breaks: Callable[[], int] = lambda: 0, clock: Callable[[], float] = time.monotonic) -> None:
        """`breaks`: how often the database was lost so far. What answers afterwards may be a standby that lacks the
        last transactions, and gives their numbers to others."""
        self._breaks, self._era, self._clock = breaks, breaks(), clock
        self._entries = OrderedDict[Hashable, _Entry[_T]]()
        self._size = 0

    async def find(self, db: Db, key: Hashable) -> Found[_T]:
        """The answer to what was asked with this key before. One query."""
        if self._era != (era := self._breaks()):
            self._era = era
            self._entries.clear()
            self._size = 0
        entry = self._entries.get(key)
        if entry is not None and entry.ends < self._clock():
            entry = None
        since = await changes.since(db, entry.snapshot if entry else None)
        if entry is None or not since.is_same:
            return Found(snapshot=since.now, value=None)
        entry.snapshot = since.now
        return Found(snapshot=since.now, value=entry.value)

    def put(self, key: Hashable, snapshot: str, value: _T, size: int) -> None:
        """Remember an answer that was made after the snapshot was taken. `size`: bytes of it and of its key; empty ones
        take room, too, and anybody can ask for as many as they like."""
        if size > ANSWER_BYTES:
            return
        self._drop(key)
        size += ANSWER_OVERHEAD_BYTES
        self._entries[key] = _Entry(snapshot=snapshot, value=value, size=size, ends=self._clock() + ANSWERS_SECONDS)
        self._size += size
        while self._size > ANSWERS_BYTES:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= entry.size
