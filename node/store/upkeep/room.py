"""How much room the hub takes: the database by its largest tables, media by where they come from; and what fails most,
without a word about persons."""

from __future__ import annotations

from node.store.db import Db
from schemas.records import Record


class Fault(Record, frozen=True, kw_only=True):
    """A kind of work that failed, how often, and the name of the last error."""

    kind: str
    count: int
    error: str


async def of_tables(db: Db, limit: int) -> list[tuple[str, int]]:
    """The largest tables with their indexes, in bytes."""
    rows = await db.fetch(
        """
        SELECT relname, pg_total_relation_size(oid) AS bytes
          FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         ORDER BY bytes DESC LIMIT $1
        """,
        limit,
    )
    return [(row["relname"], row["bytes"]) for row in rows]


async def of_database(db: Db) -> int:
    """All of the database, in bytes."""
    size: int = await db.fetchval("SELECT pg_database_size(current_database())")
    return size


async def try_to_write(db: Db) -> None:
    """Make the database's files a little larger, and smaller again. Raises what asyncpg raises if there is no room."""
    async with db.transaction():
        await db.execute(
            "CREATE TEMP TABLE probe ON COMMIT DROP AS SELECT repeat('x', 1000) FROM generate_series(1, 2000)"
        )


async def of_media(db: Db) -> tuple[int, int]:
    """Our own files, and copies of other servers', in bytes."""
    row = await db.fetchrow(
        """
        SELECT coalesce(sum(bytes) FILTER (WHERE remote_url IS NULL), 0)::bigint AS own,
               coalesce(sum(bytes) FILTER (WHERE remote_url IS NOT NULL), 0)::bigint AS copies
          FROM media WHERE state = 'ready' AND evicted_at IS NULL
        """
    )
    return (row["own"], row["copies"]) if row else (0, 0)


async def faults(db: Db, limit: int) -> list[Fault]:
    """Jobs that fail now, by kind: only the name of the error, for its text may hold addresses."""
    rows = await db.fetch(
        """
        SELECT kind, count(*) AS count, split_part(max(last_error), ':', 1) AS error
          FROM jobs WHERE last_error IS NOT NULL
         GROUP BY kind ORDER BY count DESC, kind LIMIT $1
        """,
        limit,
    )
    return [Fault(**row) for row in rows]
