"""Weekly letters: whose turn it is, and what there is to tell them."""

from __future__ import annotations

from datetime import datetime, timedelta

from node.store.db import Db
from node.store.posts.reading import posts_of
from schemas.records import Post, PostKind, Record

_READS_MAIL = """
    a.email IS NOT NULL AND a.confirmed_at IS NOT NULL AND a.disabled_at IS NULL
    AND EXISTS (SELECT FROM actors WHERE actors.id = a.actor_id AND suspended_at IS NULL AND deleted_at IS NULL)
"""
"""Accounts that get letters at all; see also notice_mails."""


class Turn(Record, frozen=True, kw_only=True):
    """Somebody whose letter is due; `since` is when the last one was, or when they came."""

    account_id: int
    actor_id: int
    zone: str
    weekday: int
    hour: int
    since: datetime


async def newcomers(db: Db, limit: int) -> list[tuple[int, str]]:
    """Accounts, with their zones, that have had no turn yet."""
    rows = await db.fetch(
        """
        SELECT a.id, a.zone FROM accounts a
         WHERE a.email IS NOT NULL AND NOT EXISTS (SELECT FROM digests d WHERE d.account_id = a.id)
         LIMIT $1
        """,
        limit,
    )
    return [(row["id"], row["zone"]) for row in rows]


async def take_turn(db: Db) -> Turn | None:
    """One whose time has come, locked until the end of the transaction: nobody else takes it."""
    row = await db.fetchrow(
        """
        SELECT a.id AS account_id, a.actor_id, a.zone, d.weekday, d.hour, d.since
          FROM digests d
          JOIN accounts a ON a.id = d.account_id
         WHERE d.next_at <= now()
         ORDER BY d.next_at
         LIMIT 1
           FOR UPDATE OF d SKIP LOCKED
        """
    )
    return Turn(**row) if row else None


async def end_turn(db: Db, account_id: int, next_at: datetime) -> None:
    """It was sent, or there was nothing to tell; the next one comes then."""
    await db.execute("UPDATE digests SET next_at = $2, since = now() WHERE account_id = $1", account_id, next_at)


async def wanted(db: Db, account_id: int) -> bool:
    """Whether somebody gets weekly letters, as everybody does who has not switched them off."""
    found: bool = await db.fetchval(
        f"""
        SELECT EXISTS (
            SELECT FROM accounts a
             WHERE a.id = $1 AND {_READS_MAIL}
               AND NOT EXISTS (SELECT FROM mail_choices
                                WHERE account_id = a.id AND kind = 'digest' AND NOT wanted))
        """,  # noqa: S608 - a condition of our own
        account_id,
    )
    return found


_OURS = """
    (p.actor_id IN (SELECT id FROM actors WHERE local)
     OR p.actor_id IN (SELECT followed_id FROM follows WHERE follower_id = $1 AND state = 'accepted'))
    AND p.deleted_at IS NULL AND p.boost_of_id IS NULL AND may_see(p, $1)
"""
"""Of people and hubs here, and of those somebody follows."""


async def coming(db: Db, actor_id: int, within: timedelta, limit: int) -> list[Post]:
    """The next meetings for an actor, the earliest first; cancelled ones are no news."""
    rows = await db.fetch(
        f"""
        SELECT record
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = p.id
         WHERE e.starts_at BETWEEN now() AND now() + $2::interval AND e.status <> 'cancelled' AND {_OURS}
         ORDER BY e.starts_at, p.id
         LIMIT $3
        """,  # noqa: S608 - a condition of our own
        actor_id,
        within,
        limit,
    )
    return posts_of(rows)


async def published(db: Db, actor_id: int, kind: PostKind, since: datetime, limit: int) -> list[Post]:
    """Findings, or calls that are open, published since then, the latest first."""
    rows = await db.fetch(
        f"""
        SELECT record
          FROM posts p
          JOIN post_records r ON r.id = p.id
          LEFT JOIN calls c ON c.post_id = p.id
         WHERE p.kind = $2 AND p.published_at > $3
           AND (c.post_id IS NULL OR (c.state = 'open' AND (c.deadline IS NULL OR c.deadline > now()))) AND {_OURS}
         ORDER BY p.id DESC
         LIMIT $4
        """,  # noqa: S608 - a condition of our own
        actor_id,
        kind,
        since,
        limit,
    )
    return posts_of(rows)
