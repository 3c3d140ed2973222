"""What we owe to other servers' inboxes, one row each, leased host by host."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from node.store.db import Db
from schemas.limits import LEASE_SECONDS
from schemas.records import Delivery


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """An inbox an activity must reach, and the canonical host by which lanes, breakers and blocks count."""

    inbox: str
    host: str


class DueHost(msgspec.Struct, frozen=True, kw_only=True):
    """A host to which something is due; `failing` if the last calls to it failed."""

    host: str
    failing: bool


class PutOff(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that failed: try again after `seconds`, or never (None)."""

    id: int
    seconds: float | None
    error: str


async def insert_many(db: Db, activity_id: int, signer_id: int, owed: Sequence[Owed]) -> None:
    """Owe an activity to inboxes; each inbox once, however often it is named."""
    await db.execute(
        """
        INSERT INTO deliveries (activity_id, signer_id, host, inbox)
        SELECT $1, $2, host, inbox FROM unnest($3::text[], $4::text[]) AS owed (host, inbox)
        ON CONFLICT DO NOTHING
        """,
        activity_id,
        signer_id,
        [one.host for one in owed],
        [one.inbox for one in owed],
    )


async def due_hosts(db: Db, limit: int, *, busy: Sequence[str] = ()) -> list[DueHost]:
    """Hosts, less the busy ones, to which something is due now and whose breaker lets a call or a probe through; those
    that are well first, otherwise in no order, so that each gets its turn.

    A walk over the index from host to host: the cost goes by hosts, not by deliveries.
    """
    rows = await db.fetch(
        """
        WITH RECURSIVE walk AS (
            (SELECT host FROM deliveries WHERE dead_at IS NULL ORDER BY host LIMIT 1)
            UNION ALL
            SELECT (SELECT host FROM deliveries WHERE dead_at IS NULL AND host > walk.host ORDER BY host LIMIT 1)
            FROM walk
            WHERE walk.host IS NOT NULL
        )
        SELECT walk.host, breaker IS NOT NULL AS failing
        FROM walk LEFT JOIN hosts USING (host)
        WHERE walk.host IS NOT NULL AND walk.host <> ALL ($2)
          AND (open_until IS NULL OR open_until <= now()) AND paused_at IS NULL
          AND EXISTS (
              SELECT FROM deliveries due
              WHERE due.host = walk.host AND due.dead_at IS NULL AND due.next_at <= now()
                AND (due.leased_until IS NULL OR due.leased_until < now()))
        ORDER BY failing, random()
        LIMIT $1
        """,
        limit,
        list(busy),
    )
    return [DueHost(**row) for row in rows]


async def lease(db: Db, worker: int, host: str, limit: int) -> list[Delivery]:
    """Take what is due to one host, oldest first, for a worker and LEASE_SECONDS at most."""
    return await lease_of_hosts(db, worker, [host], limit)


async def lease_of_hosts(db: Db, worker: int, hosts: Sequence[str], limit: int) -> list[Delivery]:
    """The same of several hosts at once, up to `limit` of each. The text of an activity comes once."""
    rows = await db.fetch(
        """
        WITH due AS (
            SELECT one.id
            FROM unnest($1::text[]) AS wanted (host), LATERAL (
                SELECT id FROM deliveries
                WHERE deliveries.host = wanted.host AND dead_at IS NULL AND next_at <= now()
                  AND (leased_until IS NULL OR leased_until < now())
                ORDER BY next_at, id
                LIMIT $2
                FOR UPDATE SKIP LOCKED) AS one
        ), taken AS (
            UPDATE deliveries SET leased_until = now() + $3, leased_by = $4
            FROM due
            WHERE deliveries.id = due.id
            RETURNING deliveries.*
        )
        SELECT taken.id, activity_id, signer_id, host, inbox, attempts, created_at,
               CASE WHEN row_number() OVER (PARTITION BY activity_id ORDER BY taken.id) = 1 THEN document
               END AS document,
               audience = 'followers' AND actor_id = signer_id AS for_followers
        FROM taken JOIN activities ON activities.id = activity_id
        ORDER BY taken.id
        """,
        list(hosts),
        limit,
        timedelta(seconds=LEASE_SECONDS),
        worker,
    )
    documents = {row["activity_id"]: row["document"] for row in rows if row["document"] is not None}
    return [Delivery(**{**row, "document": documents[row["activity_id"]]}) for row in rows]


