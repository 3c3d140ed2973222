"""What the owner of a call does with the answers to it: a shortlist, messages back, thanks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from node.store.db import Db
from node.store.posts.reading import posts_of
from schemas.answers import Answer
from schemas.records import Post


async def shortlist(db: Db, answer_id: int, listed: bool) -> None:
    """Put an answer on the shortlist, or take it off."""
    await db.execute("UPDATE answers SET shortlisted = $2 WHERE id = $1", answer_id, listed)


async def note_message(db: Db, answer_id: int, post_id: int) -> None:
    """A message was written back to who answered."""
    await db.execute(
        "INSERT INTO answer_messages (answer_id, post_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", answer_id, post_id
    )


async def messages_of(db: Db, call_id: int) -> dict[int, list[Post]]:
    """What was written back, by answer, the oldest first."""
    rows = await db.fetch(
        """
        SELECT m.answer_id, record
          FROM answer_messages m
          JOIN answers a ON a.id = m.answer_id
          JOIN posts p ON p.id = m.post_id AND p.deleted_at IS NULL
          JOIN post_records r ON r.id = p.id
         WHERE a.call_id = $1
         ORDER BY p.id
        """,
        call_id,
    )
    found: dict[int, list[Post]] = {}
    for row, post in zip(rows, posts_of(rows), strict=True):
        found.setdefault(row["answer_id"], []).append(post)
    return found


async def to_thank(db: Db, call_id: int, limit: int) -> list[Answer]:
    """One answer of everybody who answered, did not take it back and was not thanked: the one to whom it was given up
    first."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (actor_id) *
          FROM answers
         WHERE call_id = $1 AND state <> 'withdrawn'
           AND actor_id NOT IN (SELECT actor_id FROM answers WHERE call_id = $1 AND thanked_at IS NOT NULL)
         ORDER BY actor_id, id
         LIMIT $2
        """,
        call_id,
        limit,
    )
    return [Answer(**row) for row in rows]


async def mark_thanked(db: Db, answer_ids: Sequence[int]) -> None:
    """They were thanked."""
    await db.execute("UPDATE answers SET thanked_at = now() WHERE id = ANY ($1)", answer_ids)


async def expiring(db: Db, ahead: timedelta, lasts: timedelta, limit: int) -> list[int]:
    """Open calls of ours that end soon, by their deadline or after they lasted long enough, and whose owners were not
    reminded; not before half of their time has passed."""
    rows = await db.fetch(
        """
        SELECT p.id
          FROM calls c
          JOIN posts p ON p.id = c.post_id AND p.local AND p.deleted_at IS NULL,
               LATERAL (SELECT coalesce(c.deadline, c.renewed_at + $2::interval) AS at) AS end_
         WHERE c.state = 'open' AND c.reminded_at IS NULL
           AND end_.at > now() AND end_.at <= now() + $1::interval
           AND now() - c.renewed_at >= end_.at - now()
         ORDER BY end_.at
         LIMIT $3
        """,
        ahead,
        lasts,
        limit,
    )
    return [row["id"] for row in rows]


async def expired(db: Db, lasts: timedelta, limit: int) -> list[int]:
    """Open calls of ours whose time is over."""
    rows = await db.fetch(
        """
        SELECT p.id
          FROM calls c JOIN posts p ON p.id = c.post_id AND p.local AND p.deleted_at IS NULL
         WHERE c.state = 'open' AND coalesce(c.deadline, c.renewed_at + $1::interval) <= now()
         ORDER BY p.id
         LIMIT $2
        """,
        lasts,
        limit,
    )
    return [row["id"] for row in rows]


async def ends_at(db: Db, call_id: int, lasts: timedelta) -> datetime | None:
    """When a call of ours ends by itself."""
    found: datetime | None = await db.fetchval(
        "SELECT coalesce(deadline, renewed_at + $2::interval) FROM calls WHERE post_id = $1", call_id, lasts
    )
    return found


async def mark_reminded(db: Db, call_id: int) -> None:
    """Its owner was reminded."""
    await db.execute("UPDATE calls SET reminded_at = now() WHERE post_id = $1", call_id)


async def begin_anew(db: Db, call_id: int) -> None:
    """Its time begins again, and so will the reminder."""
    await db.execute("UPDATE calls SET renewed_at = now(), reminded_at = NULL WHERE post_id = $1", call_id)
    await db.execute("DELETE FROM notifications WHERE post_id = $1 AND kind = 'call_expiring'", call_id)
