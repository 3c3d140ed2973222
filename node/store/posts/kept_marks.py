"""What an actor keeps for itself about posts: bookmarks, and threads it wants to hear nothing of. Nobody is told."""

from __future__ import annotations

from node.store.db import Db


async def bookmark(db: Db, actor_id: int, post_id: int) -> None:
    """Keep a post to find it again."""
    await db.execute(
        "INSERT INTO bookmarks (actor_id, post_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", actor_id, post_id
    )


async def unbookmark(db: Db, actor_id: int, post_id: int) -> None:
    """Let it go again."""
    await db.execute("DELETE FROM bookmarks WHERE actor_id = $1 AND post_id = $2", actor_id, post_id)


async def mute_thread(db: Db, actor_id: int, post_id: int) -> None:
    """Be told nothing more of the thread of a post. One that came without a thread begins one with its own address."""
    await db.execute("UPDATE posts SET context = uri WHERE id = $1 AND context IS NULL", post_id)
    await db.execute(
        """
        INSERT INTO muted_threads (actor_id, context)
        SELECT $1, context FROM posts WHERE id = $2
        ON CONFLICT DO NOTHING
        """,
        actor_id,
        post_id,
    )


async def unmute_thread(db: Db, actor_id: int, post_id: int) -> None:
    """Be told of it again."""
    await db.execute(
        "DELETE FROM muted_threads WHERE actor_id = $1 AND context = (SELECT context FROM posts WHERE id = $2)",
        actor_id,
        post_id,
    )
