"""Looking whether the pages that members name in their profiles link back to them, and looking again each month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from federation.addresses import host_of
from federation.outcomes import FetchFailed, FetchRefused
from federation.rel_me import links_back
from node.errors import NotFound
from node.node import Node
from node.remote import may_fetch
from node.store.members import profiles
from node.store.people import actors, profile_links
from node.store.queues import jobs
from schemas.limits import LINKS_LOOKED_AT, LINKS_SECONDS
from schemas.records import Actor

_log = structlog.get_logger("node.links")


async def ask_for_looks(node: Node) -> None:
    """Ask for a look at all links that are due."""
    async with node.database.pool.acquire() as db, db.transaction():
        for actor_id in await profile_links.list_due(db, timedelta(seconds=LINKS_SECONDS), LINKS_LOOKED_AT):
            await jobs.add(db, "verify_links", {"actor_id": actor_id}, once=f"links {actor_id}")


async def verify_links(node: Node, actor_id: int) -> None:
    """Look at those links of a local actor that are new, or were not looked at for long; its profile shows what is
    found. A page that cannot be had now is looked at with the next round."""
    async with node.database.pool.acquire() as db:
        try:
            actor = await actors.get(db, actor_id)
        except NotFound:
            return
        known = await profile_links.list_of(db, actor_id)
    before = datetime.now(UTC) - timedelta(seconds=LINKS_SECONDS)
    for link in known:
        if link.checked_at is None or link.checked_at < before:
            found = await _look(node, actor, link.url)
            async with node.database.pool.acquire() as db, db.transaction():
                await profile_links.note(db, actor_id, link.url, links_back=found)
    async with node.database.pool.acquire() as db, db.transaction():
        shown = {one.url: one.verified_at for one in await profile_links.list_of(db, actor_id)}
        await profiles.show_verified(db, actor_id, shown)


async def _look(node: Node, actor: Actor, url: str) -> bool | None:
    """Whether a page links back; None where it could not be had. Our own pages are not asked: they prove nothing."""
    if node.urls.ours(url) or not may_fetch(node, url):
        return False
    try:
        return await links_back(node.client, url, (actor.url, actor.uri))
    except FetchRefused as error:
        _log.info("link not verified", host=host_of(url), reason=str(error))
        return False
    except FetchFailed as error:
        return None if error.temporary else False
