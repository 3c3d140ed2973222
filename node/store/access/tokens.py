"""Bearer tokens of clients and scripts: an account, the actor it acts as, and scopes. Only hashes are kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from node.store.access.sessions import hash_of
from node.store.db import Db
from schemas.records import Record

TOKEN_BYTES = 32


class Token(Record, frozen=True, kw_only=True):
    """A token as its owner sees it: never the token itself."""

    id: int
    account_id: int
    acting_actor_id: int | None
    app_id: int | None
    scopes: list[str]
    name: str
    created_at: datetime
    used_at: datetime | None


class Issued(Record, frozen=True, kw_only=True):
    """A token just made, this once in clear."""

    id: int
    token: str
    scopes: tuple[str, ...]
    created_at: datetime


async def insert(
    db: Db, account_id: int, scopes: Sequence[str], *, name: str = "", acting_actor_id: int | None = None
) -> str:
    """Make a token and give it, this once, in clear."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await db.execute(
        "INSERT INTO tokens (token_hash, account_id, acting_actor_id, scopes, name) VALUES ($1, $2, $3, $4, $5)",
        hash_of(token),
        account_id,
        acting_actor_id,
        list(scopes),
        name,
    )
    return token


async def issue(
    db: Db, app_id: int, scopes: Sequence[str], *, account_id: int | None = None, acting_actor_id: int | None = None
) -> Issued:
    """A token for an app: for itself, or for a member by whom it acts as that actor."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = await db.fetchrow(
        """
        INSERT INTO tokens (token_hash, app_id, account_id, acting_actor_id, scopes, name)
        VALUES ($1, $2, $3, $4, $5, (SELECT name FROM apps WHERE id = $2))
        RETURNING id, created_at
        """,
        hash_of(token),
        app_id,
        account_id,
        acting_actor_id,
        list(scopes),
    )
    return Issued(id=row["id"], token=token, scopes=tuple(scopes), created_at=row["created_at"])


async def list_of(db: Db, account_id: int) -> list[Token]:
    """The tokens of an account that are not revoked, newest first."""
    rows = await db.fetch(
        """
        SELECT id, account_id, acting_actor_id, app_id, scopes, name, created_at, used_at
          FROM tokens
         WHERE account_id = $1 AND revoked_at IS NULL
         ORDER BY id DESC
        """,
        account_id,
    )
    return [Token(**row) for row in rows]


async def revoke(db: Db, account_id: int, token_id: int) -> bool:
    """End a token of this account. False if there is none."""
    return await _end(db, "t.id = $1 AND t.account_id = $2", token_id, account_id) > 0


async def revoke_all(db: Db, account_id: int) -> None:
    """End all tokens of an account, and the codes for which tokens could still be had."""
    await db.execute("DELETE FROM authorization_codes WHERE account_id = $1 AND used_at IS NULL", account_id)
    await _end(db, "t.account_id = $1", account_id)


async def revoke_token(db: Db, token: str, app_id: int) -> None:
    """End this very token, if the app has it."""
    await _end(db, "t.token_hash = $1 AND t.app_id = $2", hash_of(token), app_id)


async def revoke_one(db: Db, token_id: int) -> None:
    """End a token whoever it belongs to."""
    await _end(db, "t.id = $1", token_id)


async def forget_ended(db: Db, age: timedelta, most: int) -> None:
    """Forget tokens that ended so long ago."""
    await db.execute(
        """
        DELETE FROM tokens
         WHERE id IN (SELECT id FROM tokens WHERE revoked_at < now() - $1::interval ORDER BY id LIMIT $2)
        """,
        age,
        most,
    )


async def _end(db: Db, which: str, *values: object) -> int:
    """End tokens; their push messages end with them, and streams learn of it. How many there were."""
    done: str = await db.execute(
        f"""
        WITH ended AS (
            UPDATE tokens t SET revoked_at = now() WHERE {which} AND t.revoked_at IS NULL RETURNING t.id
        ), unsubscribed AS (
            DELETE FROM push_subscriptions WHERE token_id IN (SELECT id FROM ended)
        )
        INSERT INTO happenings (kind, subject_id) SELECT 'token.revoked', id FROM ended
        """,  # noqa: S608 - `which` is one of the texts above
        *values,
    )
    return int(done.rpartition(" ")[2])
