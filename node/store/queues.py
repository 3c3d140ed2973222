"""What waits, in numbers: for metrics and for the page that shows what waits and why."""

from __future__ import annotations

import msgspec

from node.store.db import Db


class Depths(msgspec.Struct, frozen=True, kw_only=True):
    """How full the queues are. `oldest_arrival` is in seconds."""

    arrivals: int
    deliveries: int
    dead: int
    jobs: int
    open_hosts: int
    oldest_arrival: float


async def alive(db: Db) -> None:
    """Whether the database answers; raises what asyncpg raises if not."""
    await db.fetchval("SELECT 1")


async def depths(db: Db) -> Depths:
    """Count now."""
    row = await db.fetchrow(
        """
        SELECT (SELECT count(*) FROM arrivals WHERE done_at IS NULL) AS arrivals,
               (SELECT count(*) FROM deliveries WHERE dead_at IS NULL) AS deliveries,
               (SELECT count(*) FROM deliveries WHERE dead_at IS NOT NULL) AS dead,
               (SELECT count(*) FROM jobs WHERE dead_at IS NULL) AS jobs,
               (SELECT count(*) FROM hosts WHERE open_until > now()) AS open_hosts,
               (SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0)::float8
                FROM arrivals WHERE done_at IS NULL) AS oldest_arrival
        """
    )
    return Depths(**row)


async def any_waiting(db: Db) -> bool:
    """Whether an arrival or a delivery is waiting, or is in work."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM arrivals WHERE done_at IS NULL)
            OR EXISTS (SELECT FROM deliveries WHERE dead_at IS NULL)
        """
    )
    return found
