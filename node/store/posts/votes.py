"""Votes in polls of ours: one per actor and option; whatever is repeated or raced, each counts once."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db
from schemas.things import Poll


async def insert(db: Db, post_id: int, actor_id: int, options: Sequence[int]) -> None:
    """Keep an actor's choices. The caller holds the post's lock."""
    await db.execute(
        "INSERT INTO votes (post_id, actor_id, option) SELECT $1, $2, unnest($3::int[]) ON CONFLICT DO NOTHING",
        post_id,
        actor_id,
        list(options),
    )


async def forget(db: Db, post_id: int) -> None:
    """The options are others now: nobody has voted for them. The caller holds the post's lock."""
    await db.execute("DELETE FROM votes WHERE post_id = $1", post_id)


async def of_actor(db: Db, post_id: int, actor_id: int) -> list[int]:
    """What an actor voted for."""
    rows = await db.fetch(
        "SELECT option FROM votes WHERE post_id = $1 AND actor_id = $2 ORDER BY option", post_id, actor_id
    )
    return [row["option"] for row in rows]


async def counts(db: Db, post_id: int) -> tuple[dict[int, int], int]:
    """Votes by option, and how many people voted."""
    rows = await db.fetch("SELECT option, count(*) AS n FROM votes WHERE post_id = $1 GROUP BY option", post_id)
    voters: int = await db.fetchval("SELECT count(DISTINCT actor_id) FROM votes WHERE post_id = $1", post_id)
    return {row["option"]: row["n"] for row in rows}, voters


async def keep_results(db: Db, post_id: int, poll: Poll) -> None:
    """Write how a poll stands."""
    await db.execute("UPDATE posts SET poll = $2 WHERE id = $1", post_id, poll)
