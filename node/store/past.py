"""Events that are over, the latest first: what hubs did together."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from node.store.events import Hour
from node.store.reading import EVERYTHING, Wanted, posts_of
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
    area, language, tag, actor_id, _, local, words = wanted.values[:7]
    rows = await db.fetch(
        """
        SELECT record
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = p.id
         WHERE over_at(e) <= $1
           AND ($2::timestamptz IS NULL OR (e.starts_at, p.id) < ($2, $3::bigint))
           AND in_lists(p, $4)
           AND ($6::text IS NULL OR p.area = $6)
           AND ($7::text IS NULL OR EXISTS (
                   SELECT FROM json_array_elements(p.versions) AS version WHERE version ->> 'language' = $7))
           AND ($8::text IS NULL OR p.tags @> ARRAY[$8])
           AND ($9::bigint IS NULL OR p.actor_id = $9)
           AND ($10::boolean IS NULL OR p.local = $10)
           AND ($11::text IS NULL OR p.search @@ search_question($11))
         ORDER BY e.starts_at DESC, p.id DESC
         LIMIT $5
        """,
        now,
        before.starts_at if before else None,
        before.id if before else None,
        viewer,
        max(0, min(limit, PAGE_ITEMS_MOST)),
        area,
        language,
        tag,
        actor_id,
        local,
        words,
    )
    return posts_of(rows)
