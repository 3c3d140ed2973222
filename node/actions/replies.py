"""What a reply does beside being one: to a call it is an answer, to an event, if it is but a keyword, an RSVP. The same
whether it was written here or elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.sanitise import plain
from node.actions import answer, attend, confirm, keywords
from node.errors import Conflict, NotFound
from node.node import Node
from node.store.db import Db
from node.store.hub import hub
from node.store.people import blocks
from node.store.posts import posts
from schemas.records import Post


async def take(node: Node, db: Db, reply: Post, parent: Post | None) -> None:
    """Take a reply that has just been kept for what it means: to one of our events or calls, or to what we said to ask
    or confirm who comes."""
    if parent is None or not parent.local or parent.actor.id == reply.actor.id:
        return
    if await blocks.exists(db, parent.actor.id, reply.actor.id):
        return
    if parent.call is not None and "reply" in parent.call.respond_by:
        await _answer(db, reply, parent)
    event = await posts.find(db, parent.rsvp_for_id) if parent.rsvp_for_id else parent
    if event is not None and event.event is not None:
        await _attend(node, db, reply, event)


async def _answer(db: Db, reply: Post, call: Post) -> None:
    """A call that is over takes no answers; what is said then is just a reply."""
    assert call.call is not None  # noqa: S101 - the caller looked
    past = call.call.deadline is not None and call.call.deadline <= datetime.now(UTC)
    if call.call.state == "open" and not past:
        await answer.receive_reply(db, reply.actor, call, reply)


async def _attend(node: Node, db: Db, reply: Post, event: Post) -> None:
    languages = [version.language for version in event.versions]
    said = plain(reply.version().content)
    wished = keywords.wish(said, [*languages, (await hub.get(db)).language])
    if wished is None:
        return
    try:
        await attend.attend(node, db, reply.actor, event.id, wished, "reply")
    except attend.Full:
        await confirm.turn_down(node, db, event, reply.actor)
    except (Conflict, NotFound):
        return  # it stays a reply that organisers see
