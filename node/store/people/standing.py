"""How one actor stands to others, all of it in one query: follows, blocks, mutes, notes and endorsements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from node.store.db import Db
from schemas.records import Record

State = Literal["pending", "accepted"]


class Standing(Record, frozen=True, kw_only=True):
    """`follow` is what one asked of the other, `followed_by` the reverse. A mute that has ended is none."""

    id: int
    follow: State | None
    boosts: bool | None
    notify: bool | None
    languages: list[str] | None
    followed_by: State | None
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool | None
    mute_ends_at: datetime | None
    domain_blocking: bool
    endorsed: bool
    note: str | None


async def towards(db: Db, actor_id: int, others: Sequence[int]) -> dict[int, Standing]:
    """How the first actor stands to each of the others, by id."""
    rows = await db.fetch(
        """
        SELECT a.id, f.state AS follow, f.boosts, f.notify, f.languages, b.state AS followed_by,
               EXISTS (SELECT FROM blocks WHERE blocker_id = $1 AND blocked_id = a.id) AS blocking,
               EXISTS (SELECT FROM blocks WHERE blocker_id = a.id AND blocked_id = $1) AS blocked_by,
               m.muted_id IS NOT NULL AS muting, m.notifications AS muting_notifications, m.ends_at AS mute_ends_at,
               NOT a.local AND EXISTS (
                   SELECT FROM blocked_domains WHERE actor_id = $1 AND domain = a.host) AS domain_blocking,
               EXISTS (SELECT FROM endorsements WHERE actor_id = $1 AND endorsed_id = a.id) AS endorsed,
               n.text AS note
          FROM actors a
          LEFT JOIN follows f ON f.follower_id = $1 AND f.followed_id = a.id
          LEFT JOIN follows b ON b.follower_id = a.id AND b.followed_id = $1
          LEFT JOIN mutes m ON m.actor_id = $1 AND m.muted_id = a.id AND (m.ends_at IS NULL OR m.ends_at > now())
          LEFT JOIN actor_notes n ON n.actor_id = $1 AND n.about_id = a.id
         WHERE a.id = ANY ($2)
        """,
        actor_id,
        list(others),
    )
    return {row["id"]: Standing(**row) for row in rows}
