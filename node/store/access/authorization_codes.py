"""Authorization codes (RFC 6749, 4.1): good once, for some minutes, for one app. Used ones are kept for a while, so
that one that comes again is known."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from node.store.access.sessions import hash_of
from node.store.db import Db
from schemas.limits import CODE_KEPT_SECONDS, CODE_SECONDS
from schemas.records import Record

CODE_BYTES = 32


class Code(Record, frozen=True, kw_only=True):
    """What a member allowed an app. `expired`: it came too late; `usable`: the account still may be used."""

    code_hash: bytes
    app_id: int
    account_id: int
    acting_actor_id: int
    redirect_uri: str
    scopes: list[str]
    code_challenge: str | None
    created_at: datetime
    used_at: datetime | None
    token_id: int | None
    expired: bool
    usable: bool


class Allowed(Record, frozen=True, kw_only=True):
    """What a member allows: which app, acting as whom, with which scopes, sent back where."""

    app_id: int
    account_id: int
    acting_actor_id: int
    redirect_uri: str
    scopes: tuple[str, ...]
    code_challenge: str | None


async def insert(db: Db, allowed: Allowed) -> str:
    """Make a code for it and give it, this once, in clear."""
    code = secrets.token_urlsafe(CODE_BYTES)
    await db.execute(
        """
        INSERT INTO authorization_codes
               (code_hash, app_id, account_id, acting_actor_id, redirect_uri, scopes, code_challenge)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        hash_of(code),
        allowed.app_id,
        allowed.account_id,
        allowed.acting_actor_id,
        allowed.redirect_uri,
        list(allowed.scopes),
        allowed.code_challenge,
    )
    return code


async def take(db: Db, code: str, app_id: int) -> Code | None:
    """The code of this app as it was before, from now on used; None where the app has no such code. Of two that take
    it at the same moment the second waits, and sees it used."""
    row = await db.fetchrow(
        """
        WITH kept AS MATERIALIZED (
            SELECT * FROM authorization_codes WHERE code_hash = $1 AND app_id = $2 FOR UPDATE
        ), used AS (
            UPDATE authorization_codes c SET used_at = coalesce(c.used_at, now())
              FROM kept WHERE c.code_hash = kept.code_hash
        )
        SELECT kept.*, kept.created_at < now() - $3::interval AS expired,
               (a.disabled_at IS NULL OR me.frozen_at IS NOT NULL)
                 AND me.suspended_at IS NULL AND me.deleted_at IS NULL AS usable
          FROM kept
          JOIN accounts a ON a.id = kept.account_id
          JOIN actors me ON me.id = a.actor_id
        """,
        hash_of(code),
        app_id,
        timedelta(seconds=CODE_SECONDS),
    )
    return Code(**row) if row else None


async def led_to(db: Db, code: Code, token_id: int) -> None:
    """Note which token was given for it."""
    await db.execute("UPDATE authorization_codes SET token_id = $2 WHERE code_hash = $1", code.code_hash, token_id)


async def forget(db: Db) -> None:
    """Forget codes that could not be used for long."""
    await db.execute(
        "DELETE FROM authorization_codes WHERE created_at < now() - $1::interval", timedelta(seconds=CODE_KEPT_SECONDS)
    )
