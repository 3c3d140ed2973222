"""Move: an actor goes elsewhere, and its followers here go with it, if the new place says that it is the same one."""

from __future__ import annotations

from node.actions import move
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.people import actors
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_move(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Follow the actor to `target`, once its fresh record lists the old id in `alsoKnownAs`."""
    if activity.object_id != actor.uri or activity.target is None or activity.target == actor.uri:
        return Refused("an actor moves only itself")
    if actor.moved_at is not None and actor.moved_to == activity.target:
        return Ignored("moved before")
    target = await actors.find(db, activity.target)
    if target is None or (not target.local and actor.uri not in target.also_known_as):
        return Needs(fresh=(activity.target,), otherwise=Refused("the new place does not know the old one"))
    if actor.uri not in target.also_known_as or target.moved_to:
        return Refused("the new place does not know the old one")
    if target.suspended_at or target.host_suspended or target.deleted_at:
        return Refused("nobody may be followed there")
    if not await actors.mark_moved(db, actor.id, target.uri):
        return Ignored("moved a short while ago")
    await move.take_followers_along(node, db, actor, target)
    return Taken()
