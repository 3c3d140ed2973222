"""Keys that were sent to a mail address and open something once: whoever brings one back reads that address's mail.
Only their hashes are kept."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal

from node.store.access.sessions import hash_of
from node.store.db import Db
from schemas.records import Record

KEY_BYTES = 32
Purpose = Literal["confirm", "reset"]


class MailKey(Record, frozen=True, kw_only=True):
    """For whose account a key is, and to which address it was sent."""

    account_id: int
    email: str


async def issue(db: Db, account_id: int, purpose: Purpose, email: str, seconds: float) -> str:
    """A new key; older ones of the account for the same purpose are void."""
    await revoke(db, account_id, purpose)
    key = secrets.token_urlsafe(KEY_BYTES)
    await db.execute(
        """
        INSERT INTO mail_keys (key_hash, account_id, purpose, email, expires_at)
        VALUES ($1, $2, $3, $4, now() + $5::interval)
        """,
        hash_of(key),
        account_id,
        purpose,
        email,
        timedelta(seconds=seconds),
    )
    return key


async def find(db: Db, key: str, purpose: Purpose) -> MailKey | None:
    """What a key opens, if its time is not over."""
    row = await db.fetchrow(
        "SELECT account_id, email FROM mail_keys WHERE key_hash = $1 AND purpose = $2 AND expires_at > now()",
        hash_of(key),
        purpose,
    )
    return MailKey(**row) if row else None


async def take(db: Db, key: str, purpose: Purpose) -> MailKey | None:
    """The same, and the key is void from now on; None for whoever comes second."""
    row = await db.fetchrow(
        """
        DELETE FROM mail_keys WHERE key_hash = $1 AND purpose = $2 AND expires_at > now()
        RETURNING account_id, email
        """,
        hash_of(key),
        purpose,
    )
    return MailKey(**row) if row else None


async def revoke(db: Db, account_id: int, purpose: Purpose) -> None:
    """The keys of an account are void."""
    await db.execute("DELETE FROM mail_keys WHERE account_id = $1 AND purpose = $2", account_id, purpose)


async def waiting_for(db: Db, account_id: int) -> str | None:
    """The address whose confirmation an account waits for."""
    found: str | None = await db.fetchval(
        "SELECT email FROM mail_keys WHERE account_id = $1 AND purpose = 'confirm' AND expires_at > now()", account_id
    )
    return found


async def forget(db: Db) -> None:
    """Forget those whose time is over."""
    await db.execute("DELETE FROM mail_keys WHERE expires_at < now()")
