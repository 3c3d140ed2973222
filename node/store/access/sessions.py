"""Sessions of people who signed in on our pages. Only the hash of a key is kept: a stolen database opens none."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from node.store.db import Db
from schemas.limits import SESSION_DAYS, SESSION_DAYS_MOST, SESSION_SEEN_SECONDS
from schemas.records import Record


def hash_of(key: str) -> bytes:
    """What is kept of a session key or token."""
    return hashlib.sha256(key.encode()).digest()


class Kept(Record, frozen=True, kw_only=True):
    """A session as its owner sees it: with the hash of its key for a name, and the program it was begun with."""

    key_hash: bytes
    agent: str | None
    created_at: datetime
    seen_at: datetime


async def find(db: Db, key: str) -> dict[str, Any] | None:
    """What a session holds, if it has not ended and its account may still be used. Its end moves on with each use."""
    row = await db.fetchrow(
        """
        SELECT s.data, s.seen_at < now() - $2::interval AS stale
          FROM sessions s
          JOIN accounts a ON a.id = s.account_id
          JOIN actors ON actors.id = a.actor_id
         WHERE s.key_hash = $1 AND s.expires_at > now()
           AND (a.disabled_at IS NULL OR actors.frozen_at IS NOT NULL)
           AND actors.suspended_at IS NULL AND actors.deleted_at IS NULL
        """,
        hash_of(key),
        timedelta(seconds=SESSION_SEEN_SECONDS),
    )
    if row is None:
        return None
    if row["stale"]:
        await _touch(db, key)
    return msgspec.convert(row["data"], dict[str, Any])


async def put(db: Db, key: str, account_id: int, data: dict[str, Any]) -> None:
    """Begin a session, or change what it holds."""
    await db.execute(
        """
        INSERT INTO sessions (key_hash, account_id, data, expires_at)
        VALUES ($1, $2, $3, now() + $4::interval)
        ON CONFLICT (key_hash) DO UPDATE SET data = excluded.data
        """,
        hash_of(key),
        account_id,
        data,
        timedelta(days=SESSION_DAYS),
    )


async def delete(db: Db, key: str) -> None:
    """End a session."""
    await db.execute("DELETE FROM sessions WHERE key_hash = $1", hash_of(key))


async def delete_of(db: Db, account_id: int, but: str | None = None) -> None:
    """End all sessions of an account, except one if named: after a new password, or "sign out everywhere"."""
    await db.execute(
        "DELETE FROM sessions WHERE account_id = $1 AND key_hash IS DISTINCT FROM $2",
        account_id,
        hash_of(but) if but else None,
    )


async def list_of(db: Db, account_id: int) -> list[Kept]:
    """The sessions of an account, the one used last first."""
    rows = await db.fetch(
        """
        SELECT key_hash, data ->> 'agent' AS agent, created_at, seen_at
          FROM sessions
         WHERE account_id = $1 AND expires_at > now()
         ORDER BY seen_at DESC, key_hash
        """,
        account_id,
    )
    return [Kept(**row) for row in rows]


async def delete_one(db: Db, account_id: int, key_hash: bytes) -> bool:
    """End one session of this account. False if there is none."""
    done: str = await db.execute("DELETE FROM sessions WHERE account_id = $1 AND key_hash = $2", account_id, key_hash)
    return done == "DELETE 1"


async def delete_expired(db: Db) -> None:
    """Forget the sessions that have ended."""
    await db.execute("DELETE FROM sessions WHERE expires_at < now()")


async def _touch(db: Db, key: str) -> None:
    await db.execute(
        """
        UPDATE sessions
           SET seen_at = now(), expires_at = least(now() + $2::interval, created_at + $3::interval)
         WHERE key_hash = $1
        """,
        hash_of(key),
        timedelta(days=SESSION_DAYS),
        timedelta(days=SESSION_DAYS_MOST),
    )
