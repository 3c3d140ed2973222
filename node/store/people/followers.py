"""Followers by the server they are of: what two servers compare."""

from __future__ import annotations

from datetime import timedelta

from node.store.db import Db


async def list_of_origin(db: Db, actor_id: int, origin: str, limit: int) -> list[str]:
    """The ids of those of one origin (`https://host`) who follow an actor, accepted."""
    rows = await db.fetch(
        """
        SELECT actors.uri
          FROM follows JOIN actors ON actors.id = follower_id
         WHERE followed_id = $1 AND state = 'accepted' AND NOT actors.local AND starts_with(actors.uri, $2 || '/')
         LIMIT $3
        """,
        actor_id,
        origin,
        limit,
    )
    return [row["uri"] for row in rows]


async def list_here(db: Db, actor_id: int) -> list[str]:
    """The ids of local actors who follow an actor, accepted."""
    rows = await db.fetch(
        """
        SELECT actors.uri
          FROM follows JOIN actors ON actors.id = follower_id
         WHERE followed_id = $1 AND state = 'accepted' AND actors.local
        """,
        actor_id,
    )
    return [row["uri"] for row in rows]


async def is_older(db: Db, follower_id: int, followed_id: int, age: timedelta) -> bool:
    """Whether somebody has followed for longer than `age`."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM follows
             WHERE follower_id = $1 AND followed_id = $2 AND state = 'accepted' AND accepted_at < now() - $3::interval)
        """,
        follower_id,
        followed_id,
        age,
    )
    return found
