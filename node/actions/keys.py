"""New keys for a local actor, after a leak or now and then. Others hear of it by an Update signed with the new key."""

from __future__ import annotations

from node.actions.profile import tell_presented
from node.errors import Conflict
from node.node import Node
from node.store.db import Db
from node.store.people import actors
from node.store.people.actors import Keys
from schemas.records import Actor


async def rotate_keys(node: Node, db: Db, actor: Actor, keys: Keys) -> Actor:
    """Give a local actor new keys under the same key ids, and tell its followers.

    What waits to be delivered is signed with the new key: servers that still hold the old one look again when it does
    not verify. Raises Conflict for the instance actor, whose key the running processes hold.
    """
    if actor.role_here == "instance":
        raise Conflict("The key of the server itself cannot be changed while it runs.")
    after = await actors.replace_keys(db, actor.id, keys)
    await tell_presented(node, db, after)
    return after
