"""Applications: who wants to join, from the first form to the decision. An account is made when one is accepted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import asyncpg
import msgspec

from node.errors import Conflict
from node.store.access.sessions import hash_of
from node.store.db import Db
from node.store.tabular import Slice, ordered
from schemas.limits import APPLICATION_KEPT_DAYS, CONFIRM_SECONDS
from schemas.records import Record

KEY_BYTES = 32
State = Literal["confirming", "waiting", "accepted", "declined"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody answered to a question, as it was asked."""

    question: str
    answer: str


class NewApplication(msgspec.Struct, frozen=True, kw_only=True):
    """Who applies. `doubts`: why somebody has to look; `app_id`, `scopes`: of the app that it came from."""

    name: str
    display_name: str
    email: str
    password_hash: str
    language: str
    answers: tuple[Answer, ...] = ()
    doubts: tuple[str, ...] = ()
    invitation_id: int | None = None
    invited_by: int | None = None
    app_id: int | None = None
    token: str | None = None
    scopes: Sequence[str] = ()


class Application(Record, frozen=True, kw_only=True):
    """A row; `inviter`: the name of who invited them."""

    id: int
    name: str
    display_name: str
    email: str
    password_hash: str | None
    language: str
    answers: list[Answer]
    state: State
    doubts: list[str]
    invited_by: int | None
    inviter: str | None
    app_id: int | None
    token_hash: bytes | None
    scopes: list[str]
    account_id: int | None
    notes: str
    created_at: datetime
    confirmed_at: datetime | None
    decided_at: datetime | None


_FIELDS = """
    p.id, p.name, p.display_name, p.email, p.password_hash, p.language, p.answers, p.state, p.doubts, p.invited_by,
    (SELECT a.name FROM accounts JOIN actors a ON a.id = actor_id WHERE accounts.id = p.invited_by) AS inviter,
    p.app_id, p.token_hash, p.scopes, p.account_id, p.notes, p.created_at, p.confirmed_at, p.decided_at
"""
_ORDERS = {"since": "p.created_at", "name": "lower(p.name)", "inviter": "p.invited_by", "state": "p.state"}


async def insert(db: Db, new: NewApplication) -> str:
    """Keep it until its address is confirmed; the key for that. One of the same address that nobody confirmed gives
    way. Conflict where the name is somebody else's."""
    await _drop(db, "email = $1 OR expires_at < now() AND name = $2", new.email, new.name)
    key = secrets.token_urlsafe(KEY_BYTES)
    try:
        await db.execute(
            """
            INSERT INTO applications (name, display_name, email, password_hash, language, answers, doubts,
                                      invitation_id, invited_by, app_id, token_hash, scopes, key_hash, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now() + $14::interval)
            """,
            new.name,
            new.display_name,
            new.email,
            new.password_hash,
            new.language,
            msgspec.to_builtins(new.answers),
            list(new.doubts),
            new.invitation_id,
            new.invited_by,
            new.app_id,
            hash_of(new.token) if new.token else None,
            list(new.scopes),
            hash_of(key),
            timedelta(seconds=CONFIRM_SECONDS),
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("The name {name} is taken.", name=new.name) from error
    return key


async def find_by_key(db: Db, key: str) -> Application | None:
    """What a key from a letter confirms, if its time is not over."""
    row = await db.fetchrow(
        f"SELECT {_FIELDS} FROM applications p WHERE key_hash = $1 AND state = 'confirming' AND expires_at > now()",  # noqa: S608 - names of our own
        hash_of(key),
    )
    return _of(row) if row else None


async def confirm(db: Db, application_id: int) -> bool:
    """The address is confirmed: it waits for a decision. False for whoever comes second."""
    done: str = await db.execute(
        """
        UPDATE applications SET state = 'waiting', confirmed_at = now(), key_hash = NULL
         WHERE id = $1 AND state = 'confirming' AND expires_at > now()
        """,
        application_id,
    )
    return done == "UPDATE 1"


async def find(db: Db, application_id: int, *, lock: bool = False) -> Application | None:
    """One of them; locked where it is about to be decided (case 144)."""
    row = await db.fetchrow(
        f"SELECT {_FIELDS} FROM applications p WHERE id = $1{' FOR UPDATE' if lock else ''}",  # noqa: S608 - names of our own
        application_id,
    )
    return _of(row) if row else None


async def of_account(db: Db, account_id: int) -> Application | None:
    """The application that became this account, as long as it is kept."""
    row = await db.fetchrow(f"SELECT {_FIELDS} FROM applications p WHERE account_id = $1", account_id)  # noqa: S608 - names of our own
    return _of(row) if row else None


async def waits_for(db: Db, email: str) -> bool:
    """Whether an application with this confirmed address waits."""
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM applications WHERE email = $1 AND state = 'waiting')", email
    )
    return found


