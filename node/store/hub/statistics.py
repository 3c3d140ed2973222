"""What the hub tells everybody about itself in numbers, and of which servers it knows."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Record


class Week(Record, frozen=True, kw_only=True):
    """One week, from its Monday (UTC): public things published, members who did, members who joined."""

    begins: datetime
    statuses: int
    active: int
    joined: int


async def weeks(db: Db, number: int) -> list[Week]:
    """The last weeks, this one first."""
    rows = await db.fetch(
        """
        SELECT begins AT TIME ZONE 'UTC' AS begins,
               (SELECT count(*) FROM posts
                 WHERE local AND deleted_at IS NULL AND kind <> 'boost' AND audience = 'public'
                   AND published_at >= begins AT TIME ZONE 'UTC'
                   AND published_at < (begins + interval '7 days') AT TIME ZONE 'UTC') AS statuses,
               (SELECT count(DISTINCT written_by) FROM posts
                 WHERE local AND deleted_at IS NULL
                   AND published_at >= begins AT TIME ZONE 'UTC'
                   AND published_at < (begins + interval '7 days') AT TIME ZONE 'UTC') AS active,
               (SELECT count(*) FROM accounts
                 WHERE created_at >= begins AT TIME ZONE 'UTC'
                   AND created_at < (begins + interval '7 days') AT TIME ZONE 'UTC') AS joined
          FROM generate_series(0, $1::integer - 1) AS ago,
               LATERAL (SELECT date_trunc('week', now() AT TIME ZONE 'UTC') - ago * interval '7 days' AS begins) AS week
         ORDER BY begins DESC
        """,
        number,
    )
    return [Week(**row) for row in rows]


async def count_peers(db: Db) -> int:
    """How many servers there are that we know people of."""
    count: int = await db.fetchval(
        """
        SELECT count(*)
          FROM (SELECT DISTINCT host  -- by hashes: count(DISTINCT) would sort them
                  FROM actors WHERE NOT local AND NOT host_suspended AND deleted_at IS NULL) AS known
        """
    )
    return count


async def peers(db: Db, limit: int) -> list[str]:
    """Their names."""
    rows = await db.fetch(
        """
        SELECT DISTINCT host FROM actors
         WHERE NOT local AND NOT host_suspended AND deleted_at IS NULL
         ORDER BY host
         LIMIT $1
        """,
        limit,
    )
    return [row["host"] for row in rows]
