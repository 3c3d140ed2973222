"""The same event from several sources: which of a list are one, what an editor took apart again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from node.store.db import Db
from schemas.limits import TWIN_METRES, TWIN_SECONDS, TWIN_SIMILARITY, UID_CHARS_LEAST


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two events that seem to be one. `sure`: they say so themselves, by an address or a UID that they share; `split`:
    an editor said that they are two."""

    one: int
    other: int
    sure: bool
    split: bool


async def pairs(db: Db, event_ids: Sequence[int]) -> list[Pair]:
    """Which of these events seem to be the same. Sure: one address or UID, or one that names the other's. Likely: by
    different people, at the same time, at the same place on Earth or online, with a title much like the other's."""
    rows = await db.fetch(
        """
        WITH these AS MATERIALIZED (
            SELECT p.id, p.actor_id, p.local, p.versions, e.starts_at, e.online_url,
                   array_remove(ARRAY[p.uri, p.url, e.external_url, e.told_at, e.series,
                                      CASE WHEN length(e.uid) >= $5 THEN e.uid END], NULL) AS known_by,
                   CASE WHEN l.latitude IS NOT NULL THEN ll_to_earth(l.latitude, l.longitude) END AS spot
              FROM posts p
              JOIN events e ON e.post_id = p.id
              LEFT JOIN places l ON l.id = e.place_id
             WHERE p.id = ANY ((SELECT $1::bigint[])::bigint[])),
        near AS (
            SELECT a.id AS one, b.id AS other,
                   a.known_by && b.known_by AS sure,
                   a.actor_id <> b.actor_id AND NOT (a.local AND b.local)
                   AND (earth_distance(a.spot, b.spot) <= $3 OR a.online_url = b.online_url) IS TRUE
                   AND (SELECT max(similarity(unaccent(x ->> 'name'), unaccent(y ->> 'name')))
                          FROM json_array_elements(a.versions) x, json_array_elements(b.versions) y) >= $4 AS likely
              FROM these a
              JOIN these b ON b.id > a.id
               AND b.starts_at BETWEEN a.starts_at - $2::interval AND a.starts_at + $2::interval)
        SELECT near.one, near.other, near.sure, s.one_id IS NOT NULL AS split
          FROM near
          LEFT JOIN event_splits s ON s.one_id = near.one AND s.other_id = near.other
         WHERE near.sure OR near.likely
         ORDER BY near.one, near.other
        """,
        list(event_ids),
        timedelta(seconds=TWIN_SECONDS),
        TWIN_METRES,
        TWIN_SIMILARITY,
        UID_CHARS_LEAST,
    )
    return [Pair(**row) for row in rows]


async def split(db: Db, event_id: int, others: Sequence[int], by: int) -> None:
    """Show an event apart from these others from now on."""
    await db.execute(
        """
        INSERT INTO event_splits (one_id, other_id, split_by)
        SELECT least($1, id), greatest($1, id), $3 FROM posts WHERE id = ANY ($2) AND id <> $1 AND kind = 'event'
        ON CONFLICT DO NOTHING
        """,
        event_id,
        list(others),
        by,
    )


async def join(db: Db, event_id: int) -> None:
    """Take back that an event is shown apart."""
    await db.execute("DELETE FROM event_splits WHERE $1 IN (one_id, other_id)", event_id)
