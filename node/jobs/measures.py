"""What measures leave to be done later: telling peers about a suspended member, deleting after the grace, restoring."""

from __future__ import annotations

from federation.build import activities as say
from federation.terms import PUBLIC
from node.actions import farewell, follow
from node.actions.profile import tell_presented
from node.errors import Forbidden
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.moderation import marks, severed
from node.store.people import actors, follows
from node.store.posts import posts
from node.store.queues import jobs
from schemas.limits import ERASED_POSTS, SEVERED_ROWS
from schemas.records import Actor


async def tell_suspended(node: Node, actor_id: int) -> None:
    """Say to peers how a member stands now: an Update of the actor, with or without `suspended`."""
    async with node.database.pool.acquire() as db, db.transaction():
        actor = await actors.get(db, actor_id)
        if actor.deleted_at is None:
            await tell_presented(node, db, actor)
    node.wake()


async def purge_due(db: Db) -> None:
    """Ask for the deletion of what suspensions have hidden for as long as the grace lasts."""
    for measure in await marks.list_to_purge(db):
        actor = await actors.find(db, measure.target)
        if actor is not None:
            await jobs.add(db, "purge_actor", {"actor_id": actor.id}, once=f"purge {actor.id}")
        await marks.set_purged(db, measure.id)


async def purge_actor(node: Node, actor_id: int) -> None:
    """Delete what a suspended actor published and, of a member, the account's data; peers are told to delete it too.
    Nothing happens if the suspension was lifted meanwhile. Some posts at a time, a job each: nobody waits for long, and
    what is done stays done."""
    async with node.database.pool.acquire() as db, db.transaction():
        actor = await actors.get(db, actor_id)
        if actor.suspended_at is None or actor.deleted_at is not None:
            return
        if await posts.tombstone_some(db, actor.id, ERASED_POSTS):
            await jobs.add(db, "purge_actor", {"actor_id": actor.id})
        elif not actor.local:
            await marks.drop_media(db, actor.id)
        else:
            await _tell_gone(node, db, actor)
            await farewell.erase(node, db, actor)
            await marks.drop_media(db, actor.id)
            await marks.forget_person(db, actor.id)
    node.wake()


async def restore_follows(node: Node) -> None:
    """Restore what suspensions cut that have ended: who follows us at once, whom we follow by asking again."""
    async with node.database.pool.acquire() as db, db.transaction():
        await severed.restore_theirs(db)
    taken = SEVERED_ROWS
    while taken == SEVERED_ROWS:
        async with node.database.pool.acquire() as db, db.transaction():
            found = await severed.take_ours(db, SEVERED_ROWS)
            for one in found:
                await _ask_again(node, db, one)
            taken = len(found)
        node.wake()


async def _ask_again(node: Node, db: Db, one: severed.Severed) -> None:
    try:
        ours, theirs = await actors.get(db, one.follower_id), await actors.get(db, one.followed_id)
        wishes = follow.Wishes(boosts=one.boosts, notify=one.notify, languages=tuple(one.languages or ()))
        await follow.follow(node, db, ours, theirs, wishes)
        await severed.into_lists(db, one)
    except Forbidden:  # one blocks the other meanwhile
        return


async def _tell_gone(node: Node, db: Db, actor: Actor) -> None:
    _, uri = new_activity_id(node.urls)
    document = say.delete(uri, actor.uri, actor.uri, to=[PUBLIC], cc=[node.urls.followers(actor.uri)])
    await tell(db, actor, document, audience="public", followers=True, to=await follows.list_followed(db, actor.id))
