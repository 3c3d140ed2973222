"""Back-ups that the node made by itself: when, how large, and whether they could be restored."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Record


class BackUp(Record, frozen=True, kw_only=True):
    """One of them; `error` and `test_error` say why it failed, `tested_at` when it was last restored for trial."""

    id: int
    file: str
    bytes: int
    made_at: datetime
    error: str
    tested_at: datetime | None
    test_error: str


async def insert(db: Db, file: str, *, size: int = 0, error: str = "") -> int:
    """Note one that was made, or not; its number."""
    made: int = await db.fetchval(
        "INSERT INTO back_ups (file, bytes, error) VALUES ($1, $2, $3) RETURNING id", file, size, error
    )
    return made


async def list_newest(db: Db, limit: int) -> list[BackUp]:
    """The last ones first."""
    rows = await db.fetch("SELECT * FROM back_ups ORDER BY id DESC LIMIT $1", limit)
    return [BackUp(**row) for row in rows]


async def newest_whole(db: Db) -> BackUp | None:
    """The last one that was made whole."""
    row = await db.fetchrow("SELECT * FROM back_ups WHERE error = '' ORDER BY id DESC LIMIT 1")
    return BackUp(**row) if row else None


async def expected_since(db: Db) -> datetime | None:
    """Since when there should be back-ups: since the hub was set up."""
    since: datetime | None = await db.fetchval("SELECT set_up_at FROM hub")
    return since


async def tested(db: Db, number: int, error: str) -> None:
    """It was restored for trial; `error` says why that failed."""
    await db.execute("UPDATE back_ups SET tested_at = now(), test_error = $2 WHERE id = $1", number, error)


async def forget(db: Db, keep: int) -> None:
    """Keep note of the last so many."""
    await db.execute("DELETE FROM back_ups WHERE id NOT IN (SELECT id FROM back_ups ORDER BY id DESC LIMIT $1)", keep)


async def is_due(db: Db) -> bool:
    """Whether tonight's is to be made: between two and five by the hub's clock; later in the day where two nights went
    by without one."""
    due: bool = await db.fetchval(
        """
        SELECT CASE WHEN extract(hour FROM now() AT TIME ZONE hub.zone) BETWEEN 2 AND 4
                    THEN hub.created_at < now() - interval '12 hours'
                         AND NOT EXISTS (SELECT FROM back_ups WHERE made_at > now() - interval '12 hours')
                    ELSE hub.created_at < now() - interval '48 hours'
                         AND NOT EXISTS (SELECT FROM back_ups WHERE made_at > now() - interval '48 hours') END
          FROM hub
        """
    )
    return bool(due)


async def test_is_due(db: Db) -> bool:
    """Whether a week went by since one was restored for trial."""
    due: bool = await db.fetchval(
        "SELECT NOT EXISTS (SELECT FROM back_ups WHERE tested_at > now() - interval '7 days')"
    )
    return due
