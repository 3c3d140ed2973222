"""Who is named as holding an event and has not agreed to it. Those who agreed are the event's organisers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from node.store.db import Db

State = Literal["asked", "declined", "named"]


async def keep(db: Db, event_id: int, named: Sequence[int]) -> list[int]:
    """Make these the ones who are named without having agreed: local ones are asked, who declined is not asked again.
    Gives those who are asked for the first time."""
    await db.execute("DELETE FROM co_hosts WHERE event_id = $1 AND actor_id <> ALL ($2)", event_id, list(named))
    rows = await db.fetch(
        """
        INSERT INTO co_hosts (event_id, actor_id, state)
        SELECT $1, id, CASE WHEN local THEN 'asked' ELSE 'named' END FROM actors WHERE id = ANY ($2)
        ON CONFLICT DO NOTHING
        RETURNING actor_id, state
        """,
        event_id,
        list(named),
    )
    return [row["actor_id"] for row in rows if row["state"] == "asked"]


async def list_of(db: Db, event_id: int) -> dict[int, State]:
    """Who is named without having agreed, and how that stands."""
    rows = await db.fetch("SELECT actor_id, state FROM co_hosts WHERE event_id = $1 ORDER BY actor_id", event_id)
    return {row["actor_id"]: row["state"] for row in rows}


async def answer(db: Db, event_id: int, actor_id: int, *, agrees: bool) -> list[int]:
    """Write down the answer of somebody asked, for all dates of the series for which they were; a no may become a yes.
    Gives the events it is about."""
    rows = await db.fetch(
        """
        SELECT c.event_id
          FROM co_hosts c
          JOIN events e ON e.post_id = c.event_id
          JOIN posts p ON p.id = c.event_id
         WHERE c.actor_id = $2 AND c.state = ANY ($3) AND p.deleted_at IS NULL
           AND (c.event_id = $1 OR e.series = (SELECT series FROM events WHERE post_id = $1))
         ORDER BY c.event_id
           FOR UPDATE OF c
        """,
        event_id,
        actor_id,
        ["asked", "declined"] if agrees else ["asked"],
    )
    found = [row["event_id"] for row in rows]
    if agrees:
        await db.execute("DELETE FROM co_hosts WHERE event_id = ANY ($1) AND actor_id = $2", found, actor_id)
    else:
        await db.execute(
            "UPDATE co_hosts SET state = 'declined' WHERE event_id = ANY ($1) AND actor_id = $2", found, actor_id
        )
    return found
