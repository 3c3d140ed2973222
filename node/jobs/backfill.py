"""Jobs about actors elsewhere: the recent items of one newly followed, politely and once; and whether one is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

import structlog

from federation.collections_walk import walk_collection
from federation.fetch import fetch_page
from federation.outcomes import FetchError, FetchFailed, FetchGone
from node.actions import farewell
from node.node import Node
from node.remote import fetch_thing, learn_post, may_fetch
from node.store import locks
from node.store.people import actors, featured
from node.store.posts import posts
from node.store.queues import jobs
from schemas.limits import BACKFILL_EVENTS, BACKFILL_FEATURED, BACKFILL_ITEMS, BACKFILL_PAGES, ERASED_POSTS
from schemas.records import Actor

_log = structlog.get_logger("node.backfill")

Item = str | dict[str, Any]


async def backfill_actor(node: Node, actor_id: int) -> None:
    """Fetch an actor's upcoming events, what it pinned and its newest posts, so that nothing looks empty.

    One thing after the other, each from its own origin, and only once per actor.
    """
    async with node.database.pool.acquire() as db:
        actor = await actors.get(db, actor_id)
    if actor.local or actor.backfilled_at is not None or not may_fetch(node, actor.uri):
        return
    for collection, limit in ((actor.upcoming, BACKFILL_EVENTS), (actor.outbox, BACKFILL_ITEMS)):
        async for uri in _things(node, actor, collection, limit):
            await _learn(node, uri)
    await _pin(node, actor)
    async with node.database.pool.acquire() as db:
        await actors.mark_backfilled(db, actor.id)


async def confirm_gone(node: Node, uri: str, *, confirmed: bool = False) -> None:
    """An actor said that it deleted itself: it did, if its address answers 404 or 410. Then its things go too, some
    posts at a time, a job each; `confirmed`: some went before."""
    if confirmed:
        return await _erase(node, uri)
    try:
        await fetch_thing(node, uri)
    except FetchGone:
        await _erase(node, uri)
    except FetchFailed:
        raise
    except FetchError as error:
        _log.info("not gone", uri=uri, reason=str(error))


async def _erase(node: Node, uri: str) -> None:
    async with node.database.pool.acquire() as db, db.transaction():
        actor = await actors.find(db, uri)
        if actor is None or actor.local or not await locks.only_one(db, f"erase {uri}"):
            return
        if await posts.tombstone_some(db, actor.id, ERASED_POSTS):
            await jobs.add(db, "confirm_gone", {"uri": uri, "confirmed": True})
        else:
            await farewell.erase(node, db, actor)
    node.wake()


async def _pin(node: Node, actor: Actor) -> None:
    pinned: list[int] = []
    async for uri in _things(node, actor, actor.featured, BACKFILL_FEATURED):
        post = await _learn(node, uri)
        if post is not None:
            pinned.append(post)
    async with node.database.pool.acquire() as db, db.transaction():
        await featured.replace(db, actor.id, pinned)


async def _things(node: Node, actor: Actor, collection: str | None, limit: int) -> AsyncIterator[str]:
    """The ids of the things in a collection, of activities those they are about; what cannot be had ends it."""
    if collection is None:
        return
    fetch = partial(fetch_page, node.client, signer=node.signer, memory=node.schemes)
    try:
        async for item in walk_collection(fetch, collection, actor.uri, max_items=limit, max_pages=BACKFILL_PAGES):
            uri = _about(item)
            if uri is not None and not node.urls.ours(uri):
                yield uri
    except FetchError as error:
        _log.info("collection incomplete", uri=collection, reason=str(error))


def _about(item: Item) -> str | None:
    if isinstance(item, Mapping) and item.get("type") in ("Create", "Announce"):
        item = item.get("object") or ""
    found = item.get("id") if isinstance(item, Mapping) else item
    return found if isinstance(found, str) and found else None


async def _learn(node: Node, uri: str) -> int | None:
    try:
        post = await learn_post(node, uri)
    except FetchError as error:
        _log.info("item not to be had", uri=uri, reason=str(error))
        return None
    return post.id if post else None
