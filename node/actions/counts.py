"""Counts of who comes: told to other servers now and then, never once per answer."""

from __future__ import annotations

from node.actions.spread import tell_changed
from node.node import Node
from node.store import posts


async def tell_counts(node: Node, post_id: int) -> None:
    """Job: send one Update of an event with its present counts to all who hold a copy."""
    async with node.database.pool.acquire() as db, db.transaction():
        event = await posts.find(db, post_id)
        if event is not None and event.local and event.event is not None:
            await tell_changed(node, db, event, frozenset(actor.id for actor in event.mentions))
    node.wake()
