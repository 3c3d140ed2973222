"""What we know of other servers: whether we may talk to them, how they want to be signed to, and how they fare."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import msgspec

from node.store.db import Db
from schemas.records import Host


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """What decides about federation: domains under a measure in force; unless open, the hosts let in, in a circle those
    of its hubs alone; and, where unknown ones are asked about, those somebody looked at and did not want."""

    suspended: tuple[str, ...]
    approved: tuple[str, ...]
    dropped: tuple[str, ...]
    mode: Literal["open", "ask", "circle"]


async def permission(db: Db) -> Permission:
    """All that `may_federate` needs, in one look."""
    row = await db.fetchrow(
        """
        WITH mode AS (SELECT coalesce((SELECT federation_mode FROM hub), 'open') AS mode)
        SELECT mode,
               coalesce((SELECT array_agg(target ORDER BY id) FROM measures
                         WHERE kind = 'suspend' AND target_kind = 'domain' AND state = 'executed'
                           AND (ends_at IS NULL OR ends_at > now())), '{}') AS suspended,
               coalesce((SELECT array_agg(host) FROM (
                         SELECT host FROM hosts WHERE approved_at IS NOT NULL AND mode = 'ask'
                          UNION
                         SELECT split_part(uri, '/', 3) FROM circle_hubs JOIN actors ON actors.id = actor_id
                          WHERE state IN ('asked', 'member')) AS let_in), '{}') AS approved,
               coalesce((SELECT array_agg(host) FROM hosts WHERE dropped_at IS NOT NULL AND mode = 'ask'), '{}')
                   AS dropped
          FROM mode
        """
    )
    return Permission(
        suspended=tuple(row["suspended"]),
        approved=tuple(row["approved"]),
        dropped=tuple(row["dropped"]),
        mode=row["mode"],
    )


async def find(db: Db, host: str) -> Host | None:
    """What we know of a host."""
    row = await db.fetchrow("SELECT * FROM hosts WHERE host = $1", host)
    return Host(**row) if row else None


async def take_turn(db: Db, host: str, age: timedelta) -> bool:
    """Whether it is time to ask a host what it runs: not if it was asked within `age`. Who gets True asks."""
    done: str = await db.execute(
        """
        INSERT INTO hosts (host, nodeinfo_at) VALUES ($1, now())
        ON CONFLICT (host) DO UPDATE SET nodeinfo_at = now()
        WHERE hosts.nodeinfo_at IS NULL OR hosts.nodeinfo_at < now() - $2::interval
        """,
        host,
        age,
    )
    return done == "INSERT 0 1"


async def keep_nodeinfo(db: Db, host: str, software: str, version: str, *, is_hub: bool) -> None:
    """What a host says it runs: untrusted, cleaned text; nothing where it does not say."""
    await db.execute(
        """
        UPDATE hosts SET software = nullif($2, ''), version = nullif($3, ''), is_hub = $4, seen_at = now()
         WHERE host = $1
        """,
        host,
        software,
        version,
        is_hub,
    )


async def scheme(db: Db, host: str, age: timedelta) -> str | None:
    """The way of signing that worked with a host within `age`."""
    found: str | None = await db.fetchval(
        "SELECT scheme FROM hosts WHERE host = $1 AND scheme_at > now() - $2::interval", host, age
    )
    return found


async def remember_scheme(db: Db, host: str, scheme: Literal["draft", "rfc9421"]) -> None:
    """This way of signing worked with a host just now."""
    await db.execute(
        """
        INSERT INTO hosts (host, scheme, scheme_at) VALUES ($1, $2, now())
        ON CONFLICT (host) DO UPDATE SET scheme = excluded.scheme, scheme_at = now(), seen_at = now()
        """,
        host,
        scheme,
    )


async def lock_breaker(db: Db, host: str) -> dict[str, Any] | None:
    """A host's memory of failures, its row locked until the transaction ends; None when all is well."""
    await db.execute("INSERT INTO hosts (host) VALUES ($1) ON CONFLICT (host) DO NOTHING", host)
    found: dict[str, Any] | None = await db.fetchval("SELECT breaker FROM hosts WHERE host = $1 FOR UPDATE", host)
    return found


async def find_breaker(db: Db, host: str) -> dict[str, Any] | None:
    """A host's memory of failures, just to look."""
    found: dict[str, Any] | None = await db.fetchval("SELECT breaker FROM hosts WHERE host = $1", host)
    return found


async def keep_breaker(db: Db, host: str, breaker: dict[str, Any] | None, open_for: float | None) -> None:
    """Keep what was made of it; `open_for` are the seconds until the next call may be made."""
    await db.execute(
        """
        UPDATE hosts
        SET breaker = $2, open_until = now() + $3::float8 * interval '1 second',
            last_ok_at = CASE WHEN $2::json IS NULL THEN now() ELSE last_ok_at END
        WHERE host = $1
        """,
        host,
        breaker,
        open_for,
    )


async def note_error(db: Db, host: str, error: str) -> None:
    """Keep the last thing that went wrong, for the page that shows what waits and why."""
    await db.execute("UPDATE hosts SET last_error = $2, last_error_at = now() WHERE host = $1", host, error)


async def ask_about(db: Db, host: str) -> None:
    """A host wants to speak, or somebody here wants to hear it, and nobody has looked at it."""
    await db.execute(
        """
        INSERT INTO hosts (host, waits_since) VALUES ($1, now())
        ON CONFLICT (host) DO UPDATE SET waits_since = now()
        WHERE hosts.waits_since IS NULL AND hosts.approved_at IS NULL AND hosts.dropped_at IS NULL
        """,
        host,
    )


async def decide(db: Db, host: str, *, let_in: bool) -> None:
    """Somebody looked at a host: it may federate with a hub that asks, or not."""
    await db.execute(
        """
        INSERT INTO hosts (host, approved_at, dropped_at)
        VALUES ($1, CASE WHEN $2 THEN now() END, CASE WHEN NOT $2 THEN now() END)
        ON CONFLICT (host) DO UPDATE
           SET approved_at = excluded.approved_at, dropped_at = excluded.dropped_at, waits_since = NULL
        """,
        host,
        let_in,
    )


async def let_in_related(db: Db) -> int:
    """Let in all hosts with which somebody here has a relation: followers or followed. How many."""
    done: str = await db.execute(
        """
        INSERT INTO hosts (host, approved_at)
        SELECT DISTINCT split_part(a.uri, '/', 3), now()
          FROM follows f JOIN actors a ON a.id IN (f.follower_id, f.followed_id) AND NOT a.local
         WHERE f.state = 'accepted'
        ON CONFLICT (host) DO UPDATE SET approved_at = coalesce(hosts.approved_at, now()), waits_since = NULL
         WHERE hosts.dropped_at IS NULL
        """
    )
    return int(done.rpartition(" ")[2])


async def pause(db: Db, host: str, *, on: bool) -> None:
    """Send nothing to a host until somebody says so, or send again."""
    await db.execute(
        """
        INSERT INTO hosts (host, paused_at) VALUES ($1, CASE WHEN $2 THEN now() END)
        ON CONFLICT (host) DO UPDATE SET paused_at = excluded.paused_at
        """,
        host,
        on,
    )


async def close_breaker(db: Db, host: str) -> None:
    """Forget that a host failed: the next call is made at once."""
    await db.execute("UPDATE hosts SET breaker = NULL, open_until = NULL WHERE host = $1", host)
