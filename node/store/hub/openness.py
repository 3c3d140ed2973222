"""What everybody may know of how the hub works: who holds which office until when, its numbers, and which servers it
limits and why."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.limits import OPENNESS_ROWS
from schemas.records import Record


class Officer(Record, frozen=True, kw_only=True):
    """Somebody with an office, by role."""

    role: str
    name: str
    display_name: str
    starts_at: datetime
    ends_at: datetime | None


class Numbers(Record, frozen=True, kw_only=True):
    """What became of the hub so far."""

    members: int
    held: int
    coming: int
    findings: int
    calls: int
    filled: int
    hubs: int


class Limit(Record, frozen=True, kw_only=True):
    """A measure in force on another server, with the reason that was made public."""

    kind: str
    target: str
    public_reason: str
    executed_at: datetime
    ends_at: datetime | None


async def officers(db: Db) -> list[Officer]:
    """Whose mandate is in force: stewards, moderators and editors first, then the roles that the hub made itself."""
    rows = await db.fetch(
        """
        SELECT m.role, a.name, a.display_name, m.starts_at, m.ends_at
          FROM mandates m
          JOIN accounts c ON c.id = m.account_id AND c.disabled_at IS NULL
          JOIN actors a ON a.id = c.actor_id AND a.deleted_at IS NULL AND a.suspended_at IS NULL
         WHERE m.role <> 'member'
           AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())
         ORDER BY array_position('{steward,moderator,editor}'::text[], m.role), m.role, lower(a.display_name)
         LIMIT $1
        """,
        OPENNESS_ROWS,
    )
    return [Officer(**row) for row in rows]


async def numbers(db: Db) -> Numbers:
    """All of them in one question."""
    row = await db.fetchrow(
        """
        SELECT (SELECT count(*) FROM accounts WHERE disabled_at IS NULL) AS members,
               (SELECT count(*) FROM events e JOIN posts p ON p.id = e.post_id
                 WHERE p.local AND p.audience = 'public' AND p.deleted_at IS NULL AND e.status <> 'cancelled'
                   AND over_at(e) <= now()) AS held,
               (SELECT count(*) FROM events e JOIN posts p ON p.id = e.post_id
                 WHERE p.local AND p.audience = 'public' AND p.deleted_at IS NULL AND e.status <> 'cancelled'
                   AND over_at(e) > now()) AS coming,
               (SELECT count(*) FROM posts WHERE kind = 'finding' AND local AND audience = 'public'
                   AND deleted_at IS NULL) AS findings,
               (SELECT count(*) FROM posts WHERE kind = 'call' AND local AND audience = 'public'
                   AND deleted_at IS NULL) AS calls,
               (SELECT count(*) FROM calls c JOIN posts p ON p.id = c.post_id
                 WHERE c.state = 'filled' AND p.local AND p.audience = 'public' AND p.deleted_at IS NULL) AS filled,
               (SELECT count(*) FROM known_hubs WHERE state = 'approved') AS hubs
        """
    )
    assert row  # noqa: S101 - this question always has one answer
    return Numbers(**row)


async def limits(db: Db) -> list[Limit]:
    """Measures in force on other servers, the newest first."""
    rows = await db.fetch(
        """
        SELECT kind, target, public_reason, executed_at, ends_at
          FROM measures
         WHERE target_kind = 'domain' AND state = 'executed' AND executed_at IS NOT NULL
           AND (ends_at IS NULL OR ends_at > now())
         ORDER BY executed_at DESC, id DESC
         LIMIT $1
        """,
        OPENNESS_ROWS,
    )
    return [Limit(**row) for row in rows]


async def addresses(db: Db, limit: int) -> list[tuple[str, datetime]]:
    """Where our public things are, and when they changed last, for search engines; the newest first."""
    rows = await db.fetch(
        """
        SELECT p.url, p.updated_at
          FROM posts p
         WHERE p.local AND p.kind IN ('event', 'finding', 'call') AND p.audience = 'public' AND in_lists(p, NULL)
         ORDER BY p.id DESC
         LIMIT $1
        """,
        limit,
    )
    return [(row["url"], row["updated_at"]) for row in rows]
