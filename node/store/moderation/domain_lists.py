"""Lists of domains that somebody brought, or that are read at an address again and again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from node.errors import NotFound
from node.store.db import Db
from schemas.records import Record

Purpose = Literal["block", "allow"]
State = Literal["reading", "read", "confirming", "applying", "failed"]


class DomainList(Record, frozen=True, kw_only=True):
    """A list with how far it is: `done` of about `lines` are read, or of its drafts are put in force. `url` is None for
    a file. `proposed_by` wants all its drafts put in force, which `confirmed_by` agreed to."""

    id: int
    name: str
    url: str | None
    purpose: Purpose
    etag: str
    state: State
    lines: int
    done: int
    skipped: int
    round: int
    error: str
    exclusions: list[str]
    created_by: int | None
    created_at: datetime
    read_at: datetime | None
    proposed_by: int | None
    proposed_at: datetime | None
    confirmed_by: int | None
    ended_at: datetime | None
    waiting: int = 0


_FIELDS = ", ".join(f"l.{name}" for name in DomainList.__struct_fields__ if name != "waiting")
_LOCK = f"SELECT {_FIELDS} FROM domain_lists l WHERE id = $1 FOR UPDATE"  # noqa: S608 - names of our own
_READ = f"""
    SELECT {_FIELDS}, (SELECT count(*) FROM drafts d WHERE d.list_id = l.id AND d.state = 'waiting') AS waiting
      FROM domain_lists l
