"""What servers that wait for a look have said: kept unread and unverified, a bounded number, for a bounded time."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec

from node.store.db import Db
from schemas.limits import HELD_MOST, HELD_PER_HOST
from schemas.records import Record


class Held(Record, frozen=True, kw_only=True):
    """One request: its signature as JSON, to be checked later, and its body."""

    id: int
    signature: str
    body: str


class Heap(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one server waits, and since when."""

    number: int
    since: datetime | None


async def insert(db: Db, host: str, signature: str, body: str) -> bool:
    """Keep a request. False where too much waits already; the same once more is kept once."""
    row = await db.fetchrow(
        """
        WITH full_up AS (
            SELECT (SELECT count(*) FROM held) >= $5 OR (SELECT count(*) FROM held WHERE host = $1) >= $6 AS so),
        kept AS (
            INSERT INTO held (host, once, signature, body)
            SELECT $1, $2, $3, $4 FROM full_up WHERE NOT so
            ON CONFLICT (once) DO NOTHING)
        SELECT so FROM full_up
        """,
        host,
        hashlib.sha256(f"{host}\n{body}".encode()).digest(),
        signature,
        body,
        HELD_MOST,
        HELD_PER_HOST,
    )
    return row is not None and not row["so"]


async def heap(db: Db, host: str) -> Heap:
    """How much of a server waits."""
    row = await db.fetchrow("SELECT count(*) AS number, min(received_at) AS since FROM held WHERE host = $1", host)
    return Heap(**row)


async def list_of(db: Db, host: str) -> list[Held]:
    """What a server said, in the order it came; a heap is bounded."""
    rows = await db.fetch("SELECT id, signature, body FROM held WHERE host = $1 ORDER BY id", host)
    return [Held(**row) for row in rows]


async def delete(db: Db, held_id: int) -> bool:
    """One was taken or thrown away. False if somebody else did."""
    done: str = await db.execute("DELETE FROM held WHERE id = $1", held_id)
    return done == "DELETE 1"


async def delete_of(db: Db, host: str) -> int:
    """Throw away all that a server said. How many."""
    done: str = await db.execute("DELETE FROM held WHERE host = $1", host)
    return int(done.rpartition(" ")[2])


async def forget(db: Db, age: timedelta) -> int:
    """Throw away what waited too long. How many."""
    done: str = await db.execute("DELETE FROM held WHERE received_at < now() - $1::interval", age)
    return int(done.rpartition(" ")[2])
