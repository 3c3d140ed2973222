"""Answers to events: whichever door they come through, they end in one list, under the event's row lock.

For our own events the capacity decides here. For an event elsewhere the member's wish is noted and said to its
organiser, whose Accept or Reject settles it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from federation.build import activities as say
from node.actions.confirm import confirm
from node.actions.spread import tell_counts_soon
from node.errors import Conflict, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import actors, happenings, notifications, posts, rsvps
from node.store.db import Db
from schemas.records import Actor, Post, Rsvp
from schemas.things import EventDetail

Wish = Literal["going", "maybe", "declined"]

TOLD_BY_MESSAGE: frozenset[rsvps.Door] = frozenset({"poll", "reply"})
"""Doors through which people of other servers come whose programs understand no Accept."""
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
) -> Rsvp:
    """Put an actor's answer in an event's list; the same answer twice changes nothing.

    The state that results may differ from the wish: `waiting` where it is full, `asked` where organisers decide.
    Raises NotFound (no such event for this actor), Conflict (over, cancelled, full without a waiting list, elsewhere).
    """
    event = await posts.get(db, event_id, actor.id)
    if event.event is None:
        raise NotFound
    if event.local:
        return await _attend_here(node, db, actor, event, wish, door, note, activity_uri)
    return await _attend_elsewhere(node, db, actor, event, wish, door, note)


async def decide(node: Node, db: Db, event: Post, attendee: Actor, *, accept: bool) -> Rsvp:
    """An organiser admits or refuses someone who asked, waits or even was going. NotFound if they never answered."""
    seats = await rsvps.lock(db, event.id)
    before = await rsvps.find(db, event.id, attendee.id)
    if seats is None or before is None:
        raise NotFound
    if accept and before.state != "going" and not seats.free:
        raise Conflict("There is no free seat.")
    after = await rsvps.put(db, event.id, attendee.id, "going" if accept else "declined", before.door)
    await _settle(node, db, event, attendee, before, after)
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


async def _attend_here(
    node: Node, db: Db, actor: Actor, event: Post, wish: Wish, door: rsvps.Door, note: str, activity_uri: str | None
) -> Rsvp:
    seats = await rsvps.lock(db, event.id)
    if seats is None:
        raise NotFound
    before = await rsvps.find(db, event.id, actor.id)
    state = _state_for(seats, wish, before)
    after = await rsvps.put(db, event.id, actor.id, state, door, note=note, activity_uri=activity_uri)
    if wish != "declined" or door in TOLD_BY_MESSAGE:  # who leaves by an activity needs no answer
        await _settle(node, db, event, actor, before, after)
    if before is not None and before.state == "going" and state != "going":
        await _promote(node, db, event)
    await _note_change(db, event, actor, before, after)
    return after


def _state_for(seats: rsvps.Seats, wish: Wish, before: Rsvp | None) -> rsvps.State:
    if wish == "declined":
        return "declined"
    if seats.over:
        raise Conflict("This event is over.")
    if seats.status == "cancelled":
        raise Conflict("This event is cancelled.")
    if seats.join_mode in ("external", "none"):
        raise Conflict("This event takes no answers here.")
    if wish == "maybe":
        return "maybe"
    if before is not None and before.state == "going":
        return "going"
    if seats.join_mode == "restricted" or (seats.join_mode == "invite" and before is None):
        return "asked"
    if seats.free:
        return "going"
    if not seats.waiting_list:
        raise Full
    return "waiting"


async def _settle(node: Node, db: Db, event: Post, attendee: Actor, before: Rsvp | None, after: Rsvp) -> None:
    """Tell the one who answered, or was decided about, how it stands; a repeated Join asks for it again."""
    changed = before is None or before.state != after.state
    if attendee.local:
        if before is not None and changed and after.state in ("going", "declined"):
            await _tell_attendee(db, event, attendee, after)
    elif after.door in TOLD_BY_MESSAGE:
        if changed:
            await confirm(node, db, event, attendee, after)
    elif after.door == "join" and after.activity_uri is not None:
        if after.state == "going":
            await _answer_join(node, db, event, attendee, after.activity_uri, accept=True)
        elif after.state == "declined" and changed:
            await _answer_join(node, db, event, attendee, after.activity_uri, accept=False)


async def _promote(node: Node, db: Db, event: Post) -> list[Rsvp]:
    seats = await rsvps.lock(db, event.id)
    if seats is None or seats.over or seats.status == "cancelled":
        return []
    free = None if seats.capacity is None else max(seats.capacity - seats.going, 0)
    promoted = await rsvps.promote(db, event.id, free)
    for answer in promoted:
        if answer.actor_id is None:
            continue
        attendee = await actors.get(db, answer.actor_id)
        waited = msgspec.structs.replace(answer, state="waiting")
        await _settle(node, db, event, attendee, waited, answer)
    return promoted


async def _answer_join(node: Node, db: Db, event: Post, attendee: Actor, join_uri: str, *, accept: bool) -> None:
    _, uri = new_activity_id(node.urls)
    joined = say.join(join_uri, attendee.uri, event.uri, to=[event.actor.uri])
    sentence = say.accept if accept else say.reject
    await tell(
        db, event.actor, sentence(uri, event.actor.uri, joined, to=[attendee.uri]), audience="direct", to=[attendee]
    )


async def _note_change(db: Db, event: Post, actor: Actor, before: Rsvp | None, after: Rsvp) -> None:
    if before is not None and before.state == after.state:
        return
    detail = {"state": after.state, "door": after.door}
    if event.actor.id != actor.id:
        await notifications.tell_actor(db, event.actor.id, "rsvp", from_id=actor.id, post_id=event.id, detail=detail)
    await happenings.add(db, "rsvp.changed", event.id)
    if event.audience in ("public", "unlisted", "followers"):
        await tell_counts_soon(db, event.id)


async def _tell_attendee(db: Db, event: Post, attendee: Actor, answer: Rsvp) -> None:
    detail = {"state": answer.state}
    await notifications.tell_actor(db, attendee.id, "rsvp", from_id=event.actor.id, post_id=event.id, detail=detail)


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
