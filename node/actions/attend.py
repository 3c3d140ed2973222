"""Answers to events: whichever door they come through, they end in one list, under the event's row lock.

For our own events the capacity decides here. For an event elsewhere the member's wish is noted and said to its
organiser, whose Accept or Reject settles it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from federation.build import activities as say
from node.actions.confirm import TOLD_BY_MESSAGE, settle
from node.actions.spread import tell_counts_soon
from node.errors import Conflict, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import happenings
from node.store.db import Db
from node.store.events import rsvp_requests, rsvps
from node.store.events.rsvps import Extra, Guest
from node.store.notices import notifications
from node.store.posts import posts
from schemas.reasons import msgid
from schemas.records import Actor, Post, Rsvp
from schemas.things import EventDetail

Wish = Literal["going", "maybe", "declined"]

OPEN_END = timedelta(hours=12)
"""How long an event lasts that names no end, as `over_at` has it in the database."""


class Full(Conflict):
    """No seat is free, and nobody can wait for one."""

    message = "This event is full."


async def attend(
    node: Node,
    db: Db,
    actor: Actor,
    event_id: int,
    wish: Wish,
    door: rsvps.Door,
    *,
    note: str = "",
    activity_uri: str | None = None,
    extra: Extra | None = None,
    sees_it: bool = False,
) -> Rsvp:
    """Put an actor's answer in an event's list; the same answer twice changes nothing.

    The state that results may differ from the wish: `waiting` where it is full, `asked` where organisers decide.
    `extra`: who comes along, and answers to questions, else as before. `sees_it`: on a page, so no message says it too.
    Raises NotFound (no such event for this actor), Conflict (over, cancelled, full without a waiting list, elsewhere).
    """
    event = await posts.get(db, event_id, actor.id)
    if event.event is None:
        raise NotFound
    if event.local:
        seats, before = await _locked(db, event), await rsvps.find(db, event.id, actor.id)
        state = _state_for(seats, wish, before, _people(before, extra))
        after = await rsvps.put(db, event.id, actor.id, state, door, note=note, activity_uri=activity_uri, extra=extra)
        left = wish == "declined" and door not in TOLD_BY_MESSAGE  # who leaves by an activity needs no answer
        await _follow_up(node, db, event, before, after, sees_it=sees_it, left=left and not sees_it)
        return after
    return await _attend_elsewhere(node, db, actor, event, wish, door, note)


async def attend_by_mail(node: Node, db: Db, event: Post, guest: Guest, wish: Wish, extra: Extra) -> Rsvp:
    """Put the answer of somebody in an event's list who has no account and has used the link in their mail. They are on
    the page that says what became of it. Raises as `attend`."""
    seats, before = await _locked(db, event), await rsvps.find_guest(db, event.id, guest.email)
    state = _state_for(seats, wish, before, _people(before, extra))
    after = await rsvps.put_guest(db, event.id, guest, state, extra)
    await rsvp_requests.delete(db, guest.number)
    await _follow_up(node, db, event, before, after, sees_it=True)
    return after


async def decide(node: Node, db: Db, event: Post, number: int, *, accept: bool) -> Rsvp:
    """An organiser admits or refuses someone who asked, waits or even was going. NotFound without such an answer."""
    seats, before = await _locked(db, event), await rsvps.get(db, number)
    if before is None or before.event_id != event.id:
        raise NotFound
    if accept and before.state != "going" and not seats.has_room(1 + before.companions):
        raise Conflict("There is no free seat.")
    after = await rsvps.decide(db, before, "going" if accept else "declined")
    await settle(node, db, event, before, after)
    await _promote(node, db, event)
    return after


async def settled_elsewhere(db: Db, event: Post, attendee: Actor, *, accepted: bool) -> bool:
    """A remote organiser answered a member's Join. False (and nothing changes) if the member had not asked."""
    state: rsvps.State = "going" if accepted else "declined"
    before = await rsvps.find(db, event.id, attendee.id)
    if before is None or before.state not in ("asked", "going", "waiting") or before.state == state:
        return False
    await rsvps.put(db, event.id, attendee.id, state, before.door)
    detail = {"state": "going" if accepted else "refused"}
    await notifications.tell_actor(db, attendee.id, "rsvp", from_id=event.actor.id, post_id=event.id, detail=detail)
    return True


async def not_counted_elsewhere(db: Db, event: Post, attendee: Actor) -> bool:
    """The organiser's server takes no Joins (FEP-8a8e `Ignore`): the member's wish is taken out of the list again, and
    the member is told to use the event's own page. False (and nothing changes) if the member had not asked."""
    before = await rsvps.find(db, event.id, attendee.id)
    if before is None or before.state != "asked":
        return False
    await rsvps.remove(db, event.id, attendee.id)
    detail = {"state": "not counted"}
    await notifications.tell_actor(db, attendee.id, "rsvp", from_id=event.actor.id, post_id=event.id, detail=detail)
    return True


