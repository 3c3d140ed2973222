"""Follow, and Block: relations that someone elsewhere begins with an actor here."""

from __future__ import annotations

from federation.build import activities as say
from node.actions import follow
from node.errors import Forbidden
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.people import actors, blocks, follows
from schemas.objects import RemoteActivity
from schemas.records import Actor

SERVERS = frozenset({"Application", "Service", "Group"})
"""Who may follow the instance actor: servers that follow servers (Mobilizon, Gancio, relays)."""


async def receive_follow(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Let a remote actor follow a local one, or note that it asks to."""
    followed = await actors.find(db, activity.object_id) if activity.object_id else None
    if followed is None or not followed.local or followed.deleted_at or followed.suspended_at:
        return Ignored("nobody of ours")
    if activity.id is None:
        return Refused("a follow without an id")
    if followed.role_here == "instance" and actor.kind not in SERVERS:
        _, uri = new_activity_id(node.urls)
        asked = say.follow(activity.id, actor.uri, followed.uri)
        await tell(db, followed, say.reject(uri, followed.uri, asked, to=[actor.uri]), audience="direct", to=[actor])
        return Ignored("only servers follow the server")
    before = await follows.find_by_uri(db, activity.id)
    if before is not None and (before.follower_id, before.followed_id) != (actor.id, followed.id):
        return Refused("its id was used before")
    try:
        await follow.receive(node, db, actor, followed, activity.id)
    except Forbidden:
        return Ignored("blocked")  # and nobody is told
    return Taken()


async def receive_block(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Someone elsewhere blocks a local actor: remembered silently, never shown, never forwarded."""
    blocked = await actors.find(db, activity.object_id) if activity.object_id else None
    if blocked is None or not blocked.local:
        return Ignored("nobody of ours")
    await blocks.insert(db, actor.id, blocked.id, activity.id)
    await follows.delete(db, actor.id, blocked.id)
    await follows.delete(db, blocked.id, actor.id)
    return Taken()
