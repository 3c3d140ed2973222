"""What was said to us, kept before we answered. A row is leased to one worker, done once, and emptied when done."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import msgspec

from node.store.db import Db
from schemas.limits import LEASE_SECONDS
from schemas.records import Arrival

UNNAMED = "#unnamed-"
LEASING = 0x61727276
"""Advisory lock key: one lease at a time, or two workers could take two activities of one actor out of order."""


class NewArrival(msgspec.Struct, frozen=True, kw_only=True):
    """A verified activity about to be kept. `body` is its JSON text as it came."""

    uri: str
    type: str
    actor_uri: str
    host: str
    body: str

    @property
    def once(self) -> bytes:
        """What makes it the same activity when it comes again: its id and who said it."""
        return hashlib.sha256(f"{self.uri}\n{self.actor_uri}".encode()).digest()


def unnamed(actor_uri: str, body: bytes, *signatures: str) -> str:
    """What stands for the id of an activity that has none."""
    digest = hashlib.sha256(body + "\n".join(signatures).encode()).hexdigest()
    return f"{actor_uri}{UNNAMED}{digest}"


async def insert_many(db: Db, new: Sequence[NewArrival]) -> int:
    """Keep activities; those already known change nothing. How many were new."""
    # In one order everywhere, so that two processes with the same activities cannot wait for each other for ever.
    ordered = sorted({one.once: one for one in new}.items())
    done: str = await db.execute(
        """
        INSERT INTO arrivals (once, uri, type, actor_uri, host, body)
        SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
        ON CONFLICT (once) DO NOTHING
        """,
        [once for once, _ in ordered],
        [one.uri for _, one in ordered],
        [one.type for _, one in ordered],
        [one.actor_uri for _, one in ordered],
        [one.host for _, one in ordered],
        [one.body for _, one in ordered],
    )
    return int(done.rpartition(" ")[2])


async def lease(db: Db, worker: int, limit: int) -> list[Arrival]:
    """Take what is due, oldest first, for a worker and LEASE_SECONDS at most. Needs a transaction.

    Nothing is taken of an actor of whom somebody has something in work: that one takes it, by `lease_of`. One that was
    put off does not hold up the later ones.
    """
    await db.execute("SELECT pg_advisory_xact_lock($1)", LEASING)
    rows = await db.fetch(
        """
        WITH due AS (
            SELECT id FROM arrivals
            WHERE done_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
              AND actor_uri NOT IN (SELECT actor_uri FROM arrivals WHERE done_at IS NULL AND leased_until > now())
            ORDER BY next_at, id
            LIMIT $1
            FOR UPDATE SKIP LOCKED
        )
        UPDATE arrivals SET leased_until = now() + $2, leased_by = $3, attempts = attempts + 1
        FROM due
        WHERE arrivals.id = due.id
        RETURNING arrivals.id, uri, type, actor_uri, host, body, attempts, received_at
        """,
        limit,
        timedelta(seconds=LEASE_SECONDS),
        worker,
    )
    return sorted((Arrival(**row) for row in rows), key=lambda one: one.id)


async def lease_of(db: Db, worker: int, actor_uri: str, limit: int) -> list[Arrival]:
    """Take what else of this actor is due, for the worker that has just ended with what it had of it; nothing if
    somebody else was quicker. Needs a transaction."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LEASING)
    rows = await db.fetch(
        """
        WITH due AS (
            SELECT id FROM arrivals
            WHERE actor_uri = $1 AND done_at IS NULL AND next_at <= now()
              AND NOT EXISTS (
                  SELECT FROM arrivals WHERE actor_uri = $1 AND done_at IS NULL AND leased_until > now())
            ORDER BY id
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        UPDATE arrivals SET leased_until = now() + $3, leased_by = $4, attempts = attempts + 1
        FROM due
        WHERE arrivals.id = due.id
        RETURNING arrivals.id, uri, type, actor_uri, host, body, attempts, received_at
        """,
        actor_uri,
        limit,
        timedelta(seconds=LEASE_SECONDS),
        worker,
    )
    return sorted((Arrival(**row) for row in rows), key=lambda one: one.id)


async def finish(
    db: Db, arrival_id: int, outcome: Literal["accepted", "ignored", "refused", "dead"], reason: str | None = None
) -> bool:
    """Say how it ended. False if it had ended before: then the caller must roll back what it did.

    Its commit does not wait for the disk: should the machine fail just then, both the effects and this end are lost
    together, and the arrival, which was kept safely before it was answered, is worked on again.
    """
    done: str = await db.execute(
        """
        UPDATE arrivals SET done_at = now(), leased_until = NULL, leased_by = NULL, outcome = $2, reason = $3, body = ''
        WHERE id = $1 AND done_at IS NULL
        RETURNING set_config('synchronous_commit', 'off', true)
        """,
        arrival_id,
        outcome,
        reason,
    )
    return done == "UPDATE 1"


async def put_off(db: Db, arrival_id: int, seconds: float, reason: str) -> None:
    """Try again after a while."""
    await db.execute(
        """
        UPDATE arrivals SET leased_until = NULL, leased_by = NULL, next_at = now() + $2, reason = $3
        WHERE id = $1 AND done_at IS NULL
        """,
        arrival_id,
        timedelta(seconds=seconds),
        reason,
    )


async def release(db: Db, arrival_ids: Sequence[int]) -> None:
    """Give leases back untried."""
    await db.execute(
        """
        UPDATE arrivals SET leased_until = NULL, leased_by = NULL, attempts = attempts - 1
        WHERE id = ANY($1) AND done_at IS NULL AND leased_until IS NOT NULL
        """,
        list(arrival_ids),
    )


async def forget_done(db: Db, age: timedelta, limit: int) -> int:
    """Delete rows that ended longer ago than `age`; a repeat of them would be taken for new. How many went."""
    done: str = await db.execute(
        """
        DELETE FROM arrivals
        WHERE id IN (SELECT id FROM arrivals WHERE done_at < now() - $1::interval ORDER BY done_at LIMIT $2)
        """,
        age,
        limit,
    )
    return int(done.rpartition(" ")[2])
