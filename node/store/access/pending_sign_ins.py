"""Sign-ins between the password and the second factor. They are no sessions: nothing opens with one but the second
step, for some minutes, once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from node.store.access.sessions import hash_of
from node.store.db import Db
from schemas.limits import PENDING_SECONDS
from schemas.records import Record

KEY_BYTES = 32


class Pending(Record, frozen=True, kw_only=True):
    """Whose password was right; `challenge` is what a passkey must sign."""

    account_id: int
    challenge: bytes


async def begin(db: Db, account_id: int) -> tuple[str, Pending]:
    """Note that the password was right; the key for the second step, and the step."""
    key, challenge = secrets.token_urlsafe(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    await db.execute(
        "INSERT INTO pending_sign_ins (key_hash, account_id, challenge, expires_at) VALUES ($1, $2, $3, now() + $4)",
        hash_of(key),
        account_id,
        challenge,
        timedelta(seconds=PENDING_SECONDS),
    )
    return key, Pending(account_id=account_id, challenge=challenge)


async def find(db: Db, key: str) -> Pending | None:
    """The step behind a key, if its time is not over."""
    row = await db.fetchrow(
        "SELECT account_id, challenge FROM pending_sign_ins WHERE key_hash = $1 AND expires_at > now()", hash_of(key)
    )
    return Pending(**row) if row else None


async def end(db: Db, key: str) -> bool:
    """It was taken, or is given up. False where somebody was quicker."""
    done: str = await db.execute("DELETE FROM pending_sign_ins WHERE key_hash = $1", hash_of(key))
    return done == "DELETE 1"


async def end_of(db: Db, account_id: int) -> None:
    """None of an account goes on: its password or its factors have changed."""
    await db.execute("DELETE FROM pending_sign_ins WHERE account_id = $1", account_id)


async def forget(db: Db) -> None:
    """Forget those whose time is over."""
    await db.execute("DELETE FROM pending_sign_ins WHERE expires_at < now()")
