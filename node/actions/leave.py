"""Leaving the hub: asked for by a member, taken back while there is time, carried out by a job; peers are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from federation.build import activities as say
from federation.terms import PUBLIC
from node.actions import farewell
from node.actions.offices import KEEPERS, LAST
from node.errors import Conflict
from node.mailing import letters
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.access import pending_sign_ins, tokens
from node.store.db import Db
from node.store.members import accounts, leaving
from node.store.moderation import marks
from node.store.people import actors
from node.store.posts import posts
from node.store.queues import jobs
from schemas.limits import CHORES_ROWS, CONCERNED_ACTORS, ERASED_POSTS, LEAVING_DAYS
from schemas.records import Account, Actor


async def ask(node: Node, db: Db, account: Account, *, days: float = LEAVING_DAYS) -> datetime:
    """Let an account be deleted in so many days; apps, their streams and push messages end at once. Sessions are the
    caller's to end: in one of them it can be taken back. Conflict where nobody else could give offices then."""
    if KEEPERS in account.permissions and not await leaving.somebody_stays(db, KEEPERS, account.id):
        raise Conflict(LAST)
    day = await leaving.begin(db, account.id, datetime.now(UTC) + timedelta(days=days))
    await tokens.revoke_all(db, account.id)
    await pending_sign_ins.end_of(db, account.id)
    facts = {"when": day.isoformat(), "link": f"{node.urls.base_url}/settings/leave"}
    await letters.put(db, node.urls, account, "leaving", facts)
    return day


async def take_back(db: Db, account: Account) -> bool:
    """They stay; apps have to be let in again. False if they had not wanted to leave."""
    return await leaving.take_back(db, account.id)


async def ask_due(db: Db) -> None:
    """Ask for the deletion of accounts whose day has come."""
    for account_id in await leaving.list_due(db, CHORES_ROWS):
        await jobs.add(db, "delete_account", {"account_id": account_id}, once=f"delete_account {account_id}")


async def delete_account(node: Node, account_id: int) -> None:
    """The job: delete a member, tell whoever must know, and keep the name from use. What they published nobody sees any
    more, and it goes in jobs that follow; what they published as the hub stays with it. Nothing happens if they stay
    after all, or are gone."""
    async with node.database.pool.acquire() as db, db.transaction():
        day = await leaving.day_of(db, account_id, lock=True)
        account = await accounts.find(db, account_id)
        if account is None or day is None or day > datetime.now(UTC):
            return
        actor = await actors.get(db, account.actor_id)
        if KEEPERS in account.permissions and not await leaving.somebody_stays(db, KEEPERS, account.id):
            await leaving.take_back(db, account.id)
            return
        await tokens.revoke_all(db, account.id)
        await _tell_gone(node, db, actor)
        await farewell.end(node, db, actor)
        await leaving.forget(db, account.id, actor.id, actor.name)
        await marks.forget_person(db, actor.id)
        await jobs.add(db, "erase_posts", {"actor_id": actor.id})
    node.wake()


async def erase_posts(node: Node, actor_id: int) -> None:
    """The job that follows: what they published goes, some of it at a time, a job each, then the files that they
    brought. Nobody waits for long, and what is done stays done."""
    async with node.database.pool.acquire() as db, db.transaction():
        if await posts.tombstone_some(db, actor_id, ERASED_POSTS):
            await jobs.add(db, "erase_posts", {"actor_id": actor_id})
        else:
            await marks.drop_media(db, actor_id)
    node.wake()


async def _tell_gone(node: Node, db: Db, actor: Actor) -> None:
    _, uri = new_activity_id(node.urls)
    document = say.delete(uri, actor.uri, actor.uri, to=[PUBLIC], cc=[node.urls.followers(actor.uri)])
    to = await leaving.concerned(db, actor.id, CONCERNED_ACTORS)
    await tell(db, actor, document, audience="public", followers=True, to=to)
