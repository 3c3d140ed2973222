"""QuoteRequest: somebody asks to quote a post of ours (FEP-044f). The policy of the post answers, at once."""

from __future__ import annotations

from node.actions import quote
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.posts import posts
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_quote_request(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Answer with a stamp or a no. The quoting post (`instrument`) must be the asker's own and say itself what it
    quotes: it is asked for at its own server."""
    quoted = await posts.find_visible(db, activity.object_id, actor.id) if activity.object_id else None
    if quoted is None or not quoted.local or quoted.kind == "boost":
        return Ignored("no post of ours")
    if activity.id is None or activity.instrument is None:
        return Refused("no request or no quoting post")
    quoting = await posts.find_by_uri(db, activity.instrument)
    if quoting is None:
        return Needs(posts=(activity.instrument,), otherwise=Ignored("the quoting post is not to be had"))
    if quoting.actor.id != actor.id:
        return Refused("somebody else's post")
    if not await quote.answer_request(node, db, quoting, quoted, activity.id):
        return Ignored("not allowed to quote")
    return Taken()
