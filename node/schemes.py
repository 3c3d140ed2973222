"""Which way of signing each host understood last: remembered in the process, and in the database for all of them."""

from __future__ import annotations

from datetime import timedelta

from federation.knocking import RecentSchemes
from federation.signatures.pending import Scheme
from node.store.pool import Database
from node.store.servers import hosts
from schemas.limits import SCHEME_KEPT_SECONDS


class HostSchemes:
    """A federation.knocking.SchemeMemory. A peer that upgrades is asked in the old way once more at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recent = RecentSchemes()

    async def get(self, host: str) -> Scheme | None:
        """The scheme to begin with, or None for a host not heard of lately."""
        known = await self._recent.get(host)
        if known is None:
            async with self._database.pool.acquire() as db:
                stored = await hosts.scheme(db, host, timedelta(seconds=SCHEME_KEPT_SECONDS))
            if stored is not None:
                known = Scheme.DRAFT if stored == "draft" else Scheme.RFC9421
                await self._recent.set(host, known)
        return known

    async def set(self, host: str, scheme: Scheme) -> None:
        """This one worked."""
        await self._recent.set(host, scheme)
        async with self._database.pool.acquire() as db:
            await hosts.remember_scheme(db, host, "draft" if scheme is Scheme.DRAFT else "rfc9421")
