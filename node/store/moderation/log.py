"""The append-only log: entries numbered without gaps, chained under one lock; only redaction ever changes a row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from node import chain
from node.store.db import Db
from node.store.queues import jobs
from node.store.tabular import Slice, ordered
from schemas.log_entry import LogEntry

LOCK = 0x6C6F67
"""Advisory lock key of the chain's end."""

PAGE = 500


async def append(db: Db, kind: str, content: dict[str, Any], *, public: str | None = None) -> LogEntry:
    """Add an entry inside the caller's transaction; entries wait for each other until it commits.

    `content` is for staff and is covered by the chain together with `public`, the sentence everyone may read.
    """
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    last = await db.fetchrow("SELECT id, link FROM log ORDER BY id DESC LIMIT 1")
    number = last["id"] + 1 if last else 1
    at, salt = datetime.now(UTC), chain.new_salt()
    text = msgspec.json.encode({**content, "public": public}, order="sorted").decode()
    hashed = chain.content_hash(salt, text)
    link = chain.link(last["link"] if last else chain.FIRST_LINK, number, kind, at, hashed)
    row = await db.fetchrow(
        """
        INSERT INTO log (id, kind, at, content, public, salt, content_hash, link)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        RETURNING *
        """,
        number,
        kind,
        at,
        text,
        public,
        salt,
        hashed,
        link,
    )
    if public is not None:
        await jobs.add(db, "tell_log", {"entry": number}, once=f"tell_log {number}")
    return LogEntry(**row)


async def redact(db: Db, entry_id: int, why: str) -> bool:
    """Delete what an entry said and its salt; number, kind, time, hash and the reason stay.

    False if there is no such entry or it is redacted already.
    """
    done: str = await db.execute(
        """
        UPDATE log SET content = NULL, public = NULL, salt = NULL, redacted_why = $2
         WHERE id = $1 AND redacted_why IS NULL
        """,
        entry_id,
        why,
    )
    return done == "UPDATE 1"


async def entries(db: Db) -> AsyncIterator[LogEntry]:
    """The whole chain in order, read page by page."""
    after = 0
    while rows := await db.fetch("SELECT * FROM log WHERE id > $1 ORDER BY id LIMIT $2", after, PAGE):
        for row in rows:
            yield LogEntry(**row)
        after = rows[-1]["id"]


async def list_newest(db: Db, *, before: int | None, limit: int, public: bool = False) -> list[LogEntry]:
    """Entries from the newest down, older than number `before`; `public`: only those that everybody may read."""
    rows = await db.fetch(
        """
        SELECT * FROM log WHERE ($1::bigint IS NULL OR id < $1) AND (NOT $3 OR public IS NOT NULL)
         ORDER BY id DESC LIMIT $2
        """,
        before,
        limit,
        public,
    )
    return [LogEntry(**row) for row in rows]


_LIST = """
    SELECT * FROM log
     WHERE ($1::bigint IS NULL OR id < $1)
       AND ($2 = '' OR kind = $2)
       AND ($3 = '' OR strpos(lower(coalesce(CASE WHEN $4 THEN content END, public, '')), $3) > 0)
     -- sorted
    OFFSET $5 LIMIT $6
"""
_ORDERS = {"number": "id", "when": "at", "what": "kind", "words": "public"}


async def list_of(
    db: Db, wanted: Slice, *, kind: str = "", before: int | None = None, staff: bool = False
) -> list[LogEntry]:
    """A part of the log: of one kind, older than `before`. Words are looked for in what everybody may read, for the
    `staff` in all an entry says."""
    sql, words = ordered(_LIST, _ORDERS, wanted, "id DESC"), wanted.words.lower()
    return [LogEntry(**row) for row in await db.fetch(sql, before, kind, words, staff, wanted.offset, wanted.limit)]


async def find(db: Db, entry_id: int) -> LogEntry | None:
    """One entry by its number."""
    row = await db.fetchrow("SELECT * FROM log WHERE id = $1", entry_id)
    return LogEntry(**row) if row else None


async def note_of(db: Db, address: str) -> int | None:
    """The post by which the log's actor published the entry at this address, if it did."""
    found: int | None = await db.fetchval(
        """
        SELECT posts.id FROM posts JOIN actors ON actors.id = posts.actor_id
         WHERE actors.local AND actors.role_here = 'log' AND posts.url = $1 AND posts.deleted_at IS NULL
        """,
        address,
    )
    return found
