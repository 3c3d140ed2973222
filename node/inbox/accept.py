"""Accept, TentativeAccept, Reject and Ignore: answers to what we asked (Follow, Join, Offer), and, from Friendica and
Hubzilla, RSVPs whose object is the event itself."""

from __future__ import annotations

from typing import Literal

from node.actions import attend, follow
from node.errors import Conflict, NotFound
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store import actors, answers, follows, notifications, posts, rsvps
from node.store.db import Db
from schemas.objects import RemoteActivity
from schemas.records import Actor, Answer, Post


async def receive_accept(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """An Accept of our Follow, Join or Offer, or of an event of ours."""
    return await _receive(node, db, activity, actor, accepted=True, wish="going")


async def receive_tentative_accept(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Someone may come to an event of ours."""
    return await _rsvp(node, db, activity, actor, "maybe") or Ignored("a maybe to nothing of ours")


async def receive_reject(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """A Reject of our Follow, Join or Offer, the end of an accepted one, or no to an event of ours."""
    return await _receive(node, db, activity, actor, accepted=False, wish="declined")


async def receive_ignore(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """The organiser's server does not count our Join (FEP-8a8e): the member is told to use the event's own page."""
    joined = await _join(db, activity)
    if joined is None or joined[0].actor.id != actor.id:
        return Ignored("no answer to anything of ours")
    event, attendee = joined
    detail = {"state": "not counted"}
    await notifications.tell_actor(db, attendee.id, "rsvp", from_id=actor.id, post_id=event.id, detail=detail)
    return Taken()


async def _receive(
    node: Node, db: Db, activity: RemoteActivity, actor: Actor, *, accepted: bool, wish: attend.Wish
) -> Outcome:
    if joined := await _join(db, activity):
        return await _answer_join(db, *joined, actor, accepted=accepted)
    if offered := await _offer(db, activity):
        return await _answer_offer(db, offered, activity, actor, accepted=accepted)
    if outcome := await _rsvp(node, db, activity, actor, wish):
        return outcome
    return await _answer_follow(db, activity, actor, accepted=accepted)


async def _answer_follow(db: Db, activity: RemoteActivity, actor: Actor, *, accepted: bool) -> Outcome:
    asked = await follows.find_by_uri(db, activity.object_id) if activity.object_id else None
    if asked is None and activity.object is not None and activity.object.get("type") == "Follow":
        asker = await actors.find(db, _text(activity.object.get("actor")))
        asked = await follows.find(db, asker.id, actor.id) if asker is not None and asker.local else None
    if asked is None:
        return Ignored("no answer to anything of ours")
    if asked.followed_id != actor.id:
        return Refused("only the followed one decides")
    follower = await actors.get(db, asked.follower_id)
    if not follower.local:
        return Refused("a follow that is not ours")
    if accepted:
        return Taken() if await follow.accepted_elsewhere(db, follower, actor) else Ignored("nothing was pending")
    await follows.delete(db, follower.id, actor.id)
    return Taken()


async def _answer_join(db: Db, event: Post, attendee: Actor, actor: Actor, *, accepted: bool) -> Outcome:
    same_server_for_group = event.actor.kind == "Group" and event.actor.host == actor.host
    if event.actor.id != actor.id and not same_server_for_group:
        return Refused("only the organiser decides")
    if not await attend.settled_elsewhere(db, event, attendee, accepted=accepted):
        return Ignored("nothing was asked")
    return Taken()


async def _answer_offer(db: Db, offered: Answer, activity: RemoteActivity, actor: Actor, *, accepted: bool) -> Outcome:
    call = await posts.find(db, offered.call_id)
    if call is None or call.actor.id != actor.id:
        return Refused("only the caller decides")
    if offered.state != "offered":
        return Ignored("settled before")
    state: Literal["accepted", "rejected"] = "accepted" if accepted else "rejected"
    agreement = _text((activity.result or {}).get("id")) or None
    await answers.decide(db, offered.id, state, agreement_uri=agreement if accepted else None)
    detail = {"state": state}
    await notifications.tell_actor(
        db, offered.actor_id, "answer_decided", from_id=actor.id, post_id=call.id, detail=detail
    )
    return Taken()


async def _rsvp(node: Node, db: Db, activity: RemoteActivity, actor: Actor, wish: attend.Wish) -> Outcome | None:
    """The object is one of our events; None if it is not."""
    event = await posts.find_by_uri(db, activity.object_id) if activity.object_id else None
    if event is None or not event.local or event.kind != "event":
        return None
    try:
        await attend.attend(node, db, actor, event.id, wish, "accept", activity_uri=activity.id)
    except (Conflict, NotFound) as error:
        return Ignored(f"the event takes no such answer: {error.message}")
    return Taken()


async def _join(db: Db, activity: RemoteActivity) -> tuple[Post, Actor] | None:
    """The event elsewhere and the member whose Join is answered: named by its id, or embedded whole."""
    answer = await rsvps.find_by_activity(db, activity.object_id) if activity.object_id else None
    if answer is None and activity.object is not None and activity.object.get("type") == "Join":
        joiner = await actors.find(db, _text(activity.object.get("actor")))
        joined = await posts.find_by_uri(db, _text(activity.object.get("object")))
        answer = await rsvps.find(db, joined.id, joiner.id) if joiner and joined else None
    if answer is None or answer.actor_id is None:
        return None
    event = await posts.find(db, answer.event_id)
    attendee = await actors.get(db, answer.actor_id)
    return (event, attendee) if event is not None and attendee.local and not event.local else None


async def _offer(db: Db, activity: RemoteActivity) -> Answer | None:
    offered = await answers.find_by_offer(db, activity.object_id) if activity.object_id else None
    if offered is None:
        return None
    return offered if (await actors.get(db, offered.actor_id)).local else None


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""
