"""Undo: whoever did something takes it back. The actor of the Undo must be the actor of what is undone."""

from __future__ import annotations

from typing import Any

from node.actions import attend
from node.errors import Conflict, NotFound
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store import actors, answers, blocks, follows, posts, reactions, rsvps
from node.store.db import Db
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_undo(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Take back a Follow, reaction, Announce, Block, Join, Accept, TentativeAccept or Offer, by id or embedded."""
    undone = activity.object or {}
    if undone and _id(undone.get("actor")) not in ("", actor.uri):
        return Refused("someone else's deed")
    for take_back in (_follow, _reaction, _boost, _block, _rsvp, _offer):
        if await take_back(node, db, actor, activity.object_id or "", undone):
            return Taken()
    return Ignored("nothing to undo")


async def _follow(node: Node, db: Db, actor: Actor, uri: str, undone: dict[str, Any]) -> bool:
    relation = await follows.find_by_uri(db, uri)
    if relation is not None and relation.follower_id == actor.id:
        return await follows.delete(db, actor.id, relation.followed_id) is not None
    if undone.get("type") != "Follow":
        return False
    followed = await actors.find(db, _id(undone.get("object")))
    return followed is not None and await follows.delete(db, actor.id, followed.id) is not None


async def _reaction(node: Node, db: Db, actor: Actor, uri: str, undone: dict[str, Any]) -> bool:
    if uri and await reactions.delete_by_uri(db, actor.id, uri) is not None:
        return True
    if undone.get("type") != "Like":
        return False
    post = await posts.find_by_uri(db, _id(undone.get("object")))
    return post is not None and await reactions.delete(db, actor.id, post.id, "like") is not None


async def _boost(node: Node, db: Db, actor: Actor, uri: str, undone: dict[str, Any]) -> bool:
    boost = await posts.find_by_uri(db, uri) if uri else None
    if boost is None and undone.get("type") == "Announce":
        post = await posts.find_by_uri(db, _id(undone.get("object")))
        boost = await posts.find_boost(db, actor.id, post.id) if post else None
    if boost is None or boost.kind != "boost" or boost.actor.id != actor.id:
        return False
    return await posts.tombstone(db, boost.id)


async def _block(node: Node, db: Db, actor: Actor, uri: str, undone: dict[str, Any]) -> bool:
    if undone.get("type") != "Block":
        return await blocks.delete_by_uri(db, actor.id, uri)
    blocked = await actors.find(db, _id(undone.get("object")))
    return blocked is not None and await blocks.delete(db, actor.id, blocked.id) is not None


async def _rsvp(node: Node, db: Db, actor: Actor, uri: str, undone: dict[str, Any]) -> bool:
    given = await rsvps.find_by_activity(db, uri) if uri else None
    if given is None and undone.get("type") in ("Join", "Accept", "TentativeAccept"):
        event = await posts.find_by_uri(db, _id(undone.get("object")))
        given = await rsvps.find(db, event.id, actor.id) if event else None
    if given is None or given.actor_id != actor.id:
        return False
    try:
        await attend.attend(node, db, actor, given.event_id, "declined", given.door)
    except (Conflict, NotFound):
        return False
    return True


async def _offer(node: Node, db: Db, actor: Actor, uri: str, undone: dict[str, Any]) -> bool:
    given = await answers.find_by_offer(db, uri) if uri else None
    if given is None or given.actor_id != actor.id or given.state not in ("offered", "accepted"):
        return False
    await answers.lock(db, given.call_id)
    await answers.decide(db, given.id, "withdrawn")
    return True


def _id(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""