async def finish(db: Db, delivered: Sequence[int]) -> None:
    """They arrived: nothing is owed any more. The commit does not wait for the disk: should the machine fail just then,
    they are delivered once more, as after a kill."""
    await db.execute(
        """
        WITH at_ease AS (SELECT set_config('synchronous_commit', 'off', true))
        DELETE FROM deliveries USING at_ease WHERE id = ANY($1)
        """,
        list(delivered),
    )


async def put_off(db: Db, failed: Sequence[PutOff]) -> None:
    """Try them later, or give them up and keep the reason."""
    await db.execute(
        """
        UPDATE deliveries
        SET attempts = attempts + 1, leased_until = NULL, leased_by = NULL, last_error = failed.error,
            next_at = now() + coalesce(failed.seconds, 0) * interval '1 second',
            dead_at = CASE WHEN failed.seconds IS NULL THEN now() END
        FROM unnest($1::bigint[], $2::float8[], $3::text[]) AS failed (id, seconds, error)
        WHERE deliveries.id = failed.id
        """,
        [one.id for one in failed],
        [one.seconds for one in failed],
        [one.error for one in failed],
    )


async def wait(db: Db, delivery_ids: Sequence[int], seconds: float, why: str) -> None:
    """Try them later, for a reason that is ours: it does not count as an attempt."""
    await db.execute(
        """
        UPDATE deliveries SET leased_until = NULL, leased_by = NULL, last_error = $3,
                              next_at = now() + $2 * interval '1 second'
         WHERE id = ANY($1)
        """,
        list(delivery_ids),
        seconds,
        why,
    )


async def release(db: Db, delivery_ids: Sequence[int]) -> None:
    """Give leases back untried: the host's breaker opened, or the worker stops."""
    await db.execute(
        "UPDATE deliveries SET leased_until = NULL, leased_by = NULL WHERE id = ANY($1)", list(delivery_ids)
    )


async def hurry(db: Db, host: str) -> int:
    """Try now what waits for a host or was given up. How many."""
    done: str = await db.execute(
        """
        UPDATE deliveries SET next_at = now(), dead_at = NULL, created_at = CASE WHEN dead_at IS NULL THEN created_at
                                                                                 ELSE now() END
         WHERE host = $1 AND (leased_until IS NULL OR leased_until < now())
        """,
        host,
    )
    return int(done.rpartition(" ")[2])


async def forget_of(db: Db, host: str) -> int:
    """Throw away all that is owed to a host. How many."""
    done: str = await db.execute("DELETE FROM deliveries WHERE host = $1", host)
    return int(done.rpartition(" ")[2])


async def give_up_old(db: Db, age: timedelta) -> int:
    """Give up what found no way for so long, also where the host's breaker never let it try. How many."""
    done: str = await db.execute(
        """
        UPDATE deliveries SET dead_at = now(), last_error = coalesce(last_error, 'no way within the horizon')
        WHERE dead_at IS NULL AND created_at < now() - $1::interval
          AND (leased_until IS NULL OR leased_until < now())
        """,
        age,
    )
    return int(done.rpartition(" ")[2])


async def forget_dead(db: Db, age: timedelta) -> int:
    """Delete what was given up longer ago than `age`. How many went."""
    done: str = await db.execute("DELETE FROM deliveries WHERE dead_at < now() - $1::interval", age)
    return int(done.rpartition(" ")[2])
