"""What a member's own pages show: where they go next, whom they follow, what they should look at."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from node.store.posts.reading import Page, paged, posts_of
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST
from schemas.records import Actor, Post

_ACTOR = msgspec.json.Decoder(Actor)


async def list_coming(db: Db, actor_id: int, limit: int = PAGE_ITEMS) -> list[Post]:
    """Events that an actor answered with anything but no, and that are not over, the earliest first."""
    rows = await db.fetch(
        """
        SELECT record
          FROM rsvps
          JOIN events e ON e.post_id = rsvps.event_id
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = p.id
         WHERE rsvps.actor_id = $1 AND rsvps.state <> 'declined' AND over_at(e) > now() AND may_see(p, $1)
         ORDER BY e.starts_at, p.id
         LIMIT $2
        """,
        actor_id,
        limit,
    )
    return posts_of(rows)


async def list_written(db: Db, account_id: int, page: Page) -> list[Post]:
    """What somebody published, as themselves or as the hub, the newest first."""
    return await paged(
        db,
        page,
        """
        SELECT record
          FROM posts p
          JOIN post_records r ON r.id = p.id
         WHERE p.id > $1 AND p.id < $2 AND p.written_by = $4 AND p.deleted_at IS NULL
           AND NOT switched_off(p.kind)
         ORDER BY p.id DESC
         LIMIT $3
        """,
        account_id,
    )


async def list_news(db: Db, actor_id: int, limit: int = PAGE_ITEMS) -> list[Post]:
    """The latest of those an actor follows, boosts included, answers not."""
    rows = await db.fetch(
        """
        SELECT record
          FROM posts p
          JOIN follows f ON f.followed_id = p.actor_id AND f.follower_id = $1 AND f.state = 'accepted'
          JOIN post_records r ON r.id = p.id
         WHERE p.in_reply_to IS NULL AND p.deleted_at IS NULL AND (p.audience = 'unlisted' OR in_lists(p, $1))
           AND may_see(p, $1)
         ORDER BY p.id DESC
         LIMIT $2
        """,
        actor_id,
        limit,
    )
    return posts_of(rows)


async def list_followed(db: Db, actor_id: int, limit: int = PAGE_ITEMS_MOST) -> list[Actor]:
    """Whom an actor follows or asked to follow, the latest first."""
    rows = await db.fetch(
        """
        SELECT row_to_json(a)::text AS actor
          FROM follows f
          JOIN public_actors a ON a.id = f.followed_id
         WHERE f.follower_id = $1 AND a.deleted_at IS NULL AND a.suspended_at IS NULL
         ORDER BY f.id DESC
         LIMIT $2
        """,
        actor_id,
        limit,
    )
    return [_ACTOR.decode(row["actor"]) for row in rows]
