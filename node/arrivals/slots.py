"""So many at the same time, and so many of them for one host: a slow host fills its own places only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """Waiting is fair within a host. Hosts with nobody waiting are forgotten (case 64)."""

    def __init__(self, total: int, per_host: int) -> None:
        self._total = asyncio.Semaphore(total)
        self._per_host = per_host
        self._hosts: dict[str, tuple[asyncio.Semaphore, list[None]]] = {}

    @asynccontextmanager
    async def taken(self, host: str) -> AsyncIterator[None]:
        """Hold a place for this host as long as the block lasts."""
        own, users = self._hosts.setdefault(host, (asyncio.Semaphore(self._per_host), []))
        users.append(None)
        try:
            # The host's own place first: whoever waits for that must not hold one of the common places.
            async with own, self._total:
                yield
        finally:
            users.pop()
            if not users:
                self._hosts.pop(host, None)
