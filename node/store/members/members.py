"""The register of members. An entry may belong to an account, and need not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import asyncpg
import msgspec

from node.errors import Conflict
from node.store.db import Db
from node.store.tabular import Slice, ordered
from schemas.members import Dues, Entry, Kind
from schemas.records import Record

State = Literal["now", "due", "former", "over", "all"]


class Member(Record, frozen=True, kw_only=True):
    """A row; `handle`: the name of the account, where there is one."""

    id: int
    number: str | None
    kind: Kind
    name: str
    email: str | None
    address: str
    category: str
    since: date | None
    until: date | None
    shares: int
    dues: Dues
    notes: str
    consents: dict[str, str]
    keep_until: date | None
    account_id: int | None
    handle: str | None
    created_at: datetime
    updated_at: datetime


_FIELDS = """
    m.id, m.number, m.kind, m.name, m.email, m.address, m.class AS category, m.since, m.until, m.shares, m.dues,
    m.notes, m.consents, m.keep_until, m.account_id, m.created_at, m.updated_at,
    (SELECT a.name FROM accounts JOIN actors a ON a.id = actor_id WHERE accounts.id = m.account_id) AS handle
"""
_ORDERS = {
    "name": "lower(m.name)",
    "number": "m.number",
    "category": "m.class",
    "since": "m.since",
    "shares": "m.shares",
    "dues": "m.dues",
}


async def insert(db: Db, entry: Entry, account_id: int | None = None) -> int:
    """Write a new entry; its id. Conflict where its number, or its account, is in the register already."""
    try:
        made: int = await db.fetchval(
            """
            INSERT INTO members (number, kind, name, email, address, class, since, until, shares, dues, notes, consents,
                                 keep_until, account_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id
            """,
            *_values(entry),
            account_id,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("This number or account is in the register already.") from error
    return made


async def enter(db: Db, account_id: int, name: str, email: str, *, proved: bool) -> None:
    """Write who has an account now into the register, unless the hub keeps none. Whoever stands there already with this
    address, and has `proved` that it is theirs, gets no second entry: theirs is linked."""
    linked = None
    if proved:
        linked = await db.fetchval(
            """
            UPDATE members SET account_id = $1, updated_at = now()
             WHERE id = (SELECT id FROM members
                          WHERE email = $2 AND account_id IS NULL AND kind = 'person'
                            AND (until IS NULL OR until >= current_date)
                          ORDER BY id LIMIT 1)
            RETURNING id
            """,
            account_id,
            email,
        )
    if linked is None:
        await db.execute(
            """
            INSERT INTO members (name, email, since, account_id)
            SELECT $2, $3, current_date, $1 WHERE NOT EXISTS (SELECT FROM hub WHERE 'register' = ANY (modules_off))
            """,
            account_id,
            name,
            email,
        )


async def enter_all(db: Db) -> None:
    """Write everybody who has an account and stands nowhere in the register into it."""
    await db.execute(
        """
        INSERT INTO members (name, email, since, account_id)
        SELECT a.display_name, c.email, c.created_at::date, c.id
          FROM accounts c
          JOIN actors a ON a.id = c.actor_id AND a.deleted_at IS NULL
         WHERE NOT EXISTS (SELECT FROM members m WHERE m.account_id = c.id)
        """
    )


async def of_account(db: Db, account_id: int) -> Member | None:
    """What the register says of a member with an account."""
    row = await db.fetchrow(f"SELECT {_FIELDS} FROM members m WHERE m.account_id = $1", account_id)  # noqa: S608
    return _of(row) if row else None


async def set_consents(db: Db, member_id: int, consents: Mapping[str, str]) -> None:
    """What a member agrees to, and since when."""
    await db.execute("UPDATE members SET consents = $2, updated_at = now() WHERE id = $1", member_id, dict(consents))


async def insert_many(db: Db, entries: Sequence[Entry]) -> int:
    """Write those whose number is new; how many."""
    before: int = await db.fetchval("SELECT count(*) FROM members")
    await db.executemany(
        """
        INSERT INTO members (number, kind, name, email, address, class, since, until, shares, dues, notes, consents,
                             keep_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING
        """,
        [_values(one) for one in entries],
    )
    after: int = await db.fetchval("SELECT count(*) FROM members")
    return after - before


async def update(db: Db, member_id: int, entry: Entry, account_id: int | None) -> None:
    """Write an entry anew. Conflict as `insert`."""
    try:
        await db.execute(
            """
            UPDATE members
               SET number = $1, kind = $2, name = $3, email = $4, address = $5, class = $6, since = $7, until = $8,
                   shares = $9, dues = $10, notes = $11, consents = $12, keep_until = $13, account_id = $14,
                   updated_at = now()
             WHERE id = $15
            """,
            *_values(entry),
            account_id,
            member_id,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("This number or account is in the register already.") from error


async def find(db: Db, member_id: int) -> Member | None:
    """One of them."""
    row = await db.fetchrow(f"SELECT {_FIELDS} FROM members m WHERE id = $1", member_id)  # noqa: S608 - names of our own
    return _of(row) if row else None


async def find_account(db: Db, name: str) -> int | None:
    """The account of a local name."""
    found: int | None = await db.fetchval(
        """
        SELECT accounts.id FROM accounts JOIN actors a ON a.id = actor_id
         WHERE lower(a.name) = lower($1) AND a.deleted_at IS NULL
        """,
        name,
    )
    return found


async def known_numbers(db: Db, numbers: Sequence[str]) -> set[str]:
    """Which of these numbers are in the register."""
    rows = await db.fetch("SELECT number FROM members WHERE number = ANY ($1)", list(numbers))
    return {row["number"] for row in rows}


async def set_dues(db: Db, ids: Sequence[int], dues: Dues) -> None:
    """Note for several at once whether they have paid."""
    await db.execute("UPDATE members SET dues = $2, updated_at = now() WHERE id = ANY ($1)", list(ids), dues)


async def erase(db: Db, ids: Sequence[int]) -> None:
    """Take entries out of the register for good."""
    await db.execute("DELETE FROM members WHERE id = ANY ($1)", list(ids))


async def list_of(db: Db, state: State, wanted: Slice) -> list[Member]:
    """A part of the register: who is in it now, who owes dues, who left, and whose time in it is over."""
    sql = f"""
        SELECT {_FIELDS} FROM members m
         WHERE CASE $1 WHEN 'now' THEN m.until IS NULL OR m.until >= current_date
                       WHEN 'due' THEN m.dues = 'due'
                       WHEN 'former' THEN m.until < current_date
                       WHEN 'over' THEN m.keep_until < current_date ELSE true END
           AND ($2 = '' OR strpos(lower(concat_ws(' ', m.number, m.name, m.email, m.class)), lower($2)) > 0)
        -- sorted
        OFFSET $3 LIMIT $4
        """  # noqa: S608 - names of our own
    rows = await db.fetch(ordered(sql, _ORDERS, wanted, "m.id"), state, wanted.words, wanted.offset, wanted.limit)
    return [_of(row) for row in rows]


def _of(row: asyncpg.Record) -> Member:
    return msgspec.convert(dict(row), Member)


def _values(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.number,
        entry.kind,
        entry.name,
        entry.email,
        entry.address,
        entry.category,
        entry.since,
        entry.until,
        entry.shares,
        entry.dues,
        entry.notes,
        entry.consents,
        entry.keep_until,
    )
