"""Messages to the stewards from people without an account, until somebody has dealt with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from node.store.db import Db
from schemas.limits import CONTACT_KEPT_DAYS, OPENNESS_ROWS
from schemas.records import Record


class Message(Record, frozen=True, kw_only=True):
    """One message with its receipt."""

    id: int
    number: str
    name: str
    email: str
    subject: str
    body: str
    language: str
    created_at: datetime
    done_at: datetime | None
    done_by: int | None


async def insert(db: Db, number: str, said: Mapping[str, str], language: str) -> Message:
    """Keep a message: name, email, subject and body."""
    row = await db.fetchrow(
        """
        INSERT INTO contact_messages (number, name, email, subject, body, language)
        VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING *
        """,
        number,
        said["name"],
        said["email"],
        said["subject"],
        said["body"],
        language,
    )
    return Message(**row)


async def find(db: Db, number: str) -> Message | None:
    """The message with this receipt."""
    row = await db.fetchrow("SELECT * FROM contact_messages WHERE number = $1", number)
    return Message(**row) if row else None


async def list_open(db: Db) -> list[Message]:
    """What nobody has dealt with, the oldest first."""
    rows = await db.fetch("SELECT * FROM contact_messages WHERE done_at IS NULL ORDER BY id LIMIT $1", OPENNESS_ROWS)
    return [Message(**row) for row in rows]


async def done(db: Db, message_id: int, by: int) -> bool:
    """Somebody has dealt with it; what is long done is forgotten on the way."""
    await db.execute(
        "DELETE FROM contact_messages WHERE done_at < now() - make_interval(days => $1)", CONTACT_KEPT_DAYS
    )
    changed: str = await db.execute(
        "UPDATE contact_messages SET done_at = now(), done_by = $2 WHERE id = $1 AND done_at IS NULL", message_id, by
    )
    return changed == "UPDATE 1"


async def stewards(db: Db) -> list[tuple[str, str]]:
    """Mail address and language of everybody who may manage the hub."""
    rows = await db.fetch(
        """
        SELECT DISTINCT c.email::text AS email, c.language
          FROM accounts c
          JOIN mandates m ON m.account_id = c.id AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())
          JOIN roles r ON r.name = m.role AND 'manage_hub' = ANY (r.permissions)
         WHERE c.disabled_at IS NULL AND c.email IS NOT NULL
        """
    )
    return [(row["email"], row["language"]) for row in rows]
