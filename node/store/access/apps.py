"""Client apps that registered here (RFC 7591). Of an app's secret only the hash is kept."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from node.store.access.sessions import hash_of
from node.store.db import Db
from schemas.limits import SESSION_SEEN_SECONDS
from schemas.records import Record

KEY_BYTES = 32


class App(Record, frozen=True, kw_only=True):
    """An app: what it calls itself, where it may be sent back to, and the most it may ask for."""

    id: int
    client_id: str
    secret_hash: bytes
    name: str
    website: str | None
    redirect_uris: list[str]
    scopes: list[str]
    created_at: datetime
    used_at: datetime

    def has_secret(self, secret: str) -> bool:
        """Whether this is its secret."""
        return hmac.compare_digest(self.secret_hash, hash_of(secret))


async def insert(
    db: Db, *, name: str, redirect_uris: Sequence[str], scopes: Sequence[str], website: str | None = None
) -> tuple[App, str]:
    """Register an app; it and its secret, this once, in clear."""
    secret = secrets.token_urlsafe(KEY_BYTES)
    row = await db.fetchrow(
        """
        INSERT INTO apps (client_id, secret_hash, name, website, redirect_uris, scopes)
        VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING *
        """,
        secrets.token_urlsafe(KEY_BYTES),
        hash_of(secret),
        name,
        website,
        list(redirect_uris),
        list(scopes),
    )
    return App(**row), secret


async def find(db: Db, client_id: str) -> App | None:
    """The app with this public id."""
    row = await db.fetchrow("SELECT * FROM apps WHERE client_id = $1", client_id)
    return App(**row) if row else None


async def get(db: Db, app_id: int) -> App:
    """The app with this row id, which is there."""
    return App(**await db.fetchrow("SELECT * FROM apps WHERE id = $1", app_id))


async def touch(db: Db, app: App) -> None:
    """Note that it is in use; at most now and then, as with sessions."""
    await db.execute(
        "UPDATE apps SET used_at = now() WHERE id = $1 AND used_at < now() - $2::interval",
        app.id,
        timedelta(seconds=SESSION_SEEN_SECONDS),
    )


async def forget_unused(db: Db, age: timedelta, most: int) -> None:
    """Forget apps by which nobody came in so long: no member's token is valid, and they were not used meanwhile."""
    await db.execute(
        """
        DELETE FROM apps
         WHERE id IN (SELECT id FROM apps a
                       WHERE a.used_at < now() - $1::interval
                         AND NOT EXISTS (SELECT FROM tokens t
                                          WHERE t.app_id = a.id AND t.revoked_at IS NULL
                                            AND (t.account_id IS NOT NULL OR t.used_at > now() - $1::interval))
                       ORDER BY id LIMIT $2)
        """,
        age,
        most,
    )
