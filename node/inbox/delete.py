"""Delete: the owner takes back a thing, or an actor itself. What we never had is remembered as gone for a while."""

from __future__ import annotations

from federation import trust
from node.actions import answer
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.posts import posts, quotes
from node.store.queues import jobs
from node.store.servers import gone
from schemas.objects import RemoteActivity
from schemas.records import Actor, Post


async def receive_delete(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Erase a thing of the actor's, or what its origin has erased (a group's moderators). An actor's own Delete is
    believed once its address answers 404 or 410. Deleting an agreement takes back the answer it came from."""
    uri = activity.object_id
    if uri is None:
        return Refused("no object")
    if uri == actor.uri:
        await jobs.add(db, "confirm_gone", {"uri": actor.uri}, once=f"gone {actor.uri}", host=actor.host)
        return Taken()
    if given := await answer.find_by_agreement(db, uri):
        return Taken() if await answer.ended_elsewhere(node, db, given, actor) else Refused("only the parties end it")
    if (quote := await quotes.find_by_stamp(db, uri)) and not node.urls.ours(uri):
        return await _stamp_gone(db, quote, actor)
    if node.urls.ours(uri):
        return Refused("only the owner deletes it")
    post = await posts.find_by_uri(db, uri)
    if post is None:
        if not trust.same_origin(uri, actor.uri):
            return Refused("only the owner deletes it")
        await gone.insert(db, uri, actor.uri)
        return Ignored("not known here")
    if post.actor.id == actor.id:
        await posts.tombstone(db, post.id)
        return Taken()
    return await _deleted_by_another(db, activity, post)


async def _stamp_gone(db: Db, quote: quotes.Quote, actor: Actor) -> Outcome:
    """The author of a quoted post takes consent back (FEP-044f)."""
    quoted = await posts.find(db, quote.quoted_id) if quote.quoted_id else None
    if quoted is None or quoted.actor.id != actor.id:
        return Refused("only the quoted one takes it back")
    await quotes.decide(db, quote.post_id, "revoked")
    return Taken()


async def _deleted_by_another(db: Db, activity: RemoteActivity, post: Post) -> Outcome:
    match activity.at_origin:
        case "unasked":
            return Needs(origin=post.uri)
        case "gone":
            await posts.tombstone(db, post.id)
            return Taken()
    return Refused("only the owner deletes it")
