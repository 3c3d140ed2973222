"""What our actors said, exactly as they said it: served at its id, listed in outboxes, delivered from here."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db
from schemas.records import Activity


async def insert(db: Db, activity: Activity) -> Activity:
    """Keep an activity for good."""
    row = await db.fetchrow(
        """
        INSERT INTO activities
            (id, uri, type, actor_id, post_id, object_uri, audience, recipients, document, published_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        RETURNING *
        """,
        activity.id,
        activity.uri,
        activity.type,
        activity.actor_id,
        activity.post_id,
        activity.object_uri,
        activity.audience,
        activity.recipients,
        activity.document,
        activity.published_at,
    )
    return Activity(**row)


async def find(db: Db, activity_id: int) -> Activity | None:
    """The activity with this id."""
    row = await db.fetchrow("SELECT * FROM activities WHERE id = $1", activity_id)
    return Activity(**row) if row else None


async def find_by_uri(db: Db, uri: str) -> Activity | None:
    """The activity of ours with this address."""
    row = await db.fetchrow("SELECT * FROM activities WHERE uri = $1", uri)
    return Activity(**row) if row else None


async def list_public(db: Db, actor_id: int, *, before: int | None, limit: int) -> list[Activity]:
    """What an actor published in public (its Creates and Announces that still stand), newest first."""
    rows = await db.fetch(
        """
        SELECT activities.*
        FROM activities JOIN posts ON posts.id = activities.post_id
        WHERE activities.actor_id = $1 AND activities.type IN ('Create', 'Announce')
          AND activities.audience = 'public' AND ($2::bigint IS NULL OR activities.id < $2) AND may_see(posts, NULL)
        ORDER BY activities.id DESC
        LIMIT $3
        """,
        actor_id,
        before,
        limit,
    )
    return [Activity(**row) for row in rows]


async def count_public(db: Db, actor_id: int) -> int:
    """How many `list_public` would give."""
    count: int = await db.fetchval(
        """
        SELECT count(*)
        FROM activities JOIN posts ON posts.id = activities.post_id
        WHERE activities.actor_id = $1 AND activities.type IN ('Create', 'Announce')
          AND activities.audience = 'public' AND may_see(posts, NULL)
        """,
        actor_id,
    )
    return count


async def inboxes(db: Db, sender_id: int, *, followers: bool, to: Sequence[int]) -> list[str]:
    """The remote inboxes that reach these actors and, if asked, all followers of the sender.

    Actors of one server share an inbox where they name one. Nobody is told who is suspended, deleted or blocked by the
    sender, or whose host is suspended.
    """
    rows = await db.fetch(
        """
        SELECT DISTINCT coalesce(a.shared_inbox, a.inbox) AS inbox
        FROM actors a
        WHERE NOT a.local AND a.deleted_at IS NULL AND a.suspended_at IS NULL AND NOT a.host_suspended
          AND (a.id = ANY($3)
               OR ($2 AND EXISTS (SELECT FROM follows f
                                  WHERE f.followed_id = $1 AND f.follower_id = a.id AND f.state = 'accepted')))
          AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = $1 AND blocked_id = a.id)
        """,
        sender_id,
        followers,
        list(to),
    )
    return [row["inbox"] for row in rows]
