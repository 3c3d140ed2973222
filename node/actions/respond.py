"""What the owner of a call does with those who answered: write back, put on a shortlist, thank. A message is a direct
post, so that it reaches people of every server."""

from __future__ import annotations

import msgspec

from node.actions.permissions import require_change
from node.actions.publish import publish
from node.errors import Conflict, NotFound
from node.node import Node
from node.store.calls import answers, responses
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from schemas.answers import Answer
from schemas.drafts import PostDraft
from schemas.limits import THANKED_AT_ONCE
from schemas.records import Post, Viewer


async def shortlist(db: Db, viewer: Viewer, answer_id: int, listed: bool) -> None:
    """Put an answer on the shortlist or take it off; who answered is not told. NotFound, Forbidden."""
    given, _ = await _mine(db, viewer, answer_id)
    await responses.shortlist(db, given.id, listed)


async def message(node: Node, db: Db, viewer: Viewer, answer_id: int, text: str) -> Post:
    """Write to who answered, in the name of who made the call. NotFound, Forbidden, Conflict, Invalid."""
    given, call = await _mine(db, viewer, answer_id)
    return await _write(node, db, viewer, call, given, text)


async def thank(node: Node, db: Db, viewer: Viewer, call_id: int, text: str) -> int:
    """Thank everybody who answered a call, one message each and only once, whoever repeats it. How many were thanked;
    THANKED_AT_ONCE at most, so that it can be asked for again."""
    call = await posts.lock(db, call_id)
    if call is None or call.call is None:
        raise NotFound
    require_change(viewer, call)
    waiting = await responses.to_thank(db, call.id, THANKED_AT_ONCE)
    for given in waiting:
        await _write(node, db, viewer, call, given, text)
    await responses.mark_thanked(db, [given.id for given in waiting])
    return len(waiting)


async def _mine(db: Db, viewer: Viewer, answer_id: int) -> tuple[Answer, Post]:
    given = await answers.get(db, answer_id)
    call = await posts.find(db, given.call_id) if given else None
    if given is None or call is None:
        raise NotFound
    require_change(viewer, call)
    return given, call


async def _write(node: Node, db: Db, viewer: Viewer, call: Post, given: Answer, text: str) -> Post:
    who = await actors.get(db, given.actor_id)
    if who.deleted_at is not None or who.id == call.actor.id:
        raise Conflict("This person cannot be reached any more.")
    reply = await posts.find(db, given.reply_id) if given.reply_id else None
    draft = PostDraft(text=text, audience="direct", to=(who.uri,), language=call.language)
    if reply is not None:
        draft = msgspec.structs.replace(draft, in_reply_to=reply.uri)
    speaker = msgspec.structs.replace(viewer, acting=call.actor)
    sent = await publish(node, db, speaker, draft)
    await responses.note_message(db, given.id, sent.id)
    return sent
