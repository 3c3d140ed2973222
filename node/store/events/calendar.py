"""What the calendar feed shows: public events for strangers, series whole, and where their dates began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from node.store.db import Db
from node.store.posts.reading import Wanted, narrowed, posts_of
from schemas.records import Post


async def list_events(db: Db, since: datetime, wanted: Wanted, limit: int) -> list[Post]:
    """Public events that are not over at `since`, and all dates of their series, the earliest first."""
    sql, arguments = narrowed(
        """
        SELECT record
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = e.post_id
         WHERE (over_at(e) > $1 OR e.series IN (SELECT series FROM events other WHERE over_at(other) > $1))
           AND p.audience = 'public'
           -- narrowed, in_lists(p, NULL)
         ORDER BY e.starts_at, e.post_id
         LIMIT $2
        """,
        wanted,
        since,
        limit,
    )
    return posts_of(await db.fetch(sql, *arguments))


async def first_starts(db: Db, post_ids: Sequence[int]) -> dict[int, datetime]:
    """The wall times at which events that were changed first were to begin."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (post_id) post_id, detail ->> 'starts_local' AS starts_local
          FROM edits
         WHERE post_id = ANY ($1) AND detail ->> 'starts_local' IS NOT NULL
         ORDER BY post_id, id
        """,
        list(post_ids),
    )
    return {row["post_id"]: datetime.fromisoformat(row["starts_local"]) for row in rows}
