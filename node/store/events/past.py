"""Events that are over, the latest first: what hubs did together."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from node.store.events.events import Hour
from node.store.posts.reading import EVERYTHING, Wanted, narrowed, posts_of
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST
from schemas.records import Post


async def list_past(
    db: Db,
    now: datetime,
    *,
    viewer: int | None = None,
    wanted: Wanted = EVERYTHING,
    before: Hour | None = None,
    limit: int = PAGE_ITEMS,
) -> list[Post]:
    """Events that were over at `now`, from before the one with this start and id on."""
    sql, arguments = narrowed(
        """
        SELECT record
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = e.post_id
         WHERE over_at(e) <= $1
           AND ($2::timestamptz IS NULL OR (e.starts_at, e.post_id) < ($2, $3::bigint))
           -- narrowed, in_lists(p, $4)
         ORDER BY e.starts_at DESC, e.post_id DESC
         LIMIT $5
        """,
        wanted,
        now,
        before.starts_at if before else None,
        before.id if before else None,
        viewer,
        max(0, min(limit, PAGE_ITEMS_MOST)),
    )
    return posts_of(await db.fetch(sql, *arguments))
