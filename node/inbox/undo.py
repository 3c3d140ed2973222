"""Undo: whoever did something takes it back. The actor of the Undo must be the actor of what is undone."""

from __future__ import annotations

from federation import trust
from federation.read.fields import Document, text
from node.actions import answer, attend
from node.errors import Conflict, NotFound
from node.inbox import circle
from node.inbox.ids import id_of
from node.inbox.like import emoji_of
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store import happenings
from node.store.calls import answers
from node.store.db import Db
from node.store.events import rsvps
from node.store.people import actors, blocks, follows
from node.store.posts import posts, reactions
from node.store.servers import gone
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_undo(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Take back a Follow, reaction, Announce, Block, Join, Accept, TentativeAccept or Offer, by id or embedded.

    What has not come yet will have no effect when it does.
    """
    undone = activity.object or {}
    if undone and id_of(undone.get("actor")) not in ("", actor.uri):
        return Refused("someone else's deed")
    uri = activity.object_id or ""
    for take_back in (_follow, _reaction, _boost, _block, _rsvp, _offer, _circle):
        if await take_back(node, db, actor, uri, undone):
            return Taken()
    if uri and trust.same_origin(uri, actor.uri):
        await gone.insert(db, uri, actor.uri)
    return Ignored("nothing to undo")


async def _follow(node: Node, db: Db, actor: Actor, uri: str, undone: Document) -> bool:
    relation = await follows.find_by_uri(db, uri) if uri else None
    followed_id = relation.followed_id if relation is not None and relation.follower_id == actor.id else None
    if followed_id is None and undone.get("type") == "Follow":
        followed = await actors.find(db, id_of(undone.get("object")))
        followed_id = followed.id if followed is not None else None
    if followed_id is None or await follows.delete(db, actor.id, followed_id) is None:
        return False
    await happenings.add(db, "follow.changed", followed_id)
    return True


async def _reaction(node: Node, db: Db, actor: Actor, uri: str, undone: Document) -> bool:
    if uri and await reactions.delete_by_uri(db, actor.id, uri) is not None:
        return True
    if undone.get("type") not in ("Like", "EmojiReact"):
        return False
    post = await posts.find_by_uri(db, id_of(undone.get("object")))
    emoji = emoji_of(text(undone, "content") or text(undone, "_misskey_reaction"))
    kind: reactions.Reaction = "emoji" if emoji else "like"
    return post is not None and await reactions.delete(db, actor.id, post.id, kind, emoji) is not None


async def _boost(node: Node, db: Db, actor: Actor, uri: str, undone: Document) -> bool:
    boost = await posts.find_by_uri(db, uri) if uri else None
    if boost is None and undone.get("type") == "Announce":
        post = await posts.find_by_uri(db, id_of(undone.get("object")))
        boost = await posts.find_boost(db, actor.id, post.id) if post else None
    if boost is None or boost.kind != "boost" or boost.actor.id != actor.id:
        return False
    return await posts.tombstone(db, boost.id)


async def _block(node: Node, db: Db, actor: Actor, uri: str, undone: Document) -> bool:
    if uri and await blocks.delete_by_uri(db, actor.id, uri):
        return True
    if undone.get("type") != "Block":
        return False
    blocked = await actors.find(db, id_of(undone.get("object")))
    return blocked is not None and await blocks.delete(db, actor.id, blocked.id) is not None


async def _rsvp(node: Node, db: Db, actor: Actor, uri: str, undone: Document) -> bool:
    """By the id of the Join or Accept that the answer came with, or by the event it was about."""
    given = await rsvps.find_by_activity(db, uri) if uri else None
    if given is None and undone.get("type") in ("Join", "TentativeJoin", "Accept", "TentativeAccept"):
        event = await posts.find_by_uri(db, id_of(undone.get("object")))
        given = await rsvps.find(db, event.id, actor.id) if event else None
    if given is None or given.actor_id != actor.id:
        return False
    try:
        await attend.attend(node, db, actor, given.event_id, "declined", given.door)
    except (Conflict, NotFound):
        return False
    return True


async def _circle(_node: Node, db: Db, actor: Actor, uri: str, _undone: Document) -> bool:
    return bool(uri) and await circle.take_back(db, uri, actor)


async def _offer(node: Node, db: Db, actor: Actor, uri: str, undone: Document) -> bool:
    given = await answers.find_by_offer(db, uri) if uri else None
    if given is None or given.actor_id != actor.id or given.state not in ("offered", "accepted"):
        return False
    await answer.taken_back(node, db, given)
    return True
