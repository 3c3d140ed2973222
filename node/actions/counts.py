"""Counts of who comes, of votes and of free places: told to other servers now and then, never once per answer."""

from __future__ import annotations

from node.actions import spread
from node.actions.rsvp_poll import renew_results
from node.node import Node
from node.store.db import Db
from node.store.posts import posts
from node.store.queues import jobs
from schemas.records import Post


async def tell_counts(node: Node, post_id: int) -> None:
    """Job: send one Update of an event, with its poll, of another poll, or of a call, with its present counts to all
    who hold a copy. What is counted after it began is told by the next one."""
    async with node.database.pool.acquire() as db:
        await jobs.begin(db, spread.counts_key(post_id))
    async with node.database.pool.acquire() as db, db.transaction():
        post = await posts.lock(db, post_id)
        if post is None or not post.local or not (post.event or post.poll or post.call):
            return
        await _tell(node, db, post)
        if post.event is not None and (question := await renew_results(db, post)):
            await _tell(node, db, question)
    node.wake()


async def _tell(node: Node, db: Db, post: Post) -> None:
    await spread.tell_changed(node, db, post, frozenset(actor.id for actor in post.mentions))
