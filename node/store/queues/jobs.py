"""Work for later: what needs the network or time, but nobody's answer. Kinds are listed in `node/worker.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from node.store.db import Db
from schemas.limits import JOBS_LOOKED_AT, LEASE_SECONDS
from schemas.records import Job


async def add(
    db: Db,
    kind: str,
    arguments: Mapping[str, Any],
    once: str | None = None,
    host: str = "",
    delay: float | None = None,
) -> bool:
    """Ask for work in `delay` seconds, on behalf of `host` (work for one host is limited). False if a job with the same
    `once` is waiting already."""
    done: str = await db.execute(
        """
        INSERT INTO jobs (kind, arguments, once, host, next_at)
        VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')
        ON CONFLICT (once) DO NOTHING
        """,
        kind,
        dict(arguments),
        once,
        host,
        delay or 0.0,
    )
    return done == "INSERT 0 1"


async def add_anew(db: Db, kind: str, arguments: Mapping[str, Any], once: str, delay: float) -> None:
    """As `add`, for work that must see what this transaction changes: a job with the same `once` that waits is not
    begun before the commit, and one that has begun (`begin`) is followed by another."""
    await db.execute(
        """
        INSERT INTO jobs (kind, arguments, once, next_at)
        VALUES ($1, $2, $3, now() + $4 * interval '1 second')
        ON CONFLICT (once) DO UPDATE SET once = excluded.once
        """,
        kind,
        dict(arguments),
        once,
        delay,
    )


async def begin(db: Db, once: str) -> None:
    """Work with this key looks at things from now on: after whoever asks for it in a transaction not yet committed, and
    who asks later gets another job. Outside a transaction, so that it holds nobody up."""
    await db.execute("UPDATE jobs SET once = NULL WHERE once = $1", once)


async def lease(db: Db, worker: int, limit: int, per_host: int, *, busy_hosts: Sequence[str] = ()) -> list[Job]:
    """Take what is due, oldest first, for a worker and LEASE_SECONDS: not more than `per_host` of one host, and nothing
    for hosts that have enough under way. Jobs of no host are not counted so."""
    rows = await db.fetch(
        """
        WITH due AS (
            SELECT id, host, next_at FROM jobs
            WHERE dead_at IS NULL AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
              AND host <> ALL ($3)
            ORDER BY next_at, id
            LIMIT $5
        ), fair AS (
            SELECT id FROM (
                SELECT id, host, next_at, row_number() OVER (PARTITION BY host ORDER BY next_at, id) AS place
                FROM due) AS ranked
            WHERE host = '' OR place <= $2
            ORDER BY next_at, id
            LIMIT $1
        ), free AS (
            SELECT jobs.id FROM jobs JOIN fair USING (id)
            WHERE leased_until IS NULL OR leased_until < now()
            FOR UPDATE OF jobs SKIP LOCKED
        )
        UPDATE jobs SET leased_until = now() + $4, leased_by = $6, attempts = attempts + 1
        FROM free
        WHERE jobs.id = free.id
        RETURNING jobs.id, kind, host, arguments, attempts, created_at
        """,
        limit,
        per_host,
        list(busy_hosts),
        timedelta(seconds=LEASE_SECONDS),
        JOBS_LOOKED_AT,
        worker,
    )
    return [Job(**row) for row in rows]


async def finish(db: Db, job_id: int) -> None:
    """It is done. A job may call this itself, so that its effects and its end commit together."""
    await db.execute("DELETE FROM jobs WHERE id = $1", job_id)


async def put_off(db: Db, job_id: int, seconds: float | None, error: str) -> None:
    """Try again after a while, or give it up (None) and keep the reason; its `once` is then free again."""
    await db.execute(
        """
        UPDATE jobs
        SET leased_until = NULL, leased_by = NULL, last_error = $3,
            next_at = now() + coalesce($2, 0) * interval '1 second',
            dead_at = CASE WHEN $2::float8 IS NULL THEN now() END,
            once = CASE WHEN $2::float8 IS NULL THEN NULL ELSE once END
        WHERE id = $1
        """,
        job_id,
        seconds,
        error,
    )


async def release(db: Db, job_ids: Sequence[int]) -> None:
    """Give leases back untried."""
    await db.execute(
        """
        UPDATE jobs SET leased_until = NULL, leased_by = NULL, attempts = attempts - 1
        WHERE id = ANY($1) AND leased_until IS NOT NULL
        """,
        list(job_ids),
    )


async def forget_dead(db: Db, age: timedelta) -> int:
    """Delete what was given up longer ago than `age`. How many went."""
    done: str = await db.execute("DELETE FROM jobs WHERE dead_at < now() - $1::interval", age)
    return int(done.rpartition(" ")[2])
