"""Before publishing: get to know the people and posts of other servers that a draft names. The only step of publishing
that uses the network: it runs before the transaction, and what is not to be had `look_around` will complain of."""

from __future__ import annotations

import asyncio

import structlog

from federation.lookup import find_actor
from federation.outcomes import FetchError
from node.actions.surroundings import find_people, handles, named, texts
from node.node import Node
from node.remote import keep_actor, learn_actor, learn_post, may_fetch
from node.store.people import naming
from node.store.posts import posts
from schemas.drafts import CallDraft, Draft, EventDraft, FindingDraft, PostDraft
from schemas.limits import ACQUAINT_LOOKUPS, ACQUAINT_SECONDS

_log = structlog.get_logger("node.acquaint")


async def acquaint(node: Node, draft: Draft) -> None:
    """Look up the people and the post a draft names that we do not know, as far as the limits allow. A server that does
    not answer or refuses is no error here."""
    people, things = await _strangers(node, draft)
    lookups = [*(_meet(node, name) for name in people), *(_read(node, uri) for uri in things)]
    for unasked in lookups[ACQUAINT_LOOKUPS:]:
        unasked.close()
    try:
        async with asyncio.timeout(ACQUAINT_SECONDS):
            await asyncio.gather(*lookups[:ACQUAINT_LOOKUPS])
    except TimeoutError:
        _log.info("lookups took too long", count=len(lookups))


async def _strangers(node: Node, draft: Draft) -> tuple[list[str], list[str]]:
    """Handles and addresses of people, and addresses of posts, that lie elsewhere and are not known."""
    said = handles(texts(draft), node.urls)
    async with node.database.pool.acquire() as db:
        known = await find_people(db, node.urls, named(draft))
        met = await naming.find_by_handles(db, said)
        things = [uri for uri in _things(draft) if await posts.find_by_uri(db, uri) is None]
    people = [name for name in named(draft) if name not in known]
    people += [f"{name}@{host}" for name, host in said if (name, host) not in met]
    ours = f"@{node.urls.domain}"
    elsewhere = [one for one in people if not one.endswith(ours) and ("@" in one.lstrip("@") or "://" in one)]
    return list(dict.fromkeys(elsewhere)), [uri for uri in things if not node.urls.ours(uri)]


def _things(draft: Draft) -> list[str]:
    """The posts that a draft answers or came from."""
    match draft:
        case PostDraft(in_reply_to=str(uri)):
            return [uri]
        case FindingDraft(born_of=str(uri)) | CallDraft(born_of=str(uri)) | EventDraft(born_of=str(uri)):
            return [uri]
        case _:
            return []


async def _meet(node: Node, name: str) -> None:
    try:
        if "://" in name:
            await learn_actor(node, name)
        elif may_fetch(node, f"https://{name.rpartition('@')[2]}/"):
            found = await find_actor(node.client, name, node.signer, node.schemes)
            await keep_actor(node, found.actor)
    except FetchError as error:
        _log.info("nobody found", name=name, reason=str(error))


async def _read(node: Node, uri: str) -> None:
    try:
        await learn_post(node, uri)
    except FetchError as error:
        _log.info("nothing found", uri=uri, reason=str(error))
