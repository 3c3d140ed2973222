"""What actors pinned to their profiles (AS2 `featured`)."""

from __future__ import annotations

from node.store.db import Db


async def insert(db: Db, actor_id: int, post_id: int) -> bool:
    """Pin a post. False if it was pinned."""
    done: str = await db.execute(
        "INSERT INTO featured (actor_id, post_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", actor_id, post_id
    )
    return done == "INSERT 0 1"


async def delete(db: Db, actor_id: int, post_id: int) -> bool:
    """Unpin a post. False if it was not pinned."""
    done: str = await db.execute("DELETE FROM featured WHERE actor_id = $1 AND post_id = $2", actor_id, post_id)
    return done == "DELETE 1"


async def count_of(db: Db, actor_id: int) -> int:
    """How many posts an actor pinned."""
    count: int = await db.fetchval("SELECT count(*) FROM featured WHERE actor_id = $1", actor_id)
    return count


async def replace(db: Db, actor_id: int, post_ids: list[int]) -> None:
    """Pin exactly these."""
    await db.execute("DELETE FROM featured WHERE actor_id = $1 AND post_id <> ALL ($2)", actor_id, post_ids)
    await db.execute(
        "INSERT INTO featured (actor_id, post_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
        actor_id,
        post_ids,
    )


async def list_ids(db: Db, actor_id: int) -> list[int]:
    """The pinned posts that everyone may see, newest pin first."""
    rows = await db.fetch(
        """
        SELECT featured.post_id
          FROM featured JOIN posts ON posts.id = featured.post_id
         WHERE featured.actor_id = $1 AND may_see(posts, NULL)
         ORDER BY added_at DESC, post_id DESC
        """,
        actor_id,
    )
    return [row["post_id"] for row in rows]
