"""New keys for a local actor, after a leak or now and then. Others hear of it by an Update signed with the new key."""

from __future__ import annotations

from federation.build import activities as say
from federation.build import actor as build
from federation.terms import PUBLIC
from node.errors import Conflict
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import actors, places
from node.store.actors import Keys
from node.store.db import Db
from schemas.records import Actor


async def rotate_keys(node: Node, db: Db, actor: Actor, keys: Keys) -> Actor:
    """Give a local actor new keys under the same key ids, and tell its followers (federation.md 5.3).

    What waits to be delivered is signed with the new key: servers that still hold the old one look again when it does
    not verify. Raises Conflict for the instance actor, whose key the running processes hold.
    """
    if actor.role_here == "instance":
        raise Conflict("The key of the server itself cannot be changed while it runs.")
    after = await actors.replace_keys(db, actor.id, keys)
    place = (await places.get(db, after.place_id)).place if after.place_id else None
    _, uri = new_activity_id(node.urls)
    document = build.document(after, node.urls, place=place)
    update = say.update(uri, after.uri, document, to=[PUBLIC], cc=[node.urls.followers(after.uri)])
    await tell(db, after, update, audience="public", followers=True)
    return after
