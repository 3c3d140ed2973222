"""Offices that were decided upon and whose candidates have not answered yet."""

from __future__ import annotations

from datetime import datetime

from node.errors import NotFound
from node.store.db import Db
from schemas.records import Record


class Offer(Record, frozen=True, kw_only=True):
    """`starts_at`: on which day to come it begins, else when it is taken; `from_mandate_id`: whose office it was until
    then."""

    id: int
    account_id: int
    role: str
    starts_at: datetime | None
    ends_at: datetime
    from_mandate_id: int | None
    measure_id: int | None
    offered_at: datetime
    answered_at: datetime | None
    taken: bool | None


async def put(
    db: Db,
    account_id: int,
    role: str,
    ends_at: datetime,
    *,
    starts_at: datetime | None = None,
    from_mandate_id: int | None,
    measure_id: int,
) -> Offer:
    """Offer a role to somebody; one that is open already is replaced."""
    row = await db.fetchrow(
        """
        INSERT INTO offers (account_id, role, ends_at, from_mandate_id, measure_id, starts_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, role) WHERE answered_at IS NULL
        DO UPDATE SET ends_at = excluded.ends_at, from_mandate_id = excluded.from_mandate_id,
                      measure_id = excluded.measure_id, starts_at = excluded.starts_at, offered_at = now()
        RETURNING *
        """,
        account_id,
        role,
        ends_at,
        from_mandate_id,
        measure_id,
        starts_at,
    )
    return Offer(**row)


async def answer(db: Db, offer_id: int, account_id: int, *, taken: bool) -> Offer:
    """The candidate's answer, once; NotFound if there is no such open offer to them."""
    row = await db.fetchrow(
        """
        UPDATE offers SET answered_at = now(), taken = $3
         WHERE id = $1 AND account_id = $2 AND answered_at IS NULL
        RETURNING *
        """,
        offer_id,
        account_id,
        taken,
    )
    if row is None:
        raise NotFound
    return Offer(**row)


async def list_open(db: Db, account_id: int | None = None) -> list[Offer]:
    """Offers that wait for an answer: to one account, or all."""
    rows = await db.fetch(
        "SELECT * FROM offers WHERE answered_at IS NULL AND ($1::bigint IS NULL OR account_id = $1) ORDER BY id",
        account_id,
    )
    return [Offer(**row) for row in rows]
