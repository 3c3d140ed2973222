"""Which letters somebody wants, and when the weekly one comes."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Record


class Digest(Record, frozen=True, kw_only=True):
    """When a weekly letter comes: `weekday` 1 is Monday, `hour` one of the reader's own clocks."""

    weekday: int
    hour: int
    next_at: datetime
    since: datetime


async def of(db: Db, account_id: int) -> dict[str, bool]:
    """What an account chose, by kind; kinds it never chose about are not there."""
    rows = await db.fetch("SELECT kind, wanted FROM mail_choices WHERE account_id = $1", account_id)
    return {row["kind"]: row["wanted"] for row in rows}


async def choose(db: Db, account_id: int, kind: str, wanted: bool) -> None:
    """Choose."""
    await db.execute(
        """
        INSERT INTO mail_choices (account_id, kind, wanted) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, kind) DO UPDATE SET wanted = excluded.wanted
        """,
        account_id,
        kind,
        wanted,
    )


async def find_digest(db: Db, account_id: int) -> Digest | None:
    """When an account's weekly letter comes; None for one that has had no turn yet."""
    row = await db.fetchrow("SELECT weekday, hour, next_at, since FROM digests WHERE account_id = $1", account_id)
    return Digest(**row) if row else None


async def set_digest(db: Db, account_id: int, weekday: int, hour: int, next_at: datetime) -> None:
    """Have it come at another time, next at `next_at`. What it tells of begins where the last one ended."""
    await db.execute(
        """
        INSERT INTO digests (account_id, weekday, hour, next_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id) DO UPDATE
           SET weekday = excluded.weekday, hour = excluded.hour, next_at = excluded.next_at
        """,
        account_id,
        weekday,
        hour,
        next_at,
    )
