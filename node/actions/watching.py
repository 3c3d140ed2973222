"""Who asked to be told: of each new post of somebody, and of the end of a poll they took part in."""

from __future__ import annotations

from datetime import UTC, datetime

from node.node import Node
from node.store.db import Db
from node.store.notices import notifications
from node.store.posts import posts
from node.store.queues import jobs
from schemas.records import Post


async def tell_watchers(db: Db, post: Post) -> None:
    """Notify those here who want to hear of each new post of its author, unless it only answers somebody; and see to
    it that its poll's end is told."""
    if post.in_reply_to is None or post.kind != "post":
        await notifications.tell_followers(db, post.actor.id, post.id)
    if post.local:
        await expect_end(db, post)


async def expect_end(db: Db, post: Post) -> None:
    """Have the end of a poll told when it comes; asked for twice, it is told once. The poll of an event ends with it,
    and nobody needs to be told."""
    poll = post.poll
    if poll is None or poll.ends_at is None or poll.closed or post.rsvp_for_id is not None:
        return
    seconds = (poll.ends_at - datetime.now(UTC)).total_seconds()
    await jobs.add(db, "tell_poll_over", {"post_id": post.id}, once=f"poll {post.id}", delay=max(0.0, seconds))


async def tell_poll_over(node: Node, post_id: int) -> None:
    """The job: tell who voted, and whose poll it is, that it is over; if it was prolonged, wait on."""
    async with node.database.pool.acquire() as db, db.transaction():
        post = await posts.find(db, post_id)
        if post is None or post.poll is None:
            return
        ends = post.poll.ends_at
        if ends is not None and ends > datetime.now(UTC) and not post.poll.closed:
            delay = (ends - datetime.now(UTC)).total_seconds()
            await jobs.add(db, "tell_poll_over", {"post_id": post_id}, once=f"poll {post_id} {ends}", delay=delay)
        else:
            await notifications.tell_voters(db, post.actor.id, post.id)
    node.wake()
