"""Who belongs to a group whose posts only members may read."""

from __future__ import annotations

from node.store.db import Db


async def is_member(db: Db, group_id: int, actor_id: int) -> bool:
    """Whether an actor is in a group; who was invited or has asked is not yet."""
    inside: bool = await db.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM group_members
             WHERE group_id = $1 AND actor_id = $2 AND role IN ('coordinator', 'member'))
        """,
        group_id,
        actor_id,
    )
    return inside
