"""Answers of people without an account that wait for their link to be used: until then they count for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from node.store.db import Db
from schemas.records import Record


class Request(Record, frozen=True, kw_only=True):
    """One such answer. Its number is that of the answer it becomes, or would change."""

    id: int
    event_id: int
    email: str
    name: str
    state: Literal["going", "maybe", "declined"]
    language: str
    asked_at: datetime


async def put(db: Db, event_id: int, email: str, name: str, state: str, language: str) -> Request:
    """Keep it, instead of an older one of the same address. Where that address has answered before, it has the number
    of that answer."""
    row = await db.fetchrow(
        """
        INSERT INTO rsvp_requests (id, event_id, email, name, state, language)
        SELECT coalesce((SELECT id FROM rsvps WHERE event_id = $1 AND guest_email = $2), nextval('rsvps_id_seq')),
               $1, $2, $3, $4, $5
        ON CONFLICT (event_id, email) DO UPDATE
        SET name = excluded.name, state = excluded.state, language = excluded.language, asked_at = now()
        RETURNING *
        """,
        event_id,
        email,
        name,
        state,
        language,
    )
    return Request(**row)


async def find(db: Db, number: int, kept: timedelta) -> Request | None:
    """The request of this number, if it was made not longer ago than `kept`."""
    row = await db.fetchrow(
        "SELECT * FROM rsvp_requests WHERE id = $1 AND asked_at > now() - $2::interval", number, kept
    )
    return Request(**row) if row else None


async def delete(db: Db, number: int) -> None:
    """It has become an answer."""
    await db.execute("DELETE FROM rsvp_requests WHERE id = $1", number)


async def forget(db: Db, kept: timedelta) -> None:
    """Delete those whose link nobody used."""
    await db.execute("DELETE FROM rsvp_requests WHERE asked_at < now() - $1::interval", kept)