"""  # noqa: S608 - names of our own
_ONE = _READ + " WHERE l.id = $1"
_ALL = _READ + " WHERE l.ended_at IS NULL ORDER BY l.id DESC LIMIT $1"


async def insert(db: Db, name: str, purpose: Purpose, by: int, *, url: str | None, body: bytes | None) -> int | None:
    """Keep a new list, with its body or to be fetched; its number. None where this address is read already."""
    number: int | None = await db.fetchval(
        """
        INSERT INTO domain_lists (name, purpose, created_by, url, body, state)
        VALUES ($1, $2, $3, $4, $5, 'reading')
        ON CONFLICT (url) DO NOTHING
        RETURNING id
        """,
        name,
        purpose,
        by,
        url,
        body,
    )
    return number


async def get(db: Db, list_id: int) -> DomainList:
    """One list; NotFound if there is none."""
    row = await db.fetchrow(_ONE, list_id)
    if row is None:
        raise NotFound
    return DomainList(**row)


async def lock(db: Db, list_id: int) -> DomainList:
    """The same, held until the transaction ends; how many drafts wait is not counted."""
    row = await db.fetchrow(_LOCK, list_id)
    if row is None:
        raise NotFound
    return DomainList(**row)


async def list_all(db: Db, limit: int) -> list[DomainList]:
    """The lists, the newest first."""
    return [DomainList(**row) for row in await db.fetch(_ALL, limit)]


async def body_of(db: Db, list_id: int) -> bytes | None:
    """What is still to be read."""
    found: bytes | None = await db.fetchval("SELECT body FROM domain_lists WHERE id = $1", list_id)
    return found


async def put_body(db: Db, list_id: int, body: bytes, etag: str) -> None:
    """Something new was fetched: it is to be read."""
    await db.execute(
        """
        UPDATE domain_lists SET body = $2, etag = $3, state = 'reading', done = 0, skipped = 0, error = '',
                                proposed_by = NULL, confirmed_by = NULL
         WHERE id = $1 AND state IN ('reading', 'read', 'failed')
        """,
        list_id,
        body,
        etag,
    )


async def begin(db: Db, list_id: int, lines: int) -> int:
    """Begin to read it from the start; the number of this round."""
    number: int = await db.fetchval(
        """
        UPDATE domain_lists SET round = round + 1, lines = $2, done = 0, skipped = 0, error = '' WHERE id = $1
        RETURNING round
        """,
        list_id,
        lines,
    )
    return number


async def proceed(db: Db, list_id: int, *, done: int, skipped: int = 0) -> None:
    """So many more are done, or were no domains."""
    await db.execute(
        "UPDATE domain_lists SET done = done + $2, skipped = skipped + $3 WHERE id = $1", list_id, done, skipped
    )


async def count_anew(db: Db) -> None:
    """Have plans made again that date from when there were few drafts and measures. Those of foreign keys would read
    all of them for each one more: a connection keeps them, however many come meanwhile."""
    await db.execute("ANALYZE drafts, measures")


async def end(db: Db, list_id: int, state: State, error: str = "") -> None:
    """It is read, or put in force, or why not. What was read is not kept."""
    await db.execute(
        """
        UPDATE domain_lists
           SET state = $2, error = $3, body = NULL, lines = CASE WHEN $2 = 'read' THEN done ELSE lines END,
               read_at = CASE WHEN $2 = 'read' THEN now() ELSE read_at END
         WHERE id = $1
        """,
        list_id,
        state,
        error,
    )


async def note(db: Db, list_id: int, error: str) -> None:
    """It was looked at and there was nothing new, or it was not to be had: what was read before stays."""
    await db.execute(
        """
        UPDATE domain_lists SET error = $2, read_at = now(),
               state = CASE WHEN state = 'reading' AND body IS NULL THEN
                            CASE WHEN $2 = '' THEN 'read' ELSE 'failed' END ELSE state END
         WHERE id = $1
        """,
        list_id,
        error,
    )


async def propose(db: Db, list_id: int, by: int, waiting: int, *, at_once: bool) -> bool:
    """Somebody wants all its drafts put in force. False if it is not ready for that."""
    done: str = await db.execute(
        """
        UPDATE domain_lists SET state = CASE WHEN $3 THEN 'applying' ELSE 'confirming' END,
                                proposed_by = $2, proposed_at = now(), confirmed_by = NULL, lines = $4, done = 0
         WHERE id = $1 AND state = 'read'
        """,
        list_id,
        by,
        at_once,
        waiting,
    )
    return done == "UPDATE 1"


async def confirm(db: Db, list_id: int, by: int) -> bool:
    """A second person agrees. False for the same one, or where nothing is proposed."""
    done: str = await db.execute(
        """
        UPDATE domain_lists SET state = 'applying', confirmed_by = $2
         WHERE id = $1 AND state = 'confirming' AND proposed_by <> $2
        """,
        list_id,
        by,
    )
    return done == "UPDATE 1"


async def withdraw(db: Db, list_id: int) -> bool:
    """What was proposed is not to be done. False where nothing is proposed."""
    done: str = await db.execute(
        "UPDATE domain_lists SET state = 'read', proposed_by = NULL WHERE id = $1 AND state = 'confirming'", list_id
    )
    return done == "UPDATE 1"


async def put_exclusions(db: Db, list_id: int, domains: Sequence[str]) -> None:
    """Which domains it is not to touch, with all below them; drafts about those are withdrawn."""
    await db.execute("UPDATE domain_lists SET exclusions = $2 WHERE id = $1", list_id, list(domains))
    await db.execute(
        """
        UPDATE drafts SET state = 'withdrawn'
         WHERE list_id = $1 AND state = 'waiting' AND domains_above(domain) && $2::text[]
        """,
        list_id,
        list(domains),
    )


async def delete(db: Db, list_id: int) -> None:
    """Forget a list with its drafts; the measures that came of it stay."""
    await db.execute("DELETE FROM domain_lists WHERE id = $1", list_id)


async def take_due(db: Db, age: timedelta) -> list[int]:
    """Which addresses were not looked at within `age`."""
    rows = await db.fetch(
        """
        SELECT id FROM domain_lists
         WHERE url IS NOT NULL AND ended_at IS NULL AND state IN ('read', 'failed')
           AND coalesce(read_at, created_at) < now() - $1::interval
        """,
        age,
    )
    return [row["id"] for row in rows]


async def list_confirming(db: Db) -> list[DomainList]:
    """Those that wait for a second person."""
    return [one for one in await list_all(db, 1000) if one.state == "confirming"]
