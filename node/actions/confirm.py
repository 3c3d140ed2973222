"""Telling those who answered an event, by the door they came through: a notice here, an Accept or a direct message to
another server, a mail. What is said at once follows from what changed; nobody is told twice."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.build import activities as say
from federation.build import thing as build
from federation.build.markup import link, mention, paragraph, plain, strong
from federation.build.words import words
from node.actions import rsvp_links
from node.actions.rsvp_mails import mail
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.events import rsvp_terms, rsvps
from node.store.notices import notifications
from node.store.people import actors
from node.store.posts import posts
from node.wording.language import gettext, supported
from schemas.reasons import msgid
from schemas.records import Actor, Post, Rsvp
from schemas.things import Version

TOLD_BY_MESSAGE: frozenset[rsvps.Door] = frozenset({"accept", "poll", "reply"})
"""Doors through which people of other servers come whose programs understand no Accept, or ask for none."""
QUESTIONS_WAIT = msgid("The organisers have questions for you. Please answer them here:")


async def settle(
    node: Node, db: Db, event: Post, before: Rsvp | None, after: Rsvp, *, sees_it: bool = False, left: bool = False
) -> None:
    """Tell the one who answered, or was decided about, how it stands; a repeated Join asks for it again. `sees_it`: the
    change was made on a page that says so; `left`: by an activity that needs no answer."""
    changed = before is None or before.state != after.state
    if after.actor_id is None:
        if changed and not sees_it:
            await mail(node, db, event, after, "rsvp_news", words(after.guest_language).answers[after.state])
        return
    attendee = await actors.get(db, after.actor_id)
    if attendee.local:
        if before is not None and changed and not sees_it and after.state in ("going", "declined", "waiting"):
            await notify(db, event, attendee, {"state": after.state})
    elif after.door in TOLD_BY_MESSAGE:
        if changed and not sees_it:
            said = words(event.version().language)
            await write_to(node, db, event, attendee, said.answers[after.state], then=(said.change,), answer=after)
    elif after.door == "join" and after.activity_uri is not None and not left:
        await _answer_join(node, db, event, attendee, before, after)


async def turn_down(node: Node, db: Db, event: Post, attendee: Actor) -> None:
    """Say that there is no seat for who voted or replied that they come; they could take it otherwise."""
    if not attendee.local:
        said = words(event.version().language)
        await write_to(node, db, event, attendee, said.full, then=(said.change,))


async def notify(db: Db, event: Post, attendee: Actor, detail: dict[str, str]) -> None:
    """A notice to a member about their answer."""
    await notifications.tell_actor(db, attendee.id, "rsvp", from_id=event.actor.id, post_id=event.id, detail=detail)


async def write_to(
    node: Node,
    db: Db,
    event: Post,
    attendee: Actor,
    told: str,
    *,
    then: tuple[str, ...] = (),
    answer: Rsvp | None = None,
) -> None:
    """A direct message about an event, in its language, with the link to change the `answer`. A reply to it that is a
    keyword changes the answer too (`replies.take`)."""
    number, _ = new_activity_id(node.urls)
    uri, now, version = node.urls.thing("post", number), datetime.now(UTC), event.version()
    links = [await rsvp_links.address(node, db, answer.id)] if answer else []
    text = _text(event, attendee, told, then, [*links, event.url])
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
            versions=[Version(language=version.language, content=text)],
            rsvp_for_id=event.id,
            in_reply_to=event.uri,
            context=node.urls.context(number),
            published_at=now,
            updated_at=now,
        ),
    )
    _, said = new_activity_id(node.urls)
    document = say.create(said, event.actor.uri, build.thing(message, node.urls))
    await tell(db, event.actor, document, post=message, audience="direct", to=[attendee])


async def _answer_join(node: Node, db: Db, event: Post, attendee: Actor, before: Rsvp | None, after: Rsvp) -> None:
    """Accept or Reject; and since a Join can hold no answers to questions, once a message with the way to them."""
    assert after.activity_uri is not None  # noqa: S101 - the caller looked
    changed = before is None or before.state != after.state
    if after.state == "going" or (after.state == "declined" and changed):
        _, uri = new_activity_id(node.urls)
        joined = say.join(after.activity_uri, attendee.uri, event.uri, to=[event.actor.uri])
        sentence = say.accept if after.state == "going" else say.reject
        document = sentence(uri, event.actor.uri, joined, to=[attendee.uri])
        await tell(db, event.actor, document, audience="direct", to=[attendee])
    if before is None and after.state != "declined" and not (await rsvp_terms.get(db, event.id)).empty:
        language = event.version().language
        asked = gettext(supported(language) or "en", QUESTIONS_WAIT)
        await write_to(node, db, event, attendee, words(language).answers[after.state], then=(asked,), answer=after)


def _text(event: Post, attendee: Actor, told: str, then: tuple[str, ...], links: list[str]) -> str:
    name = strong(event.version().name)
    lines = [line for line in told.splitlines() if line.strip()] or [""]
    return "".join(
        (
            paragraph(mention(attendee.url, attendee.name), " ", name, ": ", plain(lines[0])),
            *(paragraph(plain(line)) for line in (*lines[1:], *then)),
            *(paragraph(link(one)) for one in links),
        )
    )
