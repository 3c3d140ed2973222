"""Get to know somebody by what a person types: a handle or an address, here, known, or asked of its own server now."""

from __future__ import annotations

from federation.lookup import find_actor, read_handle
from federation.outcomes import FetchError
from node.errors import NodeError
from node.node import Node
from node.remote import keep_actor, learn_actor, may_fetch
from node.store.people import actors
from schemas.records import Actor


async def known(node: Node, typed: str) -> Actor | None:
    """Who that is, as far as we know without asking anybody. A name without a host is one of ours."""
    name, _, host = typed.removeprefix("acct:").removeprefix("@").partition("@")
    async with node.database.pool.acquire() as db:
        if "://" in typed:
            return await actors.find(db, typed)
        return await actors.find_by_handle(db, name, host.lower() or node.urls.domain)


async def look_up(node: Node, typed: str) -> Actor | None:
    """Who that is, asking their server if we do not know; None if there is nobody, or no answer now."""
    return await known(node, typed) or await ask(node, typed)


async def ask(node: Node, typed: str) -> Actor | None:
    """Who that is by what their server says now; None if there is nobody, or no answer."""
    try:
        if "://" in typed and (found := await learn_actor(node, typed)):
            return found
        handle = read_handle(typed)
        address = typed if "://" in typed else f"https://{handle.domain}/" if handle else ""
        if not may_fetch(node, address):
            return None
        asked = await find_actor(node.client, typed, node.signer, node.schemes)
        return await keep_actor(node, asked.actor)
    except (FetchError, NodeError):
        return None
