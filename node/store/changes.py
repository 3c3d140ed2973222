"""Whether anything was written since a moment that answers may be made of: triggers note each transaction that did."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from node.store.db import Db


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """`now`: the snapshot in which this was asked, to ask again from. `is_same`: whatever is read in it is what was
    read in the earlier one. `people_are_same`: so is what tokens stand for, since the other earlier one."""

    now: str
    is_same: bool
    people_are_same: bool


async def since(db: Db, snapshot: str | None, people: str | None = None) -> Since:
    """What became of the database since a snapshot (PostgreSQL's `pg_snapshot`), and of accounts, actors, offices and
    tokens since another one; with None only what it is now.

    Exact whatever commits when: a transaction that was under way in the snapshot is not visible in it, and its note
    comes to light together with all that it wrote.
    """
    row = await db.fetchrow(_SINCE, snapshot, people)
    return Since(now=row["now"], is_same=row["is_same"], people_are_same=row["people_are_same"])


# In order: else the kept plan reads the whole table.
_NOTE = """
               {since}::text IS NOT NULL AND (
                   SELECT xid FROM changes
                    WHERE {which} xid >= pg_snapshot_xmin({since}::text::pg_snapshot)
                      AND NOT pg_visible_in_snapshot(xid, {since}::text::pg_snapshot)
                    ORDER BY xid LIMIT 1) IS NULL"""
_SINCE = f"""
        SELECT pg_current_snapshot()::text AS now, {_NOTE.format(since="$1", which="")} AS is_same,
               {_NOTE.format(since="$2", which="people AND")} AS people_are_same
"""


async def forget(db: Db, age: timedelta) -> None:
    """Drop the notes of transactions longer ago than anything is remembered."""
    await db.execute("DELETE FROM changes WHERE at < now() - $1::interval", age)
