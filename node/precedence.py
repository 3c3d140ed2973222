"""Whoever waits in front of a screen goes first: what other servers sent, and work on it, gives way for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from schemas.limits import GIVE_WAY_SECONDS, PRECEDENCE_SECONDS


class Precedence:
    """One per process. Nobody is held up for longer than GIVE_WAY_SECONDS, so that nothing stands still."""

    def __init__(self) -> None:
        self._under_way = 0
        self._free = asyncio.Event()
        self._free.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Others give way while the block lasts, and not for longer than PRECEDENCE_SECONDS: some requests are long."""
        left = False

        def leave() -> None:
            nonlocal left
            if not left:
                left = True
                self._under_way -= 1
                if not self._under_way:
                    self._free.set()

        self._under_way += 1
        self._free.clear()
        over = asyncio.get_running_loop().call_later(PRECEDENCE_SECONDS, leave)
        try:
            yield
        finally:
            over.cancel()
            leave()

    async def give_way(self) -> None:
        """Wait until nobody is first, or a moment."""
        if self._under_way:
            with suppress(TimeoutError):
                async with asyncio.timeout(GIVE_WAY_SECONDS):
                    await self._free.wait()
