"""Add and Remove: what an actor pins to its profile (`featured`). Other collections are their owners' own affair."""

from __future__ import annotations

from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.people import featured, follows
from node.store.posts import posts
from schemas.limits import FEATURED_MOST
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
        followed = await follows.is_followed_here(db, actor.id)
        return Needs(posts=(activity.object_id,)) if followed else Ignored("nobody here follows it")
    if post.actor.id != actor.id:
        return Refused("only the owner pins")
    if await featured.count_of(db, actor.id) >= FEATURED_MOST:
        return Ignored("too many pinned")
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
