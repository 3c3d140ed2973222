"""The append-only list of changes by which streams, feeds and caches learn what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from node.store.db import Db


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One change: what kind, of which row, with what else a reader needs to decide whether to look."""

    id: int
    transaction: int
    kind: str
    subject_id: int | None
    detail: dict[str, Any]
    at: datetime


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How far a reader has come: all of older transactions, and of `transaction` itself up to `id`."""

    transaction: int = 0
    id: int = 0


async def add(db: Db, kind: str, subject_id: int | None = None, detail: Mapping[str, Any] | None = None) -> None:
    """Say, inside the transaction that does it, that something changed."""
    await db.execute(
        "INSERT INTO happenings (kind, subject_id, detail) VALUES ($1, $2, $3)", kind, subject_id, dict(detail or {})
    )


async def announce(db: Db, channels: Iterable[str]) -> None:
    """Tell all who listen on these channels to look. Outside the transaction that changed something: NOTIFY makes
    commits wait for each other."""
    await db.execute("SELECT pg_notify(channel, '') FROM unnest($1::text[]) AS channel", list(channels))


async def end(db: Db) -> Place:
    """The place from which only what is yet to come will be read."""
    horizon: int = await db.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return Place(transaction=horizon - 1, id=2**63 - 1)


async def list_after(db: Db, place: Place, limit: int) -> list[Happening]:
    """What happened after a place, in an order that never changes afterwards.

    Transactions commit out of order: so nothing is shown of those that began after the oldest one still under way.
    """
    rows = await db.fetch(
        """
        SELECT id, transaction_id::text::bigint AS transaction, kind, subject_id, detail, at
        FROM happenings
        WHERE (transaction_id, id) > ((SELECT $1::bigint::text::xid8), (SELECT $2::bigint))
          AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY transaction_id, id
        LIMIT (SELECT $3::bigint)
        """,
        place.transaction,
        place.id,
        limit,
    )
    return [Happening(**row) for row in rows]


async def are_coming(db: Db, place: Place) -> bool:
    """Whether something has happened after a place that is not shown yet, because somebody is still committing."""
    # The last of all is compared: asked whether there EXISTS one, the planner reads the whole table to find none.
    found: bool = await db.fetchval(
        """
        SELECT coalesce((SELECT (transaction_id, id) > ($1::bigint::text::xid8, $2)
                           FROM happenings
                          ORDER BY transaction_id DESC, id DESC
                          LIMIT 1), false)
        """,
        place.transaction,
        place.id,
    )
    return found


async def forget(db: Db, age: timedelta) -> int:
    """Drop what is older than `age`. How many rows went."""
    done: str = await db.execute("DELETE FROM happenings WHERE at < now() - $1::interval", age)
    return int(done.rpartition(" ")[2])
