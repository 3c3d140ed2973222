"""The calendar by weeks and months: what takes place in a span of days, and where a reader may look for it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from node.store.db import Db
from node.store.posts.reading import EVERYTHING, Wanted, narrowed, posts_of
from schemas.records import Post


class KnownPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place or a town by the name people call it, and where it is."""

    name: str
    latitude: float
    longitude: float


async def list_during(
    db: Db, since: datetime, until: datetime, *, viewer: int | None, wanted: Wanted = EVERYTHING, limit: int
) -> list[Post]:
    """Events that take place, or by their wall time may take place, between two wall times, the earliest first."""
    sql, arguments = narrowed(
        """
        SELECT record
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = e.post_id
         WHERE e.starts_local < $2
           AND greatest(e.starts_local, coalesce(e.ends_local, e.starts_local)) >= $1
           -- narrowed, in_lists(p, $3)
         ORDER BY e.starts_local, e.post_id
         LIMIT $4
        """,
        wanted,
        since,
        until,
        viewer,
        limit,
    )
    return posts_of(await db.fetch(sql, *arguments))


_FOR_EVERYBODY = """
    AND (EXISTS (SELECT FROM actors a WHERE a.place_id = p.id)
         OR EXISTS (SELECT FROM events told JOIN posts t ON t.id = told.post_id
                     WHERE told.place_id = p.id AND t.audience = 'public' AND t.deleted_at IS NULL))
"""
"""Of a place `p`: somebody's seat, or that of a public event. Where a private one is, its guests know (case 107)."""


async def find_place(db: Db, name: str) -> KnownPlace | None:
    """The place or town of this name, in whatever case and with or without accents: ours before others'."""
    row = await db.fetchrow(
        f"""
        SELECT CASE WHEN l.named THEN p.name ELSE p.locality END AS name, p.latitude, p.longitude
          FROM places p
         CROSS JOIN LATERAL (SELECT unaccent(lower(p.name)) = unaccent(lower($1)) AS named) AS l
         WHERE p.latitude IS NOT NULL AND (l.named OR unaccent(lower(p.locality)) = unaccent(lower($1)))
         {_FOR_EVERYBODY}
         ORDER BY p.local DESC, l.named DESC, p.id
         LIMIT 1
        """,  # noqa: S608 - a text of this file
        name,
    )
    return KnownPlace(**row) if row else None


async def place_names(db: Db, limit: int) -> list[str]:
    """Towns and places of ours that can be asked for by name, those with most events first."""
    rows = await db.fetch(
        f"""
        SELECT name
          FROM (SELECT CASE WHEN p.locality <> '' THEN p.locality ELSE p.name END AS name
                  FROM places p
                  LEFT JOIN events e ON e.place_id = p.id
                 WHERE p.latitude IS NOT NULL AND p.local
                 {_FOR_EVERYBODY}) AS named
         GROUP BY name
         ORDER BY count(*) DESC, name
         LIMIT $1
        """,  # noqa: S608 - a text of this file
        limit,
    )
    return [row["name"] for row in rows]
