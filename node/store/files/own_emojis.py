"""The hub's own emoji as stewards see them: also those that are switched off."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Record


class OwnEmoji(Record, frozen=True, kw_only=True):
    """One of ours; `path` below /media/, None while its picture is not ready."""

    shortcode: str
    path: str | None
    category: str | None
    disabled_at: datetime | None


async def list_all(db: Db) -> list[OwnEmoji]:
    """By category and name, those in use first."""
    rows = await db.fetch(
        """
        SELECT e.shortcode, m.path, e.category, e.disabled_at
          FROM emojis e
          LEFT JOIN media m ON m.id = e.media_id AND m.state = 'ready'
         WHERE e.host = ''
         ORDER BY e.disabled_at IS NOT NULL, e.category NULLS LAST, e.shortcode
        """
    )
    return [OwnEmoji(**row) for row in rows]


async def find(db: Db, shortcode: str) -> OwnEmoji | None:
    """Ours of this name, in capitals or not."""
    row = await db.fetchrow(
        """
        SELECT e.shortcode, m.path, e.category, e.disabled_at
          FROM emojis e
          LEFT JOIN media m ON m.id = e.media_id AND m.state = 'ready'
         WHERE e.host = '' AND lower(e.shortcode) = lower($1)
        """,
        shortcode,
    )
    return OwnEmoji(**row) if row else None


async def switch(db: Db, shortcode: str, *, on: bool) -> bool:
    """Use it, or not. False if it was so before."""
    done: str = await db.execute(
        """
        UPDATE emojis SET disabled_at = CASE WHEN $2 THEN NULL ELSE now() END, updated_at = now()
         WHERE host = '' AND shortcode = $1 AND (disabled_at IS NOT NULL) = $2
        """,
        shortcode,
        on,
    )
    return done == "UPDATE 1"


async def put_in(db: Db, shortcode: str, category: str | None) -> None:
    """Sort it under a category, or none."""
    await db.execute(
        "UPDATE emojis SET category = $2, updated_at = now() WHERE host = '' AND shortcode = $1", shortcode, category
    )
