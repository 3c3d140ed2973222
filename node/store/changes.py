"""Whether anything was written since a moment that answers may be made of: triggers note each transaction that did."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from node.store.db import Db


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """`now`: the snapshot in which this was asked, to ask again from. `is_same`: whatever is read in it is what was
    read in the earlier one."""

    now: str
    is_same: bool


async def since(db: Db, snapshot: str | None) -> Since:
    """What became of the database since a snapshot (PostgreSQL's `pg_snapshot`); with None only what it is now.

    Exact whatever commits when: a transaction that was under way in the snapshot is not visible in it, and its note
    comes to light together with all that it wrote.
    """
    row = await db.fetchrow(
        """
        SELECT pg_current_snapshot()::text AS now,
               $1::text IS NOT NULL AND (
                   SELECT xid FROM changes
                    WHERE xid >= pg_snapshot_xmin($1::text::pg_snapshot)
                      AND NOT pg_visible_in_snapshot(xid, $1::text::pg_snapshot)
                    ORDER BY xid LIMIT 1) IS NULL AS is_same  -- in order: else the kept plan reads the whole table
        """,
        snapshot,
    )
    return Since(now=row["now"], is_same=row["is_same"])


async def forget(db: Db, age: timedelta) -> None:
    """Drop the notes of transactions longer ago than anything is remembered."""
    await db.execute("DELETE FROM changes WHERE at < now() - $1::interval", age)
