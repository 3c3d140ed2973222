"""What is shown of actors beside their own record: their counts, and the offices that members hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from node.store.db import Db
from schemas.records import Record


class Presence(Record, frozen=True, kw_only=True):
    """`offices`: the roles that a member of ours holds now, but for that of a member. `shows`: what of a member's
    preferences concerns how their profile is shown."""

    actor_id: int
    posts: int = 0
    followers: int = 0
    following: int = 0
    last_post_on: date | None = None
    offices: list[str] = msgspec.field(default_factory=list)
    icon_alt: str = ""
    banner_alt: str = ""
    shows: dict[str, Any] = msgspec.field(default_factory=dict)


async def of(db: Db, actor_ids: Sequence[int]) -> dict[int, Presence]:
    """The presence of each of the actors, in one query; of who is none yet, nothing but that."""
    rows = await db.fetch(
        """
        SELECT one AS actor_id, coalesce(c.posts, 0) AS posts, coalesce(c.followers, 0) AS followers,
               coalesce(c.following, 0) AS following, c.last_post_on,
               ARRAY(SELECT DISTINCT m.role
                       FROM accounts a JOIN mandates m ON m.account_id = a.id
                      WHERE a.actor_id = one AND m.role <> 'member'
                        AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())) AS offices,
               coalesce(icon.alt, '') AS icon_alt, coalesce(banner.alt, '') AS banner_alt,
               coalesce((SELECT a.preferences FROM accounts a WHERE a.actor_id = one), '{}') AS shows
          FROM unnest((SELECT $1::bigint[])) AS one
          LEFT JOIN actors x ON x.id = one
          LEFT JOIN media icon ON icon.id = x.icon_id
          LEFT JOIN media banner ON banner.id = x.banner_id
          LEFT JOIN actor_counts c ON c.actor_id = one
        """,
        list(actor_ids),
    )
    return {row["actor_id"]: Presence(**row) for row in rows}
