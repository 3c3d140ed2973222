"""Hubs that know hubs, without a centre: what a followed hub tells of is checked and suggested; an
editor approves it, and then those hubs that follow us hear of it. Nothing is followed or trusted by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from federation.build import activities as say
from node.errors import Forbidden, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import happenings
from node.store.db import Db
from node.store.people import actors, follows
from node.store.queues import jobs
from node.store.servers import known_hubs
from schemas.limits import HUBS_READ_AT_ONCE, HUBS_READ_DAYS, HUBS_SUGGESTED_PER_DAY
from schemas.records import Actor, Viewer


async def may_suggest(db: Db, teller_uri: str) -> bool:
    """Whether we listen to more suggestions of this actor today."""
    return await known_hubs.count_via(db, teller_uri, timedelta(days=1)) < HUBS_SUGGESTED_PER_DAY


async def hear_of(db: Db, hub: Actor, teller_uri: str) -> bool:
    """Note a hub that somebody followed told us of, or that follows us or is followed by us, and have it checked. False
    for what is known, ours or no hub."""
    if hub.local or hub.kind != "Organization" or hub.suspended_at or hub.host_suspended or hub.deleted_at:
        return False
    if not await known_hubs.hear(db, hub.id, teller_uri):
        return False
    await jobs.add(db, "check_hub", {"actor_id": hub.id}, once=f"check hub {hub.id}", host=hub.host)
    return True


async def approve(node: Node, db: Db, viewer: Viewer, actor_id: int) -> Actor:
    """Name a hub in our public list, and tell the hubs that follow us. Raises Forbidden, NotFound."""
    hub = await _hub(db, viewer, actor_id)
    if await known_hubs.decide(db, hub.id, "approved", viewer.account.id):
        await _tell(node, db, hub)
        await happenings.add(db, "hubs.changed", hub.id)
    return hub


async def dismiss(node: Node, db: Db, viewer: Viewer, actor_id: int) -> Actor:
    """Take a hub from the suggestions, or from our public list. Raises Forbidden, NotFound."""
    hub = await _hub(db, viewer, actor_id)
    if await known_hubs.decide(db, hub.id, "dismissed", viewer.account.id):
        await happenings.add(db, "hubs.changed", hub.id)
    return hub


async def ask_due(db: Db) -> None:
    """Have the lists of approved hubs read whose turn it is: each once a week."""
    for actor_id in await known_hubs.take_unread(db, timedelta(days=HUBS_READ_DAYS), HUBS_READ_AT_ONCE):
        hub = await actors.get(db, actor_id)
        await jobs.add(db, "read_hubs", {"actor_id": actor_id}, once=f"hubs of {actor_id}", host=hub.host)


async def _hub(db: Db, viewer: Viewer, actor_id: int) -> Actor:
    if not viewer.may("publish_as_hub"):
        raise Forbidden
    hub = await actors.get(db, actor_id)
    if hub.local or hub.kind != "Organization" or hub.deleted_at:
        raise NotFound
    return hub


async def _tell(node: Node, db: Db, hub: Actor) -> None:
    ours = await actors.hub(db)
    told = [one for one in await follows.hubs_following(db, ours.id) if one.id != hub.id]
    _, uri = new_activity_id(node.urls)
    document = say.announce(uri, ours.uri, hub.uri, published=datetime.now(UTC), to=[one.uri for one in told])
    await tell(db, ours, document, audience="direct", to=told)
