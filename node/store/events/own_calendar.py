"""A member's own calendar: the events they go to or hold, those of hubs they follow, and its secret address."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from node.store.posts.reading import posts_of
from schemas.records import Post, Record


class CalendarKey(Record, frozen=True, kw_only=True):
    """The address of somebody's calendar, and whether events of hubs they follow are in it."""

    account_id: int
    secret: str
    with_hubs: bool
    created_at: datetime


async def find(db: Db, account_id: int) -> CalendarKey | None:
    """The address of an account's calendar, if it has one."""
    row = await db.fetchrow("SELECT * FROM calendar_keys WHERE account_id = $1", account_id)
    return CalendarKey(**row) if row else None


async def find_by_secret(db: Db, secret: str) -> CalendarKey | None:
    """The calendar at this address, if its owner may still use the hub."""
    row = await db.fetchrow(
        """
        SELECT k.*
          FROM calendar_keys k
          JOIN accounts a ON a.id = k.account_id
          JOIN actors ON actors.id = a.actor_id
         WHERE k.secret = $1 AND (a.disabled_at IS NULL OR actors.frozen_at IS NOT NULL)
           AND actors.suspended_at IS NULL AND actors.deleted_at IS NULL
        """,
        secret,
    )
    return CalendarKey(**row) if row else None


async def put(db: Db, account_id: int, secret: str, *, with_hubs: bool) -> None:
    """Give a calendar a new address; the one before leads nowhere from now on."""
    await db.execute(
        """
        INSERT INTO calendar_keys (account_id, secret, with_hubs) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, with_hubs = excluded.with_hubs,
                                               created_at = now()
        """,
        account_id,
        secret,
        with_hubs,
    )


async def choose(db: Db, account_id: int, *, with_hubs: bool) -> None:
    """Say whether events of hubs one follows are in it."""
    await db.execute("UPDATE calendar_keys SET with_hubs = $2 WHERE account_id = $1", account_id, with_hubs)


async def remove(db: Db, account_id: int) -> None:
    """Take the address away."""
    await db.execute("DELETE FROM calendar_keys WHERE account_id = $1", account_id)


async def list_events(db: Db, actor_id: int, since: datetime, *, with_hubs: bool, limit: int) -> list[Post]:
    """Events that are not over at `since` and that an actor may see: those it answered with anything but no, and those
    it holds; with `with_hubs` also what hubs and areas it follows publish. The earliest first."""
    rows = await db.fetch(
        """
        WITH mine AS (
            SELECT event_id AS id FROM rsvps WHERE actor_id = $1 AND state <> 'declined'
             UNION
            SELECT id FROM posts WHERE actor_id = $1 AND kind = 'event'
             UNION
            SELECT p.id
              FROM events e
              JOIN posts p ON p.id = e.post_id
             WHERE (SELECT uri FROM actors WHERE id = $1) = ANY (e.organisers)
             UNION
            SELECT p.id
              FROM follows f
              JOIN actors a ON a.id = f.followed_id AND a.kind <> 'Person'
              JOIN posts p ON p.actor_id = f.followed_id AND p.kind = 'event'
             WHERE $3 AND f.follower_id = $1 AND f.state = 'accepted')
        SELECT record
          FROM mine
          JOIN events e ON e.post_id = mine.id
          JOIN posts p ON p.id = mine.id
          JOIN post_records r ON r.id = mine.id
         WHERE over_at(e) > $2 AND p.deleted_at IS NULL AND may_see(p, $1)
         ORDER BY e.starts_at, p.id
         LIMIT $4
        """,
        actor_id,
        since,
        with_hubs,
        limit,
    )
    return posts_of(rows)
