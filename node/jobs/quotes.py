"""Looking at the stamp by which another server's author agreed to be quoted (FEP-044f)."""

from __future__ import annotations

import structlog

from federation import normalise, trust
from federation.outcomes import FetchGone, FetchRefused
from federation.read.errors import BadDocument
from federation.read.fields import Document, reference, references
from node.node import Node
from node.remote import fetch_thing, learn_post, may_fetch
from node.store.posts import posts, quotes
from schemas.records import Post

_log = structlog.get_logger("node.quotes")


async def verify_quote(node: Node, post_id: int, stamp: str | None) -> None:
    """Believe a quote of one's own, or one whose stamp says at its own address that the author of the quoted post
    allows just this one; what they quote is learnt first. Ours are stamped by ourselves, when we are asked.

    What is refused or gone stays a mere link; raises FetchFailed where later may do.
    """
    async with node.database.pool.acquire() as db:
        quote = await quotes.find(db, post_id)
        quoting = await posts.find(db, post_id)
    if quote is None or quoting is None or quote.state != "pending":
        return
    quoted = await learn_post(node, quote.quoted_uri)
    if quoted is None or quoted.local:
        return
    own = quoted.actor.id == quoting.actor.id
    if own or (stamp is not None and await _is_stamped(node, stamp, quoting, quoted)):
        async with node.database.pool.acquire() as db, db.transaction():
            await quotes.adopt(db, quoted.id, quoted.uri)
            await quotes.decide(db, post_id, "accepted", authorization_uri=None if own else stamp)


async def _is_stamped(node: Node, stamp: str, quoting: Post, quoted: Post) -> bool:
    if not may_fetch(node, stamp):
        return False
    try:
        fetched = await fetch_thing(node, stamp)
        document = normalise.document(fetched.document)
    except (FetchGone, FetchRefused, BadDocument) as error:
        _log.info("stamp refused", stamp=stamp, reason=str(error))
        return False
    return fetched.url == stamp and allows(document, stamp, quoting.uri, quoted.uri, quoted.actor.uri)


def allows(stamp: Document, uri: str, quoting: str, quoted: str, author: str) -> bool:
    """Whether a stamp is of the author's own server and about these two posts, and no others."""
    return (
        stamp.get("type") == "QuoteAuthorization"
        and reference(stamp, "id") == uri
        and trust.same_origin(uri, author)
        and references(stamp, "attributedTo", 2) == (author,)
        and reference(stamp, "interactingObject") == quoting
        and reference(stamp, "interactionTarget") == quoted
    )
