"""Job: look at the origin what became of something that we were told of by somebody else, and do
what follows from it as if its author had said so."""

from __future__ import annotations

import structlog

from federation import read
from federation.read.errors import BadDocument, Unwanted
from node.errors import NodeError
from node.inbox import Needs
from node.inbox.update import receive_update
from node.node import Node
from node.remote import Seen, learn_actor, look_at_origin
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from schemas.objects import RemoteActivity

_log = structlog.get_logger("node.rechecking")


async def recheck(node: Node, uri: str) -> None:
    """Take it if somebody here wants it, renew it, or delete what is gone there. Raises FetchFailed when asking later
    may do better."""
    seen = await look_at_origin(node, uri)
    try:
        if seen.document is not None:
            author = read.thing(seen.document).attributed_to
            await learn_actor(node, author)
        async with node.database.pool.acquire() as db, db.transaction():
            await _apply(node, db, uri, seen)
    except (BadDocument, Unwanted, NodeError) as error:
        _log.info("nothing to take", uri=uri, reason=str(error))
    node.wake()


async def _apply(node: Node, db: Db, uri: str, seen: Seen) -> None:
    known = await posts.find_by_uri(db, uri)
    if known is not None and known.local:
        return
    if seen.state == "gone" and known is not None:
        await posts.tombstone(db, known.id)
    if seen.document is None:
        return
    author = await actors.find(db, read.thing(seen.document).attributed_to)
    if author is None or author.local or author.suspended_at or author.host_suspended or author.deleted_at:
        return
    said = RemoteActivity(
        type="Update", id=None, actor=author.uri, object_id=uri, object=seen.document, at_origin=seen.state
    )
    outcome = await receive_update(node, db, said, author)
    if isinstance(outcome, Needs):
        _log.info("needs too much", uri=uri)
