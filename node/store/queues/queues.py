"""What waits, in numbers: for metrics and for the page that shows what waits and why."""

from __future__ import annotations

import msgspec

from node.store.db import Db

NAMES_AWAY = "names cannot be looked up"
NAMELESS = [NAMES_AWAY, "dns"]
"""Why a delivery waits whose host has no address just now."""


class Depths(msgspec.Struct, frozen=True, kw_only=True):
    """How full the queues are. `oldest_arrival` is in seconds, `accepted` counts arrivals since the hub was made, those
    that came again included; `leased` is what workers have in hand."""

    arrivals: int
    deliveries: int
    dead: int
    jobs: int
    mails: int
    open_hosts: int
    oldest_arrival: float
    accepted: int
    leased: int


async def alive(db: Db) -> None:
    """Whether the database answers; raises what asyncpg raises if not."""
    await db.fetchval("SELECT 1")


async def depths(db: Db) -> Depths:
    """Count now."""
    row = await db.fetchrow(
        """
        SELECT (SELECT count(*) FROM arrivals WHERE done_at IS NULL) AS arrivals,
               (SELECT count(*) FROM deliveries WHERE dead_at IS NULL) AS deliveries,
               (SELECT count(*) FROM deliveries WHERE dead_at IS NOT NULL) AS dead,
               (SELECT count(*) FROM jobs WHERE dead_at IS NULL) AS jobs,
               (SELECT count(*) FROM mails WHERE state = 'waiting') AS mails,
               (SELECT count(*) FROM hosts WHERE open_until > now()) AS open_hosts,
               (SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0)::float8
                FROM arrivals WHERE done_at IS NULL) AS oldest_arrival,
               coalesce(pg_sequence_last_value('arrivals_id_seq'), 0) AS accepted,
               (SELECT count(*) FROM arrivals WHERE done_at IS NULL AND leased_until > now())
               + (SELECT count(*) FROM deliveries WHERE dead_at IS NULL AND leased_until > now())
               + (SELECT count(*) FROM jobs WHERE dead_at IS NULL AND leased_until > now()) AS leased
        """
    )
    return Depths(**row)


async def any_waiting(db: Db) -> bool:
    """Whether an arrival or a delivery is waiting, or is in work."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM arrivals WHERE done_at IS NULL)
            OR EXISTS (SELECT FROM deliveries WHERE dead_at IS NULL)
        """
    )
    return found


async def pull_in(db: Db) -> None:
    """What was put down at a time that is yet to come, because the clock went back since, waits no longer than it
    would have; what failed before waits as long as it would after one more failure. Again, it changes nothing."""
    for table, since in (("arrivals", "received_at"), ("deliveries", "created_at"), ("jobs", "created_at"),
                         ("mails", "created_at")):  # fmt: skip
        await db.execute(
            f"UPDATE {table} SET next_at = next_at - ({since} - now()), {since} = now() WHERE {since} > now()"  # noqa: S608
        )
        await db.execute(
            f"""
            UPDATE {table} SET next_at = now() + wait
              FROM (SELECT id AS waiting, interval '1 second' * (power(attempts, 4) + 60) * 1.3 AS wait
                      FROM {table} WHERE attempts > 0) AS waits
             WHERE id = waiting AND next_at > now() + wait
            """  # noqa: S608
        )


async def hurry_named(db: Db) -> None:
    """Names can be looked up again: what waited for that goes out now."""
    await db.execute("UPDATE deliveries SET next_at = now() WHERE dead_at IS NULL AND last_error = ANY($1)", NAMELESS)
