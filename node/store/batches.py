"""Many callers' small writes in one transaction: while one is being committed, the next ones gather (group commit)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """Hands what is put to `write`, at most `limit` at a time and one batch after the other."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[None]], limit: int) -> None:
        self._write = write
        self._limit = limit
        self._waiting: deque[tuple[T, asyncio.Future[None]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def put(self, item: T) -> None:
        """Return once the item is committed; raise what its own write raised."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await done

    async def close(self) -> None:
        """Wait until everything put so far is written."""
        if self._writer is not None:
            await self._writer

    async def _write_all(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._limit, len(self._waiting)))]
            try:
                await self._write([item for item, _ in batch])
            except Exception as error:  # whatever it is, it is raised where the item was put
                await self._write_apart(batch, error)
            else:
                for _, done in batch:
                    _settle(done, None)

    async def _write_apart(self, batch: list[tuple[T, asyncio.Future[None]]], error: Exception) -> None:
        """One bad item must not take the others with it: each gets a write of its own."""
        for item, done in batch:
            outcome: Exception | None = error
            if len(batch) > 1:
                try:
                    await self._write([item])
                    outcome = None
                except Exception as own:
                    outcome = own
            _settle(done, outcome)


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
