"""Join and Leave: an RSVP from Mobilizon, Smithereen or another hub. Who cannot come in is told: Reject, or Ignore."""

from __future__ import annotations

from federation.build import activities as say
from node.actions import attend
from node.errors import Conflict
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.events import rsvps
from node.store.people import blocks
from node.store.posts import posts
from schemas.objects import RemoteActivity
from schemas.records import Actor, Post


async def receive_join(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Put the actor in our event's list; the answer (Accept) goes out with it, or later from the waiting list."""
    event = await _event(db, activity, actor)
    if event is None:
        return Ignored("no event of ours")
    if activity.id is None:
        return Refused("a join without an id")
    try:
        await attend.attend(node, db, actor, event.id, "going", "join", note=activity.message, activity_uri=activity.id)
    except Conflict as error:
        await _turn_down(node, db, event, actor, activity.id)
        return Ignored(error.message)
    return Taken()


async def receive_tentative_join(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Smithereen's maybe."""
    event = await _event(db, activity, actor)
    if event is None:
        return Ignored("no event of ours")
    try:
        await attend.attend(node, db, actor, event.id, "maybe", "join", activity_uri=activity.id)
    except Conflict as error:
        return Ignored(error.message)
    return Taken()


async def receive_leave(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """The actor does not come after all; the next in the waiting list moves up."""
    event = await _event(db, activity, actor)
    if event is None:
        return Ignored("no event of ours")
    if await rsvps.find(db, event.id, actor.id) is None:
        return Ignored("was not coming")
    await attend.attend(node, db, actor, event.id, "declined", "join")
    return Taken()


async def _event(db: Db, activity: RemoteActivity, actor: Actor) -> Post | None:
    event = await posts.find_visible(db, activity.object_id, actor.id) if activity.object_id else None
    if event is None or not event.local or event.kind != "event":
        return None
    return None if await blocks.exists(db, event.actor.id, actor.id) else event


async def _turn_down(node: Node, db: Db, event: Post, actor: Actor, join_uri: str) -> None:
    _, uri = new_activity_id(node.urls)
    takes_none = event.event is not None and event.event.join_mode in ("external", "none")
    if takes_none:
        document = say.ignore(uri, event.actor.uri, join_uri, to=[actor.uri])
    else:
        joined = say.join(join_uri, actor.uri, event.uri, to=[event.actor.uri])
        document = say.reject(uri, event.actor.uri, joined, to=[actor.uri])
    await tell(db, event.actor, document, audience="direct", to=[actor])
