"""What waits for a member, so that their desk can put it first: each query is of things that only they can do."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from node.store.db import Db
from schemas.records import Record

What = Literal["rsvp_asked", "rsvp_maybe", "co_host", "answers"]


class Waiting(Record, frozen=True, kw_only=True):
    """One thing that waits: about which post, since or until when, and how many wait there."""

    what: What
    post_id: int
    count: int
    at: datetime


async def list_waiting(db: Db, account_id: int, actor_id: int, limit: int) -> list[Waiting]:
    """Who asks to come to a meeting of theirs, meetings soon to which they may come, meetings they are to hold with
    others, and answers to calls of theirs, the most urgent of each first."""
    rows = await db.fetch(
        """
        (SELECT 'rsvp_asked' AS what, e.post_id, count(*) AS count, min(r.answered_at) AS at
           FROM posts p JOIN events e ON e.post_id = p.id JOIN rsvps r ON r.event_id = p.id AND r.state = 'asked'
          WHERE (p.actor_id = $2 OR p.written_by = $1) AND p.deleted_at IS NULL AND over_at(e) > now()
          GROUP BY e.post_id ORDER BY 4 LIMIT $3)
        UNION ALL
        (SELECT 'rsvp_maybe', e.post_id, 1, e.starts_at
           FROM rsvps r JOIN events e ON e.post_id = r.event_id JOIN posts p ON p.id = e.post_id
          WHERE r.actor_id = $2 AND r.state = 'maybe' AND e.starts_at BETWEEN now() AND now() + interval '14 days'
            AND e.status <> 'cancelled' AND p.deleted_at IS NULL AND may_see(p, $2)
          ORDER BY e.starts_at LIMIT $3)
        UNION ALL
        (SELECT 'co_host', e.post_id, 1, e.starts_at
           FROM co_hosts c JOIN events e ON e.post_id = c.event_id JOIN posts p ON p.id = e.post_id
          WHERE c.actor_id = $2 AND c.state = 'asked' AND p.deleted_at IS NULL AND over_at(e) > now()
            AND may_see(p, $2)
          ORDER BY e.starts_at LIMIT $3)
        UNION ALL
        (SELECT 'answers', p.id, count(*), min(n.answered_at)
           FROM posts p JOIN answers n ON n.call_id = p.id AND n.state = 'offered'
          WHERE (p.actor_id = $2 OR p.written_by = $1) AND p.local AND p.deleted_at IS NULL
          GROUP BY p.id ORDER BY 4 LIMIT $3)
        """,
        account_id,
        actor_id,
        limit,
    )
    return [Waiting(**row) for row in rows]


async def count_replies(db: Db, account_id: int) -> int:
    """How many replies and mentions nobody has looked at."""
    count: int = await db.fetchval(
        """
        SELECT count(*) FROM notifications
         WHERE account_id = $1 AND seen_at IS NULL AND kind IN ('reply', 'mention') AND NOT filtered
        """,
        account_id,
    )
    return count
