"""Followers synchronisation (FEP-8fcf): what we say about followers when something for followers leaves, and the job
that mends what the two sides do not agree about. Each server is told of its own people only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from federation.addresses import parse
from federation.collections_walk import walk_collection
from federation.fetch import Fetched, fetch_page
from federation.followers_sync import HEADER, Claim, digest, header
from federation.outcomes import FetchError, FetchFailed
from node.actions import follow
from node.node import Node
from node.remote import may_fetch
from node.store.db import Db
from node.store.people import actors, followers
from schemas.limits import SYNC_FOLLOWERS, SYNC_PAGES, SYNC_REPAIRS, SYNC_YOUNG_SECONDS
from schemas.records import Actor, Delivery

_log = structlog.get_logger("node.followers_sync")


class Headers:
    """The header for deliveries, each worked out once for as long as this lives."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._known: dict[tuple[int, str], Mapping[str, str]] = {}

    async def of(self, delivery: Delivery) -> Mapping[str, str]:
        """Nothing for what is not for followers, and for a server of which nobody, or too many, follow."""
        if not delivery.for_followers:
            return {}
        key = (delivery.signer_id, parse(delivery.inbox).origin)
        if key not in self._known:
            self._known[key] = await self._told(*key)
        return self._known[key]

    async def _told(self, actor_id: int, origin: str) -> Mapping[str, str]:
        async with self._node.database.pool.acquire() as db:
            actor = await actors.get(db, actor_id)
            found = await followers.list_of_origin(db, actor_id, origin, SYNC_FOLLOWERS + 1)
        if not actor.followers or not 0 < len(found) <= SYNC_FOLLOWERS:
            return {}
        url = self._node.urls.followers_synchronization(actor.uri)
        return {HEADER: header(Claim(collection=actor.followers, url=url, digest=digest(found)))}


async def sync_followers(node: Node, actor_id: int, url: str) -> None:
    """Job: an actor elsewhere counts other followers here than we do. Who it does not count follows no more; who it
    counts and does not follow is taken back there, or had asked and is accepted. So many at a time.

    Raises FetchFailed when asking later may do better.
    """
    async with node.database.pool.acquire() as db:
        actor = await actors.get(db, actor_id)
    if actor.local or actor.deleted_at or not may_fetch(node, url):
        return
    try:
        theirs = await _listed(node, actor, url)
    except FetchError as error:
        if isinstance(error, FetchFailed) and error.temporary:
            raise
        _log.info("followers not told", uri=actor.uri, reason=str(error))
        return
    if theirs is None:
        return
    async with node.database.pool.acquire() as db, db.transaction():
        await _mend(node, db, actor, theirs)
    node.wake()


async def _listed(node: Node, actor: Actor, url: str) -> set[str] | None:
    """The followers on our side as the actor's server lists them; None unless the list came whole."""
    last: Mapping[str, Any] = {}

    async def fetch(address: str) -> Fetched:
        nonlocal last
        fetched = await fetch_page(node.client, address, node.signer, node.schemes)
        last = fetched.document
        return fetched

    items = walk_collection(fetch, url, actor.uri, max_items=SYNC_FOLLOWERS + 1, max_pages=SYNC_PAGES)
    found = {item async for item in items if isinstance(item, str)}
    whole = ("orderedItems" in last or "items" in last) and not last.get("next") and len(found) <= SYNC_FOLLOWERS
    return {uri for uri in found if node.urls.ours(uri)} if whole else None


async def _mend(node: Node, db: Db, actor: Actor, theirs: set[str]) -> None:
    ours = set(await followers.list_here(db, actor.id))
    young = timedelta(seconds=SYNC_YOUNG_SECONDS)
    for uri in sorted(ours - theirs)[:SYNC_REPAIRS]:
        follower = await actors.find(db, uri)
        if follower is not None and await followers.is_older(db, follower.id, actor.id, young):
            await follow.ended_elsewhere(db, follower, actor)
    for uri in sorted(theirs - ours)[:SYNC_REPAIRS]:
        follower = await actors.find(db, uri)
        if follower is None or not follower.local or follower.deleted_at:
            continue
        if not await follow.accepted_elsewhere(db, follower, actor):
            await follow.say_unfollow(node, db, follower, actor)
