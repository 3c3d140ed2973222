"""Asking by a poll who comes to an event, for those whose server knows no RSVP (Mastodon): one unlisted Question in
reply to the event. A vote in it is an answer in the event's list, and the list is what it shows."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from federation.build.markup import link, paragraph, plain, strong
from federation.build.note import rsvp_options, rsvp_text
from node.actions.permissions import require_change
from node.actions.spread import tell_new
from node.actions.vote import with_results
from node.errors import Conflict, NotFound
from node.node import Node
from node.outbox import new_activity_id
from node.store.db import Db
from node.store.events import rsvps
from node.store.posts import posts, votes
from schemas.reasons import msgid
from schemas.records import Post, Viewer
from schemas.things import EventDetail, Poll, Version

WISHED: tuple[tuple[str, ...], ...] = (("going", "waiting", "asked"), ("maybe",), ("declined",))
"""Which states of the list stand behind each option."""


async def ask_by_poll(node: Node, db: Db, viewer: Viewer, event_id: int) -> Post:
    """Ask the followers of an event's author by a poll; one per event, so asking again gives the first one.

    Raises NotFound, Forbidden (who may not change the event), Conflict (not public, over, begun, cancelled, or answered
    elsewhere).
    """
    event = await posts.get(db, event_id, viewer.acting.id)
    if event.event is None or not event.local:
        raise NotFound
    require_change(viewer, event)
    if await rsvps.lock(db, event.id) is None:  # one at a time
        raise NotFound
    asked = await rsvps.find_poll(db, event.id)
    if asked is not None and (found := await posts.find(db, asked)):
        return found
    if reason := why_not(event):
        raise Conflict(reason)
    question = await _keep(node, db, viewer, event, event.event)
    await tell_new(node, db, question)
    return question


async def renew_results(db: Db, event: Post) -> Post | None:
    """Bring the poll of an event up to its list, its start and its state. The poll if that changed it, else None."""
    asked = await rsvps.find_poll(db, event.id)
    question = await posts.find(db, asked) if asked is not None else None
    if question is None or question.poll is None or event.event is None:
        return None
    detail = event.event
    closed = detail.status == "cancelled" or detail.starts_at <= datetime.now(UTC)
    poll = msgspec.structs.replace(question.poll, ends_at=detail.starts_at, closed=closed)
    poll = await _counted(db, event.id, poll)
    if poll == question.poll:
        return None
    await votes.keep_results(db, question.id, poll)
    return msgspec.structs.replace(question, poll=poll)


def why_not(event: Post) -> str | None:
    """Why the answers to an event cannot be asked for by a poll; None if they can."""
    detail = event.event
    if detail is None or event.audience not in ("public", "unlisted"):
        return msgid("Only for a public event can people be asked by a poll.")
    if detail.status == "cancelled":
        return msgid("This event is cancelled.")
    if detail.starts_at <= datetime.now(UTC):
        return msgid("This event has begun.")
    if detail.join_mode in ("external", "none"):
        return msgid("This event takes no answers here.")
    return None


async def _keep(node: Node, db: Db, viewer: Viewer, event: Post, detail: EventDetail) -> Post:
    number, _ = new_activity_id(node.urls)
    uri, now = node.urls.thing("post", number), datetime.now(UTC)
    version = event.version()
    said = paragraph(strong(version.name)) + paragraph(plain(rsvp_text(version.language))) + paragraph(link(event.url))
    poll = await _counted(db, event.id, Poll(options=rsvp_options(version.language), ends_at=detail.starts_at))
    return await posts.insert(
        db,
        posts.NewPost(
            id=number,
            uri=uri,
            url=uri,
            kind="post",
            type="Question",
            actor_id=event.actor.id,
            written_by=viewer.account.id,
            audience="unlisted",
            language=version.language,
            versions=[Version(language=version.language, content=said)],
            poll=poll,
            rsvp_for_id=event.id,
            in_reply_to=event.uri,
            context=event.context,
            published_at=now,
            updated_at=now,
        ),
    )


async def _counted(db: Db, event_id: int, poll: Poll) -> Poll:
    counts = await rsvps.counts(db, event_id)
    by_option = {number: sum(counts.get(state, 0) for state in states) for number, states in enumerate(WISHED)}
    return with_results(poll, by_option, sum(by_option.values()))
