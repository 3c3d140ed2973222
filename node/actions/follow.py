"""Following, asking to follow, and deciding about who asks; the same for members, the hub and remote actors."""

from __future__ import annotations

import msgspec

from federation.build import activities as say
from node.actions import hubs
from node.errors import Forbidden, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import happenings
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import blocks, follows
from node.store.queues import jobs
from schemas.records import Actor, Follow


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a follower wants of whom they follow: boosts too, to be told of new posts, and only some languages (none
    named: all). What is None stays as it is."""

    boosts: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None


async def follow(node: Node, db: Db, follower: Actor, followed: Actor, wishes: Wishes | None = None) -> Follow:
    """Let a local actor follow another one. Remote and locked ones decide later; asking again changes only wishes.

    The first accepted follow of a remote actor fetches its recent items; a hub that our hub follows is suggested to the
    editors. Raises Forbidden where one blocks the other.
    """
    if follower.id == followed.id or await _blocked(db, follower, followed):
        raise Forbidden("You cannot follow this account.")
    known = await follows.find(db, follower.id, followed.id)
    if known is not None:
        return await _wish(db, known, wishes)
    _, uri = new_activity_id(node.urls)
    accepted = followed.local and not followed.locked
    made = await follows.insert(db, follower.id, followed.id, uri, accepted=accepted)
    if followed.local:
        await _tell_followed(db, follower, followed, accepted=accepted)
    else:
        await tell(db, follower, say.follow(uri, follower.uri, followed.uri), audience="direct", to=[followed])
        if follower.role_here == "hub":
            await hubs.hear_of(db, followed, follower.uri)
    await happenings.add(db, "follow.changed", follower.id)
    return await _wish(db, made, wishes)


async def unfollow(node: Node, db: Db, follower: Actor, followed: Actor) -> None:
    """End what a local actor's follow began, accepted or not. Nothing happens where there was none."""
    ended = await follows.delete(db, follower.id, followed.id)
    if ended is None:
        return
    if not followed.local:
        _, uri = new_activity_id(node.urls)
        asked = say.follow(ended.uri, follower.uri, followed.uri)
        await tell(
            db, follower, say.undo(uri, follower.uri, asked, to=[followed.uri]), audience="direct", to=[followed]
        )
    await happenings.add(db, "follow.changed", follower.id)


async def say_unfollow(node: Node, db: Db, follower: Actor, followed: Actor) -> None:
    """Tell another server that a local actor does not follow somebody there whom it is believed to follow."""
    _, asked_as = new_activity_id(node.urls)
    _, uri = new_activity_id(node.urls)
    asked = say.follow(asked_as, follower.uri, followed.uri)
    await tell(db, follower, say.undo(uri, follower.uri, asked, to=[followed.uri]), audience="direct", to=[followed])


async def ended_elsewhere(db: Db, follower: Actor, followed: Actor) -> None:
    """The server of somebody a local actor follows no longer counts that; nobody needs to be told."""
    if await follows.delete(db, follower.id, followed.id) is not None:
        await happenings.add(db, "follow.changed", follower.id)


async def receive(node: Node, db: Db, follower: Actor, followed: Actor, uri: str) -> Follow:
    """Take the Follow (with that id) of a remote actor for a local one, and accept it at once unless it is locked.

    A repeated Follow is accepted again: the first Accept may have been lost.
    """
    if await _blocked(db, follower, followed):
        raise Forbidden
    before = await follows.find(db, follower.id, followed.id)
    accepted = not followed.locked or (before is not None and before.state == "accepted")
    made = await follows.insert(db, follower.id, followed.id, uri, accepted=accepted)
    if accepted:
        await _say_accept(node, db, followed, follower, made)
    if before is None:
        await _tell_followed(db, follower, followed, accepted=accepted)
        if followed.role_here == "hub":
            await hubs.hear_of(db, follower, follower.uri)
    return made


async def accept_follow(node: Node, db: Db, followed: Actor, follower: Actor) -> None:
    """Let someone who asked follow a local actor. NotFound if nobody asked."""
    asked = await follows.find(db, follower.id, followed.id)
    if asked is None or not await follows.accept(db, asked.id):
        raise NotFound
    if not follower.local:
        await _say_accept(node, db, followed, follower, asked)
    await notifications.tell_actor(db, follower.id, "follow_accepted", from_id=followed.id)


async def reject_follow(node: Node, db: Db, followed: Actor, follower: Actor) -> None:
    """Refuse someone who asked, or remove a follower. NotFound if there is no such relation."""
    ended = await follows.delete(db, follower.id, followed.id)
    if ended is None:
        raise NotFound
    if not follower.local:
        _, uri = new_activity_id(node.urls)
        asked = say.follow(ended.uri, follower.uri, followed.uri)
        document = say.reject(uri, followed.uri, asked, to=[follower.uri])
        await tell(db, followed, document, audience="direct", to=[follower])


async def accepted_elsewhere(db: Db, follower: Actor, followed: Actor) -> bool:
    """A remote actor accepted the pending follow of a local one. False (and nothing changes) if none was pending."""
    asked = await follows.find(db, follower.id, followed.id)
    if asked is None or not await follows.accept(db, asked.id):
        return False
    await jobs.add(db, "backfill_actor", {"actor_id": followed.id}, once=f"backfill {followed.id}", host=followed.host)
    await notifications.tell_actor(db, follower.id, "follow_accepted", from_id=followed.id)
    await happenings.add(db, "follow.changed", follower.id)
    return True


async def block(node: Node, db: Db, blocker: Actor, blocked: Actor) -> None:
    """Let a local actor block another one: both follows end, and a remote server is told so that it hides us there."""
    _, uri = new_activity_id(node.urls)
    if not blocked.local:  # said first: once the block stands, nothing more is said to them
        await tell(db, blocker, say.block(uri, blocker.uri, blocked.uri), audience="direct", to=[blocked])
    await blocks.insert(db, blocker.id, blocked.id, uri)
    await follows.delete(db, blocked.id, blocker.id)
    await follows.delete(db, blocker.id, blocked.id)
    await happenings.add(db, "follow.changed", blocker.id)


async def unblock(node: Node, db: Db, blocker: Actor, blocked: Actor) -> None:
    """Lift a block; follows do not come back by themselves."""
    began = await blocks.delete(db, blocker.id, blocked.id)
    if began and not blocked.local:
        _, uri = new_activity_id(node.urls)
        said = say.block(began, blocker.uri, blocked.uri)
        document = say.undo(uri, blocker.uri, said, to=[blocked.uri])
        await tell(db, blocker, document, audience="direct", to=[blocked])


async def _wish(db: Db, known: Follow, wishes: Wishes | None) -> Follow:
    if wishes is None or wishes == Wishes():
        return known
    return await follows.set_wishes(
        db, known.id, boosts=wishes.boosts, notify=wishes.notify, languages=wishes.languages
    )


async def _blocked(db: Db, one: Actor, other: Actor) -> bool:
    return await blocks.exists(db, one.id, other.id) or await blocks.exists(db, other.id, one.id)


async def _say_accept(node: Node, db: Db, followed: Actor, follower: Actor, asked: Follow) -> None:
    _, uri = new_activity_id(node.urls)
    document = say.accept(uri, followed.uri, say.follow(asked.uri, follower.uri, followed.uri), to=[follower.uri])
    await tell(db, followed, document, audience="direct", to=[follower])


async def _tell_followed(db: Db, follower: Actor, followed: Actor, *, accepted: bool) -> None:
    kind: notifications.Kind = "follow" if accepted else "follow_request"
    await notifications.tell_actor(db, followed.id, kind, from_id=follower.id)
