"""What waits and why, server by server and job by job: for the page that shows it."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Record


class WaitingHost(Record, frozen=True, kw_only=True):
    """Deliveries that wait for one server. `why` is the last error; None while they are on their way."""

    host: str
    waiting: int
    oldest: datetime
    next_at: datetime | None
    why: str | None


class WaitingJob(Record, frozen=True, kw_only=True):
    """A job whose turn has not come."""

    id: int
    kind: str
    host: str
    attempts: int
    next_at: datetime
    last_error: str | None


async def list_hosts(db: Db, limit: int) -> list[WaitingHost]:
    """Servers that something waits for, those with most first. While a breaker is open nothing is tried before it."""
    rows = await db.fetch(
        """
        SELECT d.host, count(*) AS waiting, min(d.created_at) AS oldest,
               greatest(min(d.next_at), max(hosts.open_until)) AS next_at,
               coalesce(max(hosts.last_error), max(d.last_error)) AS why
          FROM deliveries d
          LEFT JOIN hosts ON hosts.host = d.host
         WHERE d.dead_at IS NULL
         GROUP BY d.host
         ORDER BY waiting DESC, d.host
         LIMIT $1
        """,
        limit,
    )
    return [WaitingHost(**row) for row in rows]


async def list_jobs(db: Db, limit: int) -> list[WaitingJob]:
    """Jobs in the order of their turns."""
    rows = await db.fetch(
        """
        SELECT id, kind, host, attempts, next_at, last_error
          FROM jobs
         WHERE dead_at IS NULL
         ORDER BY next_at, id
         LIMIT $1
        """,
        limit,
    )
    return [WaitingJob(**row) for row in rows]
