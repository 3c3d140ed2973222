"""The first deeds on a new database: what a node needs before anybody has named the hub, and naming it."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from federation.build.urls import Urls
from node.errors import Conflict
from node.store import actors, hub
from node.store.db import Db
from schemas.records import Actor


async def prepare(db: Db, urls: Urls) -> Actor:
    """Make the hub's row and the instance actor if they are not there; give the instance actor.

    Several processes may start at once: the unique constraints decide whose row it is.
    """
    await hub.prepare(db, urls.base_url)
    found = await actors.find(db, urls.instance_actor)
    if found is not None:
        return found
    keys = await asyncio.to_thread(actors.make_keys)
    name = urlsplit(urls.base_url).hostname or "instance"
    new = actors.NewActor(role="instance", kind="Application", name=name, discoverable=False)
    try:
        return await actors.insert_local(db, urls, new, keys)
    except Conflict:
        return await actors.instance(db)
