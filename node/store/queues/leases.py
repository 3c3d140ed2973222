"""Who works on what: rows are leased to a worker, and a worker lives as long as it holds its lock.

So what a killed worker held is free again as soon as anybody looks, and not when a clock says so."""

from __future__ import annotations

import secrets

from node.store.db import Db

CLASS = 0x776F726B
"""First half of the advisory lock keys of workers; the second is the worker's number."""


def new_worker() -> int:
    """A number that no other worker has."""
    return secrets.randbelow(2**31 - 1) + 1


async def hold(db: Db, worker: int) -> None:
    """Be alive as this worker, as long as `db` is open: a direct connection."""
    await db.execute("SELECT pg_advisory_lock($1::int, $2::int)", CLASS, worker)


async def living(db: Db) -> frozenset[int]:
    """All workers that hold their locks."""
    rows = await db.fetch(
        """
        SELECT objid::bigint::int AS worker FROM pg_locks
        WHERE locktype = 'advisory' AND classid = $1::int::oid AND objsubid = 2 AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """,
        CLASS,
    )
    return frozenset(row["worker"] for row in rows)


async def free_dead(db: Db) -> int:
    """Free what is leased to workers that live no more. How many rows."""
    freed: int = await db.fetchval(
        """
        WITH living AS (
            SELECT objid::bigint::int AS worker FROM pg_locks
            WHERE locktype = 'advisory' AND classid = $1::int::oid AND objsubid = 2 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        ), arrivals_freed AS (
            UPDATE arrivals SET leased_until = NULL, leased_by = NULL
            WHERE done_at IS NULL AND leased_by IS NOT NULL AND leased_by NOT IN (SELECT worker FROM living)
            RETURNING id
        ), deliveries_freed AS (
            UPDATE deliveries SET leased_until = NULL, leased_by = NULL
            WHERE dead_at IS NULL AND leased_by IS NOT NULL AND leased_by NOT IN (SELECT worker FROM living)
            RETURNING id
        ), jobs_freed AS (
            UPDATE jobs SET leased_until = NULL, leased_by = NULL
            WHERE dead_at IS NULL AND leased_by IS NOT NULL AND leased_by NOT IN (SELECT worker FROM living)
            RETURNING id
        ), mails_freed AS (
            UPDATE mails SET leased_until = NULL, leased_by = NULL
            WHERE state = 'waiting' AND leased_by IS NOT NULL AND leased_by NOT IN (SELECT worker FROM living)
            RETURNING id
        )
        SELECT (SELECT count(*) FROM arrivals_freed) + (SELECT count(*) FROM deliveries_freed)
             + (SELECT count(*) FROM jobs_freed)
             + (SELECT count(*) FROM mails_freed)
        """,
        CLASS,
    )
    return freed
