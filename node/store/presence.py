"""What is shown of actors beside their own record: their counts, and the offices that members hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from node.store.db import Db
from schemas.records import Record


class Presence(Record, frozen=True, kw_only=True):
    """`offices`: the roles that a member of ours holds now, but for that of a member. `shows`: what of a member's
    preferences concerns how their profile is shown."""

    actor_id: int
    posts: int
    followers: int
    following: int
    last_post_on: date | None
    offices: list[str]
    icon_alt: str
    banner_alt: str
    shows: dict[str, Any]


async def of(db: Db, actor_ids: Sequence[int]) -> dict[int, Presence]:
    """The presence of each of the actors, in one query; of who is none yet, nothing but that."""
    rows = await db.fetch(_PRESENCE, list(actor_ids))
    return {row["actor_id"]: Presence(**row) for row in rows}


# Of the actor `a`.
PRESENCE = """
           coalesce(c.posts, 0) AS posts, coalesce(c.followers, 0) AS followers,
           coalesce(c.following, 0) AS following, c.last_post_on,
           CASE WHEN a.local THEN ARRAY(
               SELECT DISTINCT m.role
                 FROM accounts x JOIN mandates m ON m.account_id = x.id
                WHERE x.actor_id = a.id AND m.role <> 'member'
                  AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())) ELSE '{}' END AS offices,
           coalesce(icon.alt, '') AS icon_alt, coalesce(banner.alt, '') AS banner_alt,
           CASE WHEN a.local THEN coalesce((SELECT x.preferences FROM accounts x WHERE x.actor_id = a.id), '{}')
                ELSE '{}' END AS shows"""
PRESENT = """
      LEFT JOIN media icon ON icon.id = a.icon_id
      LEFT JOIN media banner ON banner.id = a.banner_id
      LEFT JOIN actor_counts c ON c.actor_id = a.id"""
_PRESENCE = f"""
    SELECT one AS actor_id, {PRESENCE}
      FROM unnest((SELECT $1::bigint[])) AS one
      LEFT JOIN actors a ON a.id = one {PRESENT}
"""  # noqa: S608 - texts of this file
