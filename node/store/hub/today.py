"""What waits for a decision about the hub itself, with the time since when."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Record


class Waiting(Record, frozen=True, kw_only=True):
    """An actor that waits for a decision since a time."""

    uri: str
    handle: str
    since: datetime


async def list_requests(db: Db, hub_id: int, limit: int) -> list[Waiting]:
    """Who asked to follow the hub, whoever waits longest first."""
    rows = await db.fetch(
        """
        SELECT a.uri, '@' || a.name || '@' || a.host AS handle, f.created_at AS since
          FROM follows f JOIN actors a ON a.id = f.follower_id
         WHERE f.followed_id = $1 AND f.state = 'pending'
         ORDER BY f.id LIMIT $2
        """,
        hub_id,
        limit,
    )
    return [Waiting(**row) for row in rows]


async def list_suggested(db: Db, limit: int) -> list[Waiting]:
    """Hubs that an editor may approve, whichever waits longest first."""
    rows = await db.fetch(
        """
        SELECT a.uri, '@' || a.name || '@' || a.host AS handle, k.seen_at AS since
          FROM known_hubs k JOIN actors a ON a.id = k.actor_id
         WHERE k.state = 'suggested' AND a.deleted_at IS NULL AND a.suspended_at IS NULL AND NOT a.host_suspended
         ORDER BY k.seen_at LIMIT $1
        """,
        limit,
    )
    return [Waiting(**row) for row in rows]


async def oldest_dead(db: Db) -> datetime | None:
    """Since when the oldest delivery that was given up lies there."""
    since: datetime | None = await db.fetchval("SELECT min(dead_at) FROM deliveries WHERE dead_at IS NOT NULL")
    return since