async def holds_name(db: Db, name: str, email: str) -> bool:
    """Whether somebody else has applied under this name."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM applications WHERE name = $1 AND email <> $2
                          AND (state = 'waiting' OR state = 'confirming' AND expires_at > now()))
        """,
        name,
        email,
    )
    return found


async def decide(db: Db, application_id: int, state: State, by: int | None, account_id: int | None = None) -> None:
    """Note the decision. The hash of the password is with the account now, or gone; so is the app's token."""
    await db.execute(
        """
        UPDATE applications
           SET state = $2, decided_at = now(), decided_by = $3, account_id = $4, password_hash = NULL, token_hash = NULL
         WHERE id = $1
        """,
        application_id,
        state,
        by,
        account_id,
    )


async def hand_over_token(db: Db, application: Application, account_id: int, actor_id: int) -> None:
    """The token that the app was given counts from now on."""
    if application.app_id is not None and application.token_hash is not None:
        await db.execute(
            """
            INSERT INTO tokens (token_hash, app_id, account_id, acting_actor_id, scopes, name)
            SELECT $1, id, $3, $4, $5, name FROM apps WHERE id = $2
            """,
            application.token_hash,
            application.app_id,
            account_id,
            actor_id,
            application.scopes,
        )


async def state_of_token(db: Db, token: str) -> State | None:
    """For an app that asks with a token that does not count yet: how far the application is."""
    state: State | None = await db.fetchval("SELECT state FROM applications WHERE token_hash = $1", hash_of(token))
    return state


async def note(db: Db, application_id: int, notes: str) -> None:
    """What the stewards want to remember about it."""
    await db.execute("UPDATE applications SET notes = $2 WHERE id = $1", application_id, notes)


async def list_of(db: Db, state: State | Literal["all"], wanted: Slice) -> list[Application]:
    """A part of the list; `wanted.words`: a part of a name or an address. Unconfirmed ones are in "all" only."""
    sql = f"""
        SELECT {_FIELDS} FROM applications p
         WHERE ($1 = 'all' OR p.state = $1)
           AND ($2 = '' OR strpos(lower(p.name || ' ' || p.display_name || ' ' || p.email), lower($2)) > 0)
        -- sorted
        OFFSET $3 LIMIT $4
        """  # noqa: S608 - names of our own
    rows = await db.fetch(ordered(sql, _ORDERS, wanted, "p.id"), state, wanted.words, wanted.offset, wanted.limit)
    return [_of(row) for row in rows]


async def forget(db: Db) -> None:
    """Forget those that nobody confirmed, whose places others may take, and what was decided long ago."""
    await _drop(db, "expires_at < now()")
    await db.execute(
        "DELETE FROM applications WHERE decided_at < now() - $1::interval", timedelta(days=APPLICATION_KEPT_DAYS)
    )


async def _drop(db: Db, which: str, *values: str) -> None:
    """Forget some that nobody confirmed; the places of their invitations are free again."""
    await db.execute(
        f"""
        WITH gone AS (DELETE FROM applications WHERE state = 'confirming' AND ({which}) RETURNING invitation_id)
        UPDATE invitations SET taken = taken - given.number
          FROM (SELECT invitation_id, count(*) AS number FROM gone GROUP BY invitation_id) AS given
         WHERE given.invitation_id = invitations.id
        """,  # noqa: S608 - conditions of our own
        *values,
    )


def _of(row: asyncpg.Record) -> Application:
    return msgspec.convert(dict(row), Application)
