"""How far each timeline was read, so that other clients of the same account go on there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from node.store.db import Db
from schemas.records import Record, Viewer

Timeline = Literal["home", "notifications"]


class Marker(Record, frozen=True, kw_only=True):
    """A place in a timeline; `version` counts how often it was set."""

    timeline: Timeline
    last_read_id: int
    version: int
    updated_at: datetime


async def list_of(db: Db, who: Viewer, timelines: Sequence[str]) -> list[Marker]:
    """The viewer's places in these timelines, where there are any."""
    rows = await db.fetch(
        """
        SELECT timeline, last_read_id, version, updated_at
          FROM markers WHERE account_id = $1 AND actor_id = $2 AND timeline = ANY ($3)
        """,
        who.account.id,
        who.acting.id,
        timelines,
    )
    return [Marker(**row) for row in rows]


async def put(db: Db, who: Viewer, timeline: Timeline, last_read_id: int) -> Marker:
    """Set a place, forwards or backwards, as Mastodon does."""
    row = await db.fetchrow(
        """
        INSERT INTO markers AS m (account_id, actor_id, timeline, last_read_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, actor_id, timeline) DO UPDATE
           SET last_read_id = excluded.last_read_id, version = m.version + 1, updated_at = now()
        RETURNING timeline, last_read_id, version, updated_at
        """,
        who.account.id,
        who.acting.id,
        timeline,
        last_read_id,
    )
    return Marker(**row)
