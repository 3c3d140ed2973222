"""Invitations: a code that opens the way in for one person or several, until it ends."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from node.store.db import Db
from schemas.limits import INVITATION_CODE_BYTES, INVITATION_QUOTA_DAYS
from schemas.records import Record


class Invitation(Record, frozen=True, kw_only=True):
    """A code with its places; `by`: the name of who made it."""

    id: int
    code: str
    made_by: int | None
    by: str | None
    note: str
    places: int
    taken: int
    expires_at: datetime
    ended_at: datetime | None
    created_at: datetime
    open: bool


_FIELDS = """
    i.id, i.code, i.made_by, a.name AS by, i.note, i.places, i.taken, i.expires_at, i.ended_at, i.created_at,
    i.ended_at IS NULL AND i.expires_at > now() AND i.taken < i.places AS open
"""
_WITH_NAMES = "LEFT JOIN accounts acc ON acc.id = i.made_by LEFT JOIN actors a ON a.id = acc.actor_id"


async def insert(db: Db, made_by: int, places: int, days: int, note: str) -> int:
    """Make one; its id."""
    made: int = await db.fetchval(
        """
        INSERT INTO invitations (code, made_by, places, note, expires_at)
        VALUES ($1, $2, $3, $4, now() + $5::interval) RETURNING id
        """,
        secrets.token_urlsafe(INVITATION_CODE_BYTES),
        made_by,
        places,
        note,
        timedelta(days=days),
    )
    return made


async def given_away(db: Db, account_id: int) -> int:
    """How many places a member has given away of late; those that nobody took before the end count no more. Locks the
    account, so that nobody gives away the same place twice at once."""
    await db.execute("SELECT FROM accounts WHERE id = $1 FOR UPDATE", account_id)
    given: int = await db.fetchval(
        """
        SELECT coalesce(sum(CASE WHEN ended_at IS NULL AND expires_at > now() THEN places ELSE taken END), 0)::int
          FROM invitations WHERE made_by = $1 AND created_at > now() - $2::interval
        """,
        account_id,
        timedelta(days=INVITATION_QUOTA_DAYS),
    )
    return given


async def find_open(db: Db, code: str) -> Invitation | None:
    """The invitation of this code, if it still lets somebody in and who made it is still a member."""
    row = await db.fetchrow(
        f"""
        SELECT {_FIELDS} FROM invitations i {_WITH_NAMES}
         WHERE code = $1 AND i.ended_at IS NULL AND i.expires_at > now() AND taken < places
           AND acc.disabled_at IS NULL AND a.suspended_at IS NULL AND a.deleted_at IS NULL
        """,  # noqa: S608 - names of our own
        code,
    )
    return Invitation(**row) if row else None


async def take(db: Db, invitation_id: int) -> bool:
    """Take one of its places; the row is locked, so that of two who come at once the last place is one's (case 144)."""
    done: str = await db.execute(
        """
        UPDATE invitations SET taken = taken + 1
         WHERE id = $1 AND taken < places AND ended_at IS NULL AND expires_at > now()
        """,
        invitation_id,
    )
    return done == "UPDATE 1"


async def end(db: Db, invitation_id: int, made_by: int | None) -> bool:
    """It lets nobody in any more; False if there is none of this member's (anybody's where `made_by` is None)."""
    done: str = await db.execute(
        """
        UPDATE invitations SET ended_at = now()
         WHERE id = $1 AND ended_at IS NULL AND ($2::bigint IS NULL OR made_by = $2)
        """,
        invitation_id,
        made_by,
    )
    return done == "UPDATE 1"


async def list_of(db: Db, made_by: int | None, limit: int) -> list[Invitation]:
    """Those of a member, or everybody's, the latest first."""
    rows = await db.fetch(
        f"""
        SELECT {_FIELDS} FROM invitations i {_WITH_NAMES}
         WHERE $1::bigint IS NULL OR made_by = $1 ORDER BY i.id DESC LIMIT $2
        """,  # noqa: S608 - names of our own
        made_by,
        limit,
    )
    return [Invitation(**row) for row in rows]
