"""Which role an account holds, from when, until when and given by whom. No office is for ever."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Record


class Mandate(Record, frozen=True, kw_only=True):
    """A role held for a term."""

    id: int
    account_id: int
    role: str
    starts_at: datetime
    ends_at: datetime | None
    given_by: int | None


async def insert(
    db: Db, account_id: int, role: str, *, ends_at: datetime | None = None, given_by: int | None = None
) -> Mandate:
    """Give a role from now on. An unknown role raises ForeignKeyViolationError."""
    row = await db.fetchrow(
        "INSERT INTO mandates (account_id, role, ends_at, given_by) VALUES ($1, $2, $3, $4) RETURNING *",
        account_id,
        role,
        ends_at,
        given_by,
    )
    return Mandate(**row)


async def list_of(db: Db, account_id: int) -> list[Mandate]:
    """The mandates in force of an account, the longest held first."""
    rows = await db.fetch(
        """
        SELECT *
          FROM mandates
         WHERE account_id = $1 AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
         ORDER BY starts_at, id
        """,
        account_id,
    )
    return [Mandate(**row) for row in rows]


async def end(db: Db, mandate_id: int) -> bool:
    """End a mandate now. False if it had ended before."""
    done: str = await db.execute(
        """
        UPDATE mandates SET ends_at = greatest(now(), starts_at + interval '1 microsecond')
         WHERE id = $1 AND (ends_at IS NULL OR ends_at > now())
        """,
        mandate_id,
    )
    return done == "UPDATE 1"


async def roles(db: Db) -> list[str]:
    """The names of all roles that can be given."""
    rows = await db.fetch("SELECT name FROM roles ORDER BY name")
    return [row["name"] for row in rows]
