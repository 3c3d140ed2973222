"""What was written since a moment that is shown to anybody: triggers note each transaction that did, and of what."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from node.store.db import Db
from schemas.limits import CHANGES_READ
from schemas.records import Record


class Note(Record, frozen=True, kw_only=True):
    """What a transaction wrote. `wide`: anything may be another than it was. Else there are new posts at most (`made`),
    something was counted or liked of `posts`, and counted of the actors `counted`. `people`: it was about accounts,
    actors, offices or tokens."""

    wide: bool
    people: bool
    made: list[int]
    posts: list[int]
    counted: list[int]


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """`now`: the snapshot in which this was asked, to ask again from. `notes`: of all transactions since then that
    wrote something; None where that is not known."""

    now: str
    notes: list[Note] | None

    @property
    def is_same(self) -> bool:
        """Whether whatever is read now is what was read in the earlier snapshot."""
        return self.notes == []

    @property
    def people_are_same(self) -> bool:
        """Whether what tokens stand for is the same as then."""
        return self.notes is not None and not any(one.people for one in self.notes)


async def since(db: Db, snapshot: str | None) -> Since:
    """What became of the database since a snapshot (PostgreSQL's `pg_snapshot`); with None only what it is now.

    Exact whatever commits when: a transaction that was under way in the snapshot is not visible in it, and its note
    comes to light together with all that it wrote.
    """
    if snapshot is None:
        return Since(now=await db.fetchval("SELECT pg_current_snapshot()::text"), notes=None)
    rows = await db.fetch(_SINCE, snapshot, CHANGES_READ + 1)
    now, notes = (
        rows[0]["now"],
        [
            Note(wide=wide, people=people, made=made, posts=posts, counted=counted)
            for _, wide, people, made, posts, counted in rows
            if wide is not None
        ],
    )
    return Since(now=now, notes=notes if len(notes) <= CHANGES_READ else None)


# A mention or happening of a post that was there before is as good as another text. In order: else the kept plan reads
# the whole table.
_SINCE = """
    SELECT pg_current_snapshot()::text AS now, note.*
      FROM (SELECT) AS one
      LEFT JOIN LATERAL (
           SELECT wide OR NOT parts <@ made AS wide, people, made, posts, counted
             FROM changes
            WHERE xid >= pg_snapshot_xmin($1::text::pg_snapshot)
              AND NOT pg_visible_in_snapshot(xid, $1::text::pg_snapshot)
            ORDER BY xid
            LIMIT $2) AS note ON true
"""


async def forget(db: Db, age: timedelta) -> None:
    """Drop the notes of transactions longer ago than anything is remembered."""
    await db.execute("DELETE FROM changes WHERE at < now() - $1::interval", age)
