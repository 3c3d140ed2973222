"""A line for each step of an activity between us and another server: in memory, and now and then in the database. What
is too much is left out: nobody waits for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime

import structlog

from node.store.db import is_away
from node.store.pool import Database
from node.store.servers import traces
from node.store.servers.traces import NewTrace, Way
from schemas.limits import ADDRESS_BYTES, FAILURE_CHARS, TRACE_SECONDS, TRACES_GATHERED

_log = structlog.get_logger("node.tracing")


class Traces:
    """One per process."""

    def __init__(self) -> None:
        self._gathered: list[NewTrace] = []
        self.noted = Counter[tuple[Way, bool]]()
        """How many steps there were, those left out included, by their way and whether they were fine."""

    def note(self, way: Way, host: str, activity: str, words: str, *, fine: bool, kind: str = "") -> None:
        """Write down one step."""
        self.noted[way, fine] += 1
        if len(self._gathered) < TRACES_GATHERED:
            self._gathered.append(
                NewTrace(
                    at=datetime.now(UTC),
                    way=way,
                    host=host[:255],
                    activity=activity[:ADDRESS_BYTES].replace("\0", ""),
                    type=kind[:40],
                    fine=fine,
                    words=words[:FAILURE_CHARS].replace("\0", ""),
                )
            )

    async def flush(self, database: Database) -> None:
        """Write what has gathered; if the database is away it is gone."""
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        try:
            async with database.pool.acquire() as db:
                await traces.insert_many(db, gathered)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("traces lost", kind=type(error).__name__)

    async def flush_regularly(self, database: Database) -> None:
        """For the life of the process."""
        while True:
            await asyncio.sleep(TRACE_SECONDS)
            await self.flush(database)
