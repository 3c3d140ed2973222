"""Get to know what is at an address that a person pasted: somebody, or something they published."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog

from federation import normalise, read
from federation.fetch import Fetched, fetch_document
from federation.outcomes import FetchError
from federation.read.errors import BadDocument, Unwanted
from node.actions.look_up import known
from node.node import Node
from node.remote import keep_actor, learn_actor, learn_post, may_fetch
from node.store.people import actors
from node.store.posts import posts
from schemas.limits import ID_DIGITS
from schemas.records import Actor, Post

_log = structlog.get_logger("node.look_up")

Thing = Actor | Post


async def known_thing(node: Node, address: str) -> Thing | None:
    """What that is, as far as we know without asking anybody: by its id, or where people read it here."""
    async with node.database.pool.acquire() as db:
        if post := await posts.find_by_uri(db, address):
            return post
        name = _name_here(node, address)
        if name.isascii() and name.isdecimal() and len(name) < ID_DIGITS + 1:
            return await posts.find(db, int(name))
        if name.startswith("@"):
            return await actors.find_local(db, name[1:])
    return await known(node, address)


async def look_up_thing(node: Node, address: str) -> Thing | None:
    """What that is, asking its server if we do not know; None if it is nothing we keep, or there is no answer now.

    A page's address is taken for that of what it shows: its server says what it is called, and is asked by that name.
    Whether somebody may see a post, the caller asks.
    """
    if found := await known_thing(node, address):
        return found
    if node.urls.ours(address) or not may_fetch(node, address):
        return None
    try:
        fetched = await fetch_document(node.client, address, node.signer, node.schemes, may_move=True)
        if not may_fetch(node, fetched.url):
            return None
        if _is_actor(fetched):
            return await learn_actor(node, fetched.url) or await keep_actor(node, fetched)
        return await learn_post(node, fetched.url)
    except FetchError as error:
        _log.info("nothing found", address=address, reason=str(error))
        return None


def _is_actor(fetched: Fetched) -> bool:
    try:
        read.actor(normalise.document(fetched.document))
    except (BadDocument, Unwanted):
        return False
    return True


def _name_here(node: Node, address: str) -> str:
    """The last part of an address of ours, such as `@ana` or the id in `/@ana/17`; nothing for any other address."""
    return urlsplit(address).path.rstrip("/").rpartition("/")[2] if node.urls.ours(address) else ""
