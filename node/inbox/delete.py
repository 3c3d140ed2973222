"""Delete: the owner takes back a thing, or an actor itself. What we never had is remembered as gone for a while."""

from __future__ import annotations

from federation import trust
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store import gone, jobs, posts
from node.store.db import Db
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_delete(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Erase a thing of the actor's. An actor's own Delete is believed once its address answers 404 or 410."""
    if activity.object_id is None:
        return Refused("no object")
    if activity.object_id == actor.uri:
        await jobs.add(db, "confirm_gone", {"uri": actor.uri}, once=f"gone {actor.uri}", host=actor.host)
        return Taken()
    if node.urls.ours(activity.object_id) or not trust.same_origin(activity.object_id, actor.uri):
        return Refused("only the owner deletes it")
    await posts.lock_address(db, activity.object_id)  # a Create on its way by another path waits, and finds it gone
    post = await posts.find_by_uri(db, activity.object_id)
    if post is None:
        await gone.insert(db, activity.object_id, actor.uri)
        return Ignored("not known here")
    if post.actor.id != actor.id:
        return Refused("only the owner deletes it")
    await posts.tombstone(db, post.id)
    return Taken()
