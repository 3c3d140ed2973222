"""Counters of what was refused, ignored or not understood, by day, host, type and reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from node.store.db import Db

Tally = tuple[str, str, str]
"""Host, type of activity, reason: short texts of our own choice, never a stranger's."""


async def add_many(db: Db, counts: Mapping[Tally, int]) -> None:
    """Count on today's page."""
    ordered = sorted(counts.items())
    await db.execute(
        """
        INSERT INTO tallies AS t (day, host, type, reason, count)
        SELECT current_date, * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
        ON CONFLICT (day, host, type, reason) DO UPDATE SET count = t.count + excluded.count
        """,
        [tally[0] for tally, _ in ordered],
        [tally[1] for tally, _ in ordered],
        [tally[2] for tally, _ in ordered],
        [count for _, count in ordered],
    )


async def list_since(db: Db, age: timedelta, limit: int) -> list[tuple[str, str, str, int]]:
    """Host, type, reason and count of the last days, the largest first."""
    rows = await db.fetch(
        """
        SELECT host, type, reason, sum(count)::bigint AS count
        FROM tallies
        WHERE day >= (now() - $1::interval)::date
        GROUP BY host, type, reason
        ORDER BY count DESC, host, type, reason
        LIMIT $2
        """,
        age,
        limit,
    )
    return [(row["host"], row["type"], row["reason"], row["count"]) for row in rows]


async def forget(db: Db, age: timedelta) -> int:
    """Drop days older than `age`. How many rows went."""
    done: str = await db.execute("DELETE FROM tallies WHERE day < (now() - $1::interval)::date", age)
    return int(done.rpartition(" ")[2])
