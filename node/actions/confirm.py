"""Telling people of other servers who answered an event by a poll or a keyword how it stands and how to change it: a
direct message, for want of an answer that their server would understand."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.build import thing as build
from federation.build.activities import create
from federation.build.markup import link, mention, paragraph, plain, strong
from federation.build.words import words
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import posts
from node.store.db import Db
from schemas.records import Actor, Post, Rsvp
from schemas.things import Version


async def confirm(node: Node, db: Db, event: Post, attendee: Actor, answer: Rsvp) -> None:
    """Send it, in the event's language. A reply to it that is a keyword changes the answer (`replies.take`)."""
    await _send(node, db, event, attendee, words(event.version().language).answers[answer.state])


async def turn_down(node: Node, db: Db, event: Post, attendee: Actor) -> None:
    """Say that there is no seat for who voted or replied that they come; they could take it otherwise."""
    if not attendee.local:
        await _send(node, db, event, attendee, words(event.version().language).full)


async def _send(node: Node, db: Db, event: Post, attendee: Actor, told: str) -> None:
    number, _ = new_activity_id(node.urls)
    uri, now, version = node.urls.thing("post", number), datetime.now(UTC), event.version()
    message = await posts.insert(
        db,
        posts.NewPost(
            id=number,
            uri=uri,
            url=uri,
            kind="post",
            type="Note",
            actor_id=event.actor.id,
            audience="direct",
            recipients=[attendee.uri],
            mention_ids=[attendee.id],
            language=version.language,
            versions=[Version(language=version.language, content=_text(event, attendee, told))],
            rsvp_for_id=event.id,
            in_reply_to=event.uri,
            context=node.urls.context(number),
            published_at=now,
            updated_at=now,
        ),
    )
    _, said = new_activity_id(node.urls)
    document = create(said, event.actor.uri, build.thing(message, node.urls))
    await tell(db, event.actor, document, post=message, audience="direct", to=[attendee])


def _text(event: Post, attendee: Actor, told: str) -> str:
    version = event.version()
    spoken = words(version.language)
    return "".join(
        (
            paragraph(mention(attendee.url, attendee.name), " ", strong(version.name), ": ", plain(told)),
            paragraph(plain(spoken.change)),
            paragraph(link(event.url)),
        )
    )
