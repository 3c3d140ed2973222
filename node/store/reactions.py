"""Likes and emoji reactions: one per actor, post and emoji, whatever is repeated or raced."""

from __future__ import annotations

from typing import Literal

from node.store.db import Db

Reaction = Literal["like", "emoji"]


async def insert(db: Db, actor_id: int, post_id: int, kind: Reaction, emoji: str, uri: str | None) -> bool:
    """Add a reaction and count it. False if it was there already."""
    added = await db.fetchval(
        """
        WITH added AS (
            INSERT INTO reactions (actor_id, post_id, kind, emoji, uri) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING RETURNING kind)
        UPDATE posts SET likes_count = likes_count + 1 FROM added WHERE id = $2 RETURNING true
        """,
        actor_id,
        post_id,
        kind,
        emoji,
        uri,
    )
    return bool(added)


async def delete(db: Db, actor_id: int, post_id: int, kind: Reaction, emoji: str = "") -> str | None:
    """Take a reaction back; the id of its activity ('' if it had none), or None if there was none."""
    uri: str | None = await db.fetchval(
        """
        WITH removed AS (
            DELETE FROM reactions WHERE actor_id = $1 AND post_id = $2 AND kind = $3 AND emoji = $4
            RETURNING coalesce(uri, '') AS uri)
        UPDATE posts SET likes_count = greatest(likes_count - 1, 0) FROM removed WHERE id = $2 RETURNING removed.uri
        """,
        actor_id,
        post_id,
        kind,
        emoji,
    )
    return uri


async def delete_by_uri(db: Db, actor_id: int, uri: str) -> int | None:
    """Take back the reaction with this activity id, if it is this actor's; the post's id, or None."""
    post_id: int | None = await db.fetchval(
        """
        WITH removed AS (DELETE FROM reactions WHERE actor_id = $1 AND uri = $2 RETURNING post_id)
        UPDATE posts SET likes_count = greatest(likes_count - 1, 0) FROM removed WHERE id = post_id RETURNING id
        """,
        actor_id,
        uri,
    )
    return post_id


async def exists(db: Db, actor_id: int, post_id: int) -> bool:
    """Whether the actor likes the post."""
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM reactions WHERE actor_id = $1 AND post_id = $2 AND kind = 'like')",
        actor_id,
        post_id,
    )
    return found


async def count_of(db: Db, actor_id: int, post_id: int) -> int:
    """How many reactions an actor has given to a post."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM reactions WHERE actor_id = $1 AND post_id = $2", actor_id, post_id
    )
    return count


async def recount(db: Db, domain: str) -> int:
    """Count the likes and boosts of our posts again where actors of a domain gave some: those of servers we no longer
    talk to do not count (case 94), and count again once they may. How many posts were looked at."""
    done: str = await db.execute(
        """
        WITH touched AS (
            SELECT post_id AS id FROM reactions r JOIN actors a ON a.id = r.actor_id WHERE host_within(a.host, $1)
            UNION
            SELECT boost_of_id FROM posts b JOIN actors a ON a.id = b.actor_id
             WHERE b.boost_of_id IS NOT NULL AND host_within(a.host, $1))
        UPDATE posts p
           SET likes_count = (SELECT count(*) FROM reactions r JOIN actors a ON a.id = r.actor_id
                               WHERE r.post_id = p.id AND NOT a.host_suspended),
               boosts_count = (SELECT count(*) FROM posts b JOIN actors a ON a.id = b.actor_id
                                WHERE b.boost_of_id = p.id AND b.deleted_at IS NULL AND NOT a.host_suspended)
          FROM touched WHERE p.id = touched.id AND p.local AND p.deleted_at IS NULL
        """,
        domain,
    )
    return int(done.rpartition(" ")[2])
