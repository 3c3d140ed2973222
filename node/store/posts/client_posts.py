"""What belongs to posts that came from a client: by which app they were written, and whether a request is a repeat."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from node.store.db import Db
from schemas.limits import IDEMPOTENCY_SECONDS
from schemas.records import Record


class Made(Record, frozen=True, kw_only=True):
    """What a request with this key made: one of them, or neither while it is being made."""

    post_id: int | None
    scheduled_id: int | None


async def note_app(db: Db, post_id: int, app_id: int | None) -> None:
    """Write down the app a post was written with."""
    if app_id is not None:
        await db.execute("UPDATE posts SET app_id = $2 WHERE id = $1", post_id, app_id)


async def find_made(db: Db, actor_id: int, key: str) -> Made | None:
    """What a request with this key made within IDEMPOTENCY_SECONDS."""
    row = await db.fetchrow(
        """
        SELECT post_id, scheduled_id FROM idempotency_keys
         WHERE actor_id = $1 AND key_hash = $2 AND made_at > now() - $3::interval
        """,
        actor_id,
        _hash(key),
        timedelta(seconds=IDEMPOTENCY_SECONDS),
    )
    return Made(**row) if row else None


async def claim_key(db: Db, actor_id: int, key: str) -> bool:
    """Take a key for the request that is being done; who sends the same meanwhile waits for its end. False if it was
    taken. What is older than IDEMPOTENCY_SECONDS is forgotten."""
    await db.execute(
        "DELETE FROM idempotency_keys WHERE actor_id = $1 AND made_at <= now() - $2::interval",
        actor_id,
        timedelta(seconds=IDEMPOTENCY_SECONDS),
    )
    done: str = await db.execute(
        "INSERT INTO idempotency_keys (actor_id, key_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        actor_id,
        _hash(key),
    )
    return done == "INSERT 0 1"


async def note_made(
    db: Db, actor_id: int, key: str, *, post_id: int | None = None, scheduled_id: int | None = None
) -> None:
    """Write down what the request with this key made."""
    await db.execute(
        "UPDATE idempotency_keys SET post_id = $3, scheduled_id = $4 WHERE actor_id = $1 AND key_hash = $2",
        actor_id,
        _hash(key),
        post_id,
        scheduled_id,
    )


def _hash(key: str) -> bytes:
    return sha256(key.encode()).digest()
