"""Other hubs: those an editor approved are named to everybody, those only suggested to nobody."""

from __future__ import annotations

from node.store.db import Db
from schemas.records import Actor


async def list_approved(db: Db, limit: int) -> list[Actor]:
    """The approved hubs that are still there, by name."""
    rows = await db.fetch(
        """
        SELECT actors.*
        FROM known_hubs JOIN actors ON actors.id = known_hubs.actor_id
        WHERE known_hubs.state = 'approved' AND actors.deleted_at IS NULL AND actors.suspended_at IS NULL
          AND NOT actors.host_suspended
        ORDER BY actors.display_name, actors.id
        LIMIT $1
        """,
        limit,
    )
    return [Actor(**row) for row in rows]
