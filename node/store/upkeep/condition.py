"""How the database and its queues fare, in figures: for `allmende doctor`."""

from __future__ import annotations

from datetime import datetime

import msgspec

from node.store.db import Db


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """The server's version, its clock, the size of the hub in bytes, and whether it keeps what it confirmed.

    `standby`: it takes no writes. `synchronous_commit` is PostgreSQL's word; `off` may lose what was confirmed.
    """

    version: str
    now: datetime
    bytes: int
    fsync: bool
    full_page_writes: bool
    synchronous_commit: str
    standby: bool


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    """Since how many seconds the oldest due arrival, delivery and job wait for a worker, and what was given up."""

    arrivals: float
    deliveries: float
    jobs: float
    dead_deliveries: int
    dead_jobs: int


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """A server that is left alone until `open_until`, and the last thing that went wrong with it."""

    host: str
    open_until: datetime
    last_error: str | None


async def condition(db: Db) -> Condition:
    """Ask the server about itself."""
    row = await db.fetchrow(
        """
        SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
               clock_timestamp() AS now,
               pg_database_size(current_database()) AS bytes,
               current_setting('fsync')::boolean AS fsync,
               current_setting('full_page_writes')::boolean AS full_page_writes,
               current_setting('synchronous_commit') AS synchronous_commit,
               pg_is_in_recovery() AS standby
        """
    )
    return Condition(**row)


async def stuck(db: Db) -> Stuck:
    """What is due and with nobody; deliveries to servers that are left alone just now do not count."""
    row = await db.fetchrow(
        """
        SELECT (SELECT coalesce(extract(epoch FROM now() - min(next_at)), 0)::float8
                  FROM arrivals
                 WHERE done_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
               ) AS arrivals,
               (SELECT coalesce(extract(epoch FROM now() - min(next_at)), 0)::float8
                  FROM deliveries LEFT JOIN hosts USING (host)
                 WHERE dead_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
                   AND (open_until IS NULL OR open_until <= now())
               ) AS deliveries,
               (SELECT coalesce(extract(epoch FROM now() - min(next_at)), 0)::float8
                  FROM jobs
                 WHERE dead_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
               ) AS jobs,
               (SELECT count(*) FROM deliveries WHERE dead_at IS NOT NULL) AS dead_deliveries,
               (SELECT count(*) FROM jobs WHERE dead_at IS NOT NULL) AS dead_jobs
        """
    )
    return Stuck(**row)


async def list_failing(db: Db, limit: int) -> list[Failing]:
    """Servers that are left alone for a while, those for longest first."""
    rows = await db.fetch(
        """
        SELECT host, open_until, last_error
          FROM hosts
         WHERE open_until > now()
         ORDER BY open_until DESC, host
         LIMIT $1
        """,
        limit,
    )
    return [Failing(**row) for row in rows]
