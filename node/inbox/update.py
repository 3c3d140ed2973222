"""Update: the newer words of the owner replace the older. Who comes to an event hears of a new date or cancellation."""

from __future__ import annotations

from federation import read
from node.inbox.create import author_of, receive_create
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store import notifications, posts, rsvps
from node.store.db import Db
from schemas.objects import RemoteActivity
from schemas.records import Actor, Post

ACTOR_TYPES = frozenset({"Person", "Organization", "Group", "Service", "Application"})


async def receive_update(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Take a newer version of an actor or of a thing; an older or equal one changes nothing."""
    if activity.object_id == actor.uri or (activity.object or {}).get("type") in ACTOR_TYPES:
        if activity.object_id != actor.uri:
            return Refused("only an actor updates itself")
        # What the origin serves now is what counts; an Update of an actor only says that it is worth looking.
        return Needs(fresh=(actor.uri,))
    if activity.object is None:
        return Ignored("no object")
    thing = read.thing(activity.object)
    before = await posts.find_by_uri(db, thing.id)
    if before is None:
        return await receive_create(node, db, activity, actor)
    author = await author_of(db, thing, actor)
    if not isinstance(author, Actor):
        return author
    if before.actor.id != author.id:
        return Refused("only the owner updates it")
    after = await posts.upsert_remote(db, thing, author)
    if after is not None and _worth_telling(before, after):
        await _tell_attendees(db, after)
    return Taken()


def _worth_telling(before: Post, after: Post) -> bool:
    if before.event is None or after.event is None:
        return False
    return (before.event.starts_at, before.event.status, before.event.place) != (
        after.event.starts_at,
        after.event.status,
        after.event.place,
    )


async def _tell_attendees(db: Db, event: Post) -> None:
    detail = {"status": event.event.status if event.event else ""}
    for coming in await rsvps.list_of(db, event.id):
        if coming.actor_id is not None and coming.state != "declined":
            await notifications.tell_actor(
                db, coming.actor_id, "update", from_id=event.actor.id, post_id=event.id, detail=detail
            )
