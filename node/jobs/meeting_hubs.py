"""Jobs about other hubs: is one what it was said to be, and which ones does it know."""

from __future__ import annotations

from functools import partial

import structlog

from federation import normalise, read
from federation.addresses import parse
from federation.collections_walk import walk_collection
from federation.fetch import Fetched, fetch_document, fetch_page
from federation.lookup import confirmed_handle
from federation.nodeinfo import read_nodeinfo
from federation.outcomes import FetchError, FetchFailed
from federation.read.errors import BadDocument, Unwanted
from node.actions import hubs
from node.node import Node
from node.remote import keep_actor, learn_actor, may_fetch
from node.store.notices import notifications
from node.store.people import actors
from node.store.servers import known_hubs
from schemas.limits import HUBS_READ_ITEMS, HUBS_READ_NEW, HUBS_READ_PAGES
from schemas.records import Actor

_log = structlog.get_logger("node.meeting_hubs")


async def check_hub(node: Node, actor_id: int) -> None:
    """Suggest a hub to the editors if its actor, its WebFinger and its NodeInfo agree that it is one.

    Raises FetchFailed when asking later may do better.
    """
    async with node.database.pool.acquire() as db:
        actor = await actors.get(db, actor_id)
    is_hub = may_fetch(node, actor.uri) and await _is_hub(node, actor)
    async with node.database.pool.acquire() as db, db.transaction():
        if await known_hubs.checked(db, actor.id, "suggested" if is_hub else "refused") and is_hub:
            ours = await actors.hub(db)
            await notifications.tell_actor(db, ours.id, "suggested_hub", from_id=actor.id)
    node.wake()


async def read_hubs(node: Node, actor_id: int) -> None:
    """Read which hubs an approved hub has approved; those we never heard of are checked, and their own lists not read.

    Raises FetchFailed when asking later may do better.
    """
    async with node.database.pool.acquire() as db:
        hub = await actors.get(db, actor_id)
    if not may_fetch(node, hub.uri):
        return
    info = await read_nodeinfo(node.client, parse(hub.uri).origin)
    if info.known_hubs is None or info.hub != hub.uri:
        return
    new = 0
    async for item in walk_collection(
        partial(fetch_page, node.client, signer=node.signer, memory=node.schemes),
        info.known_hubs,
        hub.uri,
        max_items=HUBS_READ_ITEMS,
        max_pages=HUBS_READ_PAGES,
    ):
        uri = item.get("id") if isinstance(item, dict) else item
        if new < HUBS_READ_NEW and isinstance(uri, str) and await _hear(node, uri, hub):
            new += 1


async def _is_hub(node: Node, actor: Actor) -> bool:
    try:
        fetched = await fetch_document(node.client, actor.uri, node.signer, node.schemes)
        if fetched.url != actor.uri or not _says_so(fetched):
            return False
        await confirmed_handle(node.client, fetched)
        if (await read_nodeinfo(node.client, parse(actor.uri).origin)).hub != actor.uri:
            return False
    except FetchFailed as error:
        if error.temporary:
            raise
        return False
    except (FetchError, BadDocument, Unwanted) as error:
        _log.info("no hub", uri=actor.uri, reason=str(error))
        return False
    return await keep_actor(node, fetched) is not None


def _says_so(fetched: Fetched) -> bool:
    return read.actor(normalise.document(fetched.document)).is_hub


async def _hear(node: Node, uri: str, teller: Actor) -> bool:
    """Whether it was new to us."""
    if node.urls.ours(uri) or not may_fetch(node, uri):
        return False
    async with node.database.pool.acquire() as db:
        known = await actors.find(db, uri)
        if known is not None and await known_hubs.find(db, known.id):
            return False
    try:
        actor = known or await learn_actor(node, uri)
    except FetchError as error:
        _log.info("hub not to be had", uri=uri, reason=str(error))
        return False
    if actor is None:
        return False
    async with node.database.pool.acquire() as db, db.transaction():
        return await hubs.hear_of(db, actor, teller.uri)
