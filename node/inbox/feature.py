"""Add and Remove: what an actor pins to its profile (`featured`). Other collections are their owners' own affair."""

from __future__ import annotations

from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store import featured, posts
from node.store.db import Db
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_add(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Pin a thing of the actor's own."""
    if activity.target is None or activity.target != actor.featured:
        return Ignored("no collection we keep")
    if activity.object_id is None or node.urls.ours(activity.object_id):
        return Refused("only the owner pins")
    post = await posts.find_by_uri(db, activity.object_id)
    if post is None:
        return Needs(posts=(activity.object_id,))
    if post.actor.id != actor.id:
        return Refused("only the owner pins")
    await featured.insert(db, actor.id, post.id)
    return Taken()


async def receive_remove(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Unpin it."""
    if activity.target is None or activity.target != actor.featured:
        return Ignored("no collection we keep")
    post = await posts.find_by_uri(db, activity.object_id) if activity.object_id else None
    if post is not None:
        await featured.delete(db, actor.id, post.id)
    return Taken()
