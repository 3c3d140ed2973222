"""Telling those who answered an event what is new: a change of plan, words of its organisers, that it begins soon. Jobs
do it: each of them hears of it by the door they came through, and once, whatever is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from federation.build.lines import place_line
from node.actions.confirm import notify, write_to
from node.actions.rsvp_mails import Kind, mail
from node.node import Node
from node.store.db import Db
from node.store.events import attendees, event_tellings, rsvps
from node.store.events.event_tellings import Telling
from node.store.people import actors
from node.store.posts import posts
from node.store.queues import jobs
from node.wording.language import gettext, supported
from node.wording.moments import of_event
from schemas.limits import ATTENDEES_TOLD, REMINDER_AHEAD_SECONDS, REMINDER_FRESH_SECONDS
from schemas.reasons import msgid
from schemas.records import Post, Rsvp, RsvpState
from schemas.things import EventDetail

CONCERNED: tuple[RsvpState, ...] = ("going", "maybe", "waiting", "asked")
"""Whom a change of plan concerns: everybody who did not say no."""

CHANGES: dict[event_tellings.Kind, str] = {
    "cancelled": msgid("This event is cancelled."),
    "postponed": msgid("This event is postponed. A new date will follow."),
    "moved": msgid("This event has a new date or place: {when}, {where}"),
    "changed": msgid("Something about this event has changed. It now takes place: {when}, {where}"),
    "scheduled": msgid("This event takes place after all: {when}, {where}"),
}
SOON = msgid("This event begins soon: {when}, {where}")
WRITTEN = msgid("Those who hold this event write:")


async def announce(
    db: Db,
    event: Post,
    kind: event_tellings.Kind,
    *,
    states: Sequence[RsvpState] = CONCERNED,
    words: str = "",
    account_id: int | None = None,
) -> None:
    """Have those who answered one of our events so told of a change, or what its organisers write; in the caller's
    transaction. `words`: the message, or why it changes."""
    if await rsvps.lock(db, event.id) is None:
        return
    await event_tellings.insert(db, event.id, kind, states, words, account_id)
    if kind != "message":
        await attendees.remind_again(db, event.id)
    await jobs.add_anew(db, "tell_attendees", {"event_id": event.id}, _key(event.id), 0.0)


async def tell_attendees(node: Node, event_id: int) -> None:
    """Job: tell everybody what they have not been told, some of them in each transaction."""
    async with node.database.pool.acquire() as db:
        await jobs.begin(db, _key(event_id))
    while await _tell_some(node, event_id):
        node.wake()


async def remind_attendees(node: Node) -> None:
    """Job: remind those who come to an event of ours that begins within a day."""
    ahead, fresh = timedelta(seconds=REMINDER_AHEAD_SECONDS), timedelta(seconds=REMINDER_FRESH_SECONDS)
    while True:
        async with node.database.pool.acquire() as db, db.transaction():
            due = await attendees.to_remind(db, ahead, fresh, ATTENDEES_TOLD)
            for answer in due:
                if event := await posts.find(db, answer.event_id):
                    await _tell(node, db, event, answer, "rsvp_reminder", SOON, "")
        node.wake()
        if len(due) < ATTENDEES_TOLD:
            return


async def _tell_some(node: Node, event_id: int) -> bool:
    async with node.database.pool.acquire() as db, db.transaction():
        event = await posts.find(db, event_id)
        tellings = await event_tellings.list_of(db, event_id)
        due = await attendees.untold(db, event_id, ATTENDEES_TOLD) if tellings else []
        if event is None or not due:
            return False
        for answer in due:
            for telling in tellings:
                if telling.id > answer.told_id and answer.state in telling.states:
                    await _tell_one(node, db, event, answer, telling)
        await attendees.mark_told(db, [answer.id for answer in due], tellings[-1].id)
    return True


async def _tell_one(node: Node, db: Db, event: Post, answer: Rsvp, telling: Telling) -> None:
    if telling.kind == "message":
        await _tell(node, db, event, answer, "rsvp_message", WRITTEN, telling.words)
    else:
        await _tell(node, db, event, answer, "rsvp_changed", CHANGES[telling.kind], telling.words)


async def _tell(node: Node, db: Db, event: Post, answer: Rsvp, kind: Kind, sentence: str, words: str) -> None:
    """Members had a notice of a change with the change itself: they are told why, if somebody said so."""
    if event.event is None or answer.actor_id == event.actor.id:
        return
    if answer.actor_id is None:
        said = _said(answer.guest_language, event.event, sentence)
        await mail(node, db, event, answer, kind, "\n\n".join(filter(None, (said, words))))
        return
    attendee = await actors.get(db, answer.actor_id)
    if attendee.local:
        state = {"rsvp_message": "message", "rsvp_reminder": "reminder", "rsvp_changed": "message"}.get(kind)
        if state and (words or state != "message"):
            await notify(db, event, attendee, {"state": state, "words": words})
    elif attendee.deleted_at is None:
        said = _said(event.version().language, event.event, sentence)
        await write_to(node, db, event, attendee, "\n".join(filter(None, (said, words))), answer=answer)


def _said(language: str, event: EventDetail, sentence: str) -> str:
    spoken = supported(language) or "en"
    when = of_event(spoken, event, event.zone)
    where = place_line(event.place) if event.place else event.online_url or ""
    return gettext(spoken, sentence, when=f"{when.words} {when.zone}", where=where).rstrip(", ")


def _key(event_id: int) -> str:
    return f"tell attendees {event_id}"