async def promote(node: Node, db: Db, event: Post) -> list[Rsvp]:
    """Give the free seats of one of our events to those who wait: after a leave, or when the capacity grew."""
    if await rsvps.lock(db, event.id) is None:
        raise NotFound
    return await _promote(node, db, event)


async def _locked(db: Db, event: Post) -> rsvps.Seats:
    seats = await rsvps.lock(db, event.id)
    if seats is None:
        raise NotFound
    return seats


async def _follow_up(
    node: Node, db: Db, event: Post, before: Rsvp | None, after: Rsvp, *, sees_it: bool, left: bool = False
) -> None:
    """What an answer brings about: it is confirmed, a seat that came free is given on, organisers hear of it."""
    await settle(node, db, event, before, after, sees_it=sees_it, left=left)
    if before is not None and before.state == "going" and _seats(after) < _seats(before):
        await _promote(node, db, event)
    await _note_change(db, event, before, after)


def _seats(answer: Rsvp) -> int:
    return 1 + answer.companions if answer.state == "going" else 0


def _people(before: Rsvp | None, extra: Extra | None) -> int:
    """How many more people want a seat than have one by this answer."""
    wanted = 1 + (extra.companions if extra else before.companions if before else 0)
    return wanted - (_seats(before) if before else 0)


def _state_for(seats: rsvps.Seats, wish: Wish, before: Rsvp | None, people: int) -> rsvps.State:
    if wish != "declined":
        _check_open(seats)
    if wish != "going":
        return wish
    if seats.capacity is not None and people > seats.capacity:
        raise Full(msgid("There are not that many seats."))
    if before is not None and before.state == "going":
        if people > 0 and not seats.has_room(people):
            raise Full(msgid("There are not enough seats for all of you. Your answer stands as it was."))
        return "going"
    if seats.join_mode == "restricted" or (seats.join_mode == "invite" and before is None):
        return "asked"
    if seats.has_room(people):
        return "going"
    if not seats.waiting_list:
        raise Full
    return "waiting"


def _check_open(seats: rsvps.Seats) -> None:
    if seats.over:
        raise Conflict("This event is over.")
    if seats.status == "cancelled":
        raise Conflict("This event is cancelled.")
    if seats.join_mode in ("external", "none"):
        raise Conflict("This event takes no answers here.")


async def _promote(node: Node, db: Db, event: Post) -> list[Rsvp]:
    seats = await rsvps.lock(db, event.id)
    if seats is None or seats.over or seats.status == "cancelled":
        return []
    free = None if seats.capacity is None else max(seats.capacity - seats.going, 0)
    promoted = await rsvps.promote(db, event.id, free)
    for answer in promoted:
        await settle(node, db, event, msgspec.structs.replace(answer, state="waiting"), answer)
    return promoted


async def _note_change(db: Db, event: Post, before: Rsvp | None, after: Rsvp) -> None:
    if before is not None and (before.state, before.companions) == (after.state, after.companions):
        return
    detail = {"state": after.state, "door": after.door}
    if event.actor.id != after.actor_id:
        await notifications.tell_actor(
            db, event.actor.id, "rsvp", from_id=after.actor_id, post_id=event.id, detail=detail
        )
    await happenings.add(db, "rsvp.changed", event.id)
    if event.audience in ("public", "unlisted", "followers"):
        await tell_counts_soon(db, event.id)


async def _attend_elsewhere(
    node: Node, db: Db, actor: Actor, event: Post, wish: Wish, door: rsvps.Door, note: str
) -> Rsvp:
    before = await rsvps.find(db, event.id, actor.id)
    if before is not None and _same(before, wish):
        return before
    if wish != "declined" and event.event is not None:
        _check_elsewhere(event.event)
    _, uri = new_activity_id(node.urls)
    to = [event.actor.uri]
    if wish == "going":
        document = say.join(uri, actor.uri, event.uri, message=note, to=to)
    elif wish == "maybe":
        document = say.tentative_accept(uri, actor.uri, event.uri, to=to)
    else:
        document = say.leave(uri, actor.uri, event.uri, to=to)
    state: rsvps.State = "asked" if wish == "going" else wish
    after = await rsvps.put(db, event.id, actor.id, state, door, note=note, activity_uri=uri)
    await tell(db, actor, document, audience="direct", to=[event.actor])
    return after


def _check_elsewhere(event: EventDetail) -> None:
    if event.status == "cancelled":
        raise Conflict("This event is cancelled.")
    if event.join_mode in ("external", "none"):
        raise Conflict("This event takes answers on its own page only.")
    if (event.ends_at or event.starts_at + OPEN_END) < datetime.now(UTC):
        raise Conflict("This event is over.")


def _same(before: Rsvp, wish: Wish) -> bool:
    return before.state == wish or (wish == "going" and before.state in ("asked", "waiting"))
