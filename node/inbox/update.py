"""Update: the newer words of the owner replace the older. Who comes to an event hears of a new date or cancellation."""

from __future__ import annotations

import msgspec

from federation.terms import ACTORS
from node.inbox.carried import Carried, carried, worth_asking
from node.inbox.create import keep
from node.inbox.forward import forward
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import actors, reach
from node.store.posts import posts
from node.store.queues import jobs
from schemas.objects import RemoteActivity
from schemas.records import Actor, Post
from schemas.things import EventDetail


async def receive_update(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Take a newer version of an actor or of a thing; an older or equal one changes nothing."""
    of_actor = activity.object_id == actor.uri or (activity.object or {}).get("type") in ACTORS
    if of_actor and activity.at_origin == "unasked":
        return await _renew_actor(db, activity, actor)
    known = await posts.find_by_uri(db, activity.object_id) if activity.object_id else None
    if known is not None and known.local:
        return Refused("only the owner updates it")
    if not of_actor and activity.object_id and await actors.find(db, activity.object_id):
        return Refused("only an actor updates itself")
    blind = activity.object is None and activity.at_origin == "unasked"
    if blind and known is None and not await worth_asking(db, activity, actor):
        return Ignored("nobody here follows its author")
    if activity.at_origin == "gone" and known is not None:
        await posts.tombstone(db, known.id)
        return Taken()
    found = await carried(db, activity, actor)
    if not isinstance(found, Carried):
        return found
    if found.thing.vote is not None:
        return Ignored("a vote is not changed")
    return await _renew(node, db, found, activity, actor)


async def _renew_actor(db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """What the origin serves now is what counts; an Update of an actor only says that it is worth looking."""
    if activity.object_id != actor.uri:
        return Refused("only an actor updates itself")
    if await posts.find_by_uri(db, actor.uri):  # a group that is an event (Smithereen)
        await jobs.add(db, "recheck", {"uri": actor.uri}, once=f"recheck {actor.uri}", host=actor.host)
    return Needs(fresh=(actor.uri,), otherwise=Taken())


async def _renew(node: Node, db: Db, found: Carried, activity: RemoteActivity, actor: Actor) -> Outcome:
    before = await posts.find_by_uri(db, found.thing.id)
    if before is None:
        return await keep(node, db, found, activity, actor)
    if before.actor.id != found.author.id:
        return Refused("only the owner updates it")
    after = await posts.upsert_remote(db, found.thing, found.author)
    if after is None:
        return Ignored("not kept")
    if _worth_telling(before, after):
        await _tell_attendees(db, after)
    if (after.updated_at, after.versions) != (before.updated_at, before.versions):
        await notifications.tell_boosters(db, after.actor.id, after.id)
        parent = await posts.find(db, after.in_reply_to_id) if after.in_reply_to_id else None
        await forward(db, activity, after, parent)
    return Taken()


def _worth_telling(before: Post, after: Post) -> bool:
    if before.event is None or after.event is None:
        return False
    return _when_and_where(before.event) != _when_and_where(after.event)


def _when_and_where(event: EventDetail) -> tuple[object, ...]:
    """A place that was only described better is the same place."""
    place = event.place and msgspec.structs.replace(event.place, access=(), access_note="")
    return event.starts_at, event.status, place


async def _tell_attendees(db: Db, event: Post) -> None:
    detail = {"status": event.event.status if event.event else ""}
    for actor_id in await reach.attendees_here(db, event.id):
        await notifications.tell_actor(db, actor_id, "update", from_id=event.actor.id, post_id=event.id, detail=detail)
