"""Bearer tokens of clients and scripts: an account, the actor it acts as, and scopes. Only hashes are kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from node.store.db import Db
from node.store.sessions import hash_of
from schemas.records import Record

TOKEN_BYTES = 32


class Token(Record, frozen=True, kw_only=True):
    """A token as its owner sees it: never the token itself."""

    id: int
    account_id: int
    acting_actor_id: int | None
    scopes: list[str]
    name: str
    created_at: datetime
    used_at: datetime | None


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


async def list_of(db: Db, account_id: int) -> list[Token]:
    """The tokens of an account that are not revoked, newest first."""
    rows = await db.fetch(
        """
        SELECT id, account_id, acting_actor_id, scopes, name, created_at, used_at
          FROM tokens
         WHERE account_id = $1 AND revoked_at IS NULL
         ORDER BY id DESC
        """,
        account_id,
    )
    return [Token(**row) for row in rows]


async def revoke(db: Db, account_id: int, token_id: int) -> bool:
    """End a token of this account. False if there is none."""
    done: str = await db.execute(
        "UPDATE tokens SET revoked_at = now() WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL",
        token_id,
        account_id,
    )
    return done == "UPDATE 1"


async def revoke_all(db: Db, account_id: int) -> None:
    """End all tokens of an account."""
    await db.execute("UPDATE tokens SET revoked_at = now() WHERE account_id = $1 AND revoked_at IS NULL", account_id)
