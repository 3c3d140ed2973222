"""Moving: a local actor goes elsewhere or comes from elsewhere, and followers go with it (FEP-7628)."""

from __future__ import annotations

from federation.build import activities as say
from node.actions import follow
from node.actions.profile import require_right, tell_presented
from node.errors import Conflict, Forbidden
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.people import actors, follows
from schemas.limits import ALIASES
from schemas.records import Actor, Viewer


async def add_alias(node: Node, db: Db, viewer: Viewer, actor: Actor, former: Actor) -> Actor:
    """Say that a local actor is the same as another one, so that the other may move here. Followers hear of it.

    Raises Forbidden (no right to speak for the actor), Conflict (itself, or too many).
    """
    require_right(viewer, actor)
    now = await actors.get(db, actor.id)
    if former.id == now.id:
        raise Conflict("An account cannot be its own former one.")
    if former.uri in now.also_known_as:
        return now
    if len(now.also_known_as) >= ALIASES:
        raise Conflict("There are {max} former accounts already.", max=ALIASES)
    return await _known_as(node, db, now, [*now.also_known_as, former.uri])


async def remove_alias(node: Node, db: Db, viewer: Viewer, actor: Actor, uri: str) -> Actor:
    """Take back that a local actor is the same as the one with this id."""
    require_right(viewer, actor)
    now = await actors.get(db, actor.id)
    left = [one for one in now.also_known_as if one != uri]
    return now if left == now.also_known_as else await _known_as(node, db, now, left)


async def move_out(node: Node, db: Db, viewer: Viewer, actor: Actor, target: Actor) -> Actor:
    """Send a local actor's followers to `target`, whose record is fresh (the caller asked its server just now).

    Those here follow it at once; other servers are told by a Move. From then on the actor publishes nothing more.
    Raises Forbidden (no right), Conflict (the target does not know the actor, has moved itself, or a move was made a
    short while ago).
    """
    require_right(viewer, actor)
    if target.id == actor.id or actor.uri not in target.also_known_as:
        raise Conflict("The new account does not name this one as a former one. Please say so there first.")
    if target.moved_to or target.suspended_at or target.host_suspended or target.deleted_at:
        raise Conflict("Nobody can be followed there.")
    if not await actors.mark_moved(db, actor.id, target.uri):
        raise Conflict("This account moved a short while ago.")
    moved = await actors.get(db, actor.id)
    _, uri = new_activity_id(node.urls)
    document = say.move(uri, moved.uri, target.uri, to=[node.urls.followers(moved.uri)])
    await tell(db, moved, document, audience="followers", followers=True)
    await tell_presented(node, db, moved)
    await take_followers_along(node, db, moved, target)
    return moved


async def move_back(node: Node, db: Db, viewer: Viewer, actor: Actor) -> Actor:
    """Let a local actor that moved publish here again. Followers that have gone do not come back by themselves."""
    require_right(viewer, actor)
    await actors.unmark_moved(db, actor.id)
    back = await actors.get(db, actor.id)
    await tell_presented(node, db, back)
    return back


async def take_followers_along(node: Node, db: Db, actor: Actor, target: Actor) -> None:
    """Let the local followers of an actor that moved follow it to its new place."""
    for follower_id in await follows.local_followers(db, actor.id):
        follower = await actors.get(db, follower_id)
        try:
            await follow.follow(node, db, follower, target)
        except Forbidden:
            continue
        await follow.unfollow(node, db, follower, actor)


async def _known_as(node: Node, db: Db, actor: Actor, uris: list[str]) -> Actor:
    await actors.set_aliases(db, actor.id, uris)
    after = await actors.get(db, actor.id)
    await tell_presented(node, db, after)
    return after
