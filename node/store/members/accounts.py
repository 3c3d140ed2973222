"""People's logins here, each with the permissions of the mandates in force."""

from __future__ import annotations

import asyncpg

from node.errors import Conflict, NotFound
from node.ids import new_id
from node.store.db import Db
from schemas.records import Account, Actor

# An account with what its mandates allow at this moment; each query adds its own condition.
_ACCOUNTS = """
    SELECT a.*,
           ARRAY(SELECT DISTINCT role FROM mandates
                  WHERE account_id = a.id AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
                  ORDER BY role) AS roles,
           ARRAY(SELECT DISTINCT unnest(permissions) AS permission FROM mandates JOIN roles ON roles.name = role
                  WHERE account_id = a.id AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
                  ORDER BY permission) AS permissions,
           ARRAY(SELECT actor_id FROM editors WHERE account_id = a.id ORDER BY actor_id) AS edits
      FROM accounts a
"""


async def find(db: Db, account_id: int) -> Account | None:
    """The account with this id."""
    row = await db.fetchrow(_ACCOUNTS + "WHERE a.id = $1", account_id)
    return Account(**row) if row else None


async def find_by_email(db: Db, email: str) -> Account | None:
    """The account with this mail address; upper and lower case are one."""
    row = await db.fetchrow(_ACCOUNTS + "WHERE a.email = $1", email)
    return Account(**row) if row else None


async def find_by_actor(db: Db, actor_id: int) -> Account | None:
    """The account of a member by the member's actor."""
    row = await db.fetchrow(_ACCOUNTS + "WHERE a.actor_id = $1", actor_id)
    return Account(**row) if row else None


async def first_steward(db: Db) -> Account:
    """The account that has been a steward for longest; NotFound while there is none."""
    row = await db.fetchrow(
        _ACCOUNTS
        + """
          JOIN mandates m ON m.account_id = a.id AND m.role = 'steward'
                         AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())
         ORDER BY m.starts_at, m.id
         LIMIT 1
        """
    )
    if row is None:
        raise NotFound
    return Account(**row)


async def insert(
    db: Db,
    actor: Actor,
    *,
    email: str | None,
    password_hash: str | None,
    language: str,
    zone: str,
    confirmed: bool = True,
) -> Account:
    """Give an actor a login, without any role yet; Conflict if the mail address is taken. One whose address is not
    `confirmed` cannot sign in before it is."""
    row = await db.fetchrow(
        """
        INSERT INTO accounts (id, actor_id, email, password_hash, language, zone, confirmed_at)
        VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END)
        ON CONFLICT (email) DO NOTHING
        RETURNING *
        """,
        new_id(),
        actor.id,
        email,
        password_hash,
        language,
        zone,
        confirmed,
    )
    if row is None:
        raise Conflict("There is an account with this address.")
    return Account(**row)


async def set_password_hash(db: Db, account_id: int, password_hash: str) -> None:
    """Keep another hash."""
    await db.execute("UPDATE accounts SET password_hash = $2 WHERE id = $1", account_id, password_hash)


async def confirm(db: Db, account_id: int, email: str) -> None:
    """This is the account's address from now on, and whoever has the account reads it. Conflict if it is taken."""
    try:
        await db.execute(
            "UPDATE accounts SET email = $2, confirmed_at = coalesce(confirmed_at, now()) WHERE id = $1",
            account_id,
            email,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("There is an account with this address.") from error


async def set_language(db: Db, account_id: int, language: str) -> None:
    """Remember in which language the hub speaks to this account."""
    await db.execute("UPDATE accounts SET language = $2 WHERE id = $1", account_id, language)


async def set_zone(db: Db, account_id: int, zone: str) -> None:
    """Remember where the clocks of this account hang."""
    await db.execute("UPDATE accounts SET zone = $2 WHERE id = $1", account_id, zone)


async def is_reserved(db: Db, name: str) -> bool:
    """Whether a name is kept from use: reserved, or borne by some local actor before."""
    taken: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM reserved_names WHERE name = $1)
            OR EXISTS (SELECT FROM actors WHERE local AND lower(name) = lower($1))
        """,
        name,
    )
    return taken
