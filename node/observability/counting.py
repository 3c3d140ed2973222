"""What is refused, ignored or not understood is counted: in memory, and now and then in the database."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

import structlog

from node.store.db import is_away
from node.store.pool import Database
from node.store.servers import tallies
from schemas.limits import TALLIES_GATHERED, TALLY_SECONDS

OTHERS = "*"
"""Stands for hosts and types beyond the number we count one by one (case 64)."""

_TYPE = re.compile(r"[A-Za-z]{1,40}")
_log = structlog.get_logger("node.counting")


class Tallies:
    """A lost process loses some seconds of counts, nothing else."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: Counter[tallies.Tally] = Counter()

    def count(self, host: str, kind: str, reason: str) -> None:
        """Count one. `kind` is a stranger's word and only kept where it looks like a type."""
        tally = (host, kind if _TYPE.fullmatch(kind) else OTHERS, reason)
        if tally not in self._counts and len(self._counts) >= TALLIES_GATHERED:
            tally = (OTHERS, OTHERS, reason)
        self._counts[tally] += 1

    async def flush(self) -> None:
        """Write what has gathered; if the database is away it is tried again next time."""
        gathered, self._counts = self._counts, Counter()
        if not gathered:
            return
        try:
            async with self._database.pool.acquire() as db:
                await tallies.add_many(db, gathered)
        except Exception as error:
            if not is_away(error):
                raise
            self._counts.update(gathered)
            _log.warning("counts wait", kind=type(error).__name__)

    async def flush_regularly(self) -> None:
        """For the life of the process."""
        while True:
            await asyncio.sleep(TALLY_SECONDS)
            await self.flush()
