"""Get to know actors and posts of other servers: the network first and without a transaction, then one short write.

What is temporarily not to be had raises FetchFailed; None means that there is nothing we want."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog

from federation import normalise, read, trust
from federation.addresses import BadAddress, host_of, parse
from federation.fetch import Fetched, fetch_document
from federation.lookup import confirmed_handle
from federation.outcomes import FetchError, FetchFailed, FetchGone, FetchRefused
from federation.read.errors import BadDocument, Unwanted
from federation.signatures.key_document import KeyPointer, confirm_key, find_key
from federation.signatures.key_ids import key_address
from federation.signatures.keys import ActorKey
from federation.signatures.refusal import Reason, SignatureRefused
from node.node import Node
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from node.store.queues import jobs
from node.store.servers import hosts
from schemas.limits import ACTOR_FRESH_SECONDS, NODEINFO_DAYS, THREAD_DEPTH
from schemas.objects import AtOrigin, RemoteActor
from schemas.records import Actor, Post

_log = structlog.get_logger("node.remote")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What an object's own server showed: the normalised document if it is `there`."""

    state: AtOrigin
    document: dict[str, Any] | None = None


async def learn_actor(node: Node, uri: str, *, refresh: bool = False) -> Actor | None:
    """The actor with this id: as we know it if that is fresh enough, else as its server shows it now.

    None where it is refused, gone, no actor or of a host we do not federate with; a known actor that is gone is still
    given, as we knew it. Raises FetchFailed when asking later may do better.
    """
    async with node.database.pool.acquire() as db:
        known = await actors.find(db, uri)
    if known is not None and (known.local or (not refresh and _is_fresh(known))):
        return known
    if node.urls.ours(uri) or not may_fetch(node, uri):
        return None
    try:
        fetched = await fetch_document(node.client, uri, node.signer, node.schemes)
    except FetchFailed as error:
        if error.temporary and known is None:
            raise
        return known
    except FetchRefused as error:
        _log.info("actor refused", uri=uri, reason=str(error))
        return known
    return await keep_actor(node, fetched) if fetched.url == uri else None


async def keep_actor(node: Node, fetched: Fetched) -> Actor | None:
    """Remember an actor from its own document; None if it is none, or claims a handle that is another one's."""
    try:
        remote = read.actor(normalise.document(fetched.document))
    except (BadDocument, Unwanted) as error:
        _log.info("actor unreadable", uri=fetched.url, reason=str(error))
        return None
    host = await _handle_host(node, remote, fetched)
    try:
        async with node.database.pool.acquire() as db:
            await _meet_host(db, remote.id)
            return await actors.upsert_remote(db, remote, host=host)
    except actors.HandleTaken:
        return await _take_over_handle(node, remote, fetched)


async def _meet_host(db: Db, uri: str) -> None:
    """Have its server asked what it runs, if that was not done lately."""
    host = host_of(uri)
    if await hosts.take_turn(db, host, timedelta(days=NODEINFO_DAYS)):
        await jobs.add(db, "meet_host", {"origin": parse(uri).origin}, once=f"meet {host}", host=host)


async def learn_post(node: Node, uri: str, *, refresh: bool = False, below: tuple[str, ...] = ()) -> Post | None:
    """The post with this id: as we know it, else as its origin shows it now, with its author, and what it answers.
    `below` are the posts on the way from which it was asked for.

    None where it is refused, gone, unwanted or not by its alleged author. Raises FetchFailed where later may do.
    """
    async with node.database.pool.acquire() as db:
        known = await posts.find_by_uri(db, uri)
    if known is not None and (known.local or not refresh):
        return known
    if node.urls.ours(uri) or not may_fetch(node, uri):
        return None
    try:
        fetched = await fetch_thing(node, uri)
        return await _keep_post(node, fetched, (*below, uri)) if fetched.url == uri else None
    except FetchGone:
        if known is not None:
            await _delete_post(node, known)
        return None
    except (FetchRefused, BadDocument, Unwanted) as error:
        _log.info("post refused", uri=uri, reason=str(error))
        return None
    except FetchFailed as error:
        if error.temporary:
            raise
        return None


async def look_at_origin(node: Node, uri: str) -> Seen:
    """What the server of an id shows there now, normalised. Nothing of it is kept, nothing deleted. Raises FetchFailed
    when asking later may do better."""
    if node.urls.ours(uri) or not may_fetch(node, uri):
        return Seen(state="silent")
    try:
        fetched = await fetch_thing(node, uri)
        document = normalise.document(fetched.document) if fetched.url == uri else None
    except FetchGone:
        return Seen(state="gone")
    except (FetchRefused, BadDocument) as error:
        _log.info("not shown by its origin", uri=uri, reason=str(error))
        return Seen(state="silent")
    except FetchFailed as error:
        if error.temporary:
            raise
        return Seen(state="silent")
    return Seen(state="there" if document else "silent", document=document)


async def fetch_thing(node: Node, uri: str) -> Fetched:
    """What its own server shows at an id. A Tombstone is as gone as a 410 (FEP-4f05). Raises FetchError."""
    fetched = await fetch_document(node.client, uri, node.signer, node.schemes)
    if fetched.document.get("type") == "Tombstone":
        raise FetchGone(410)
    return fetched


async def learn_key(node: Node, key_id: str) -> tuple[Actor, ActorKey]:
    """The key with this id and the actor who owns it, both from their own server just now.

    Raises SignatureRefused where nobody there owns such a key, FetchError where the answer is not to be had.
    """
    now = datetime.now(UTC)
    address = key_address(key_id)
    fetched = await fetch_document(node.client, address, node.signer, node.schemes)
    found = find_key(fetched.document, key_id=key_id, fetched_from=fetched.url, now=now)
    if isinstance(found, KeyPointer):
        fetched = await fetch_document(node.client, found.actor, node.signer, node.schemes)
        found = confirm_key(found, fetched.document, fetched_from=fetched.url, now=now)
    actor = await keep_actor(node, fetched)
    if actor is None or actor.uri != found.actor:
        raise SignatureRefused(Reason.KEY_OWNER, "the key's owner is no actor we can know")
    return actor, found


def may_fetch(node: Node, uri: str) -> bool:
    """Whether the host of an id is one we federate with; the client asks again at each hop."""
    try:
        return node.policy.may_federate(host_of(uri))
    except BadAddress:
        return False


async def _keep_post(node: Node, fetched: Fetched, below: tuple[str, ...]) -> Post | None:
    document = normalise.document(fetched.document)
    thing = read.thing(document)
    if not trust.owns(thing.attributed_to, document):
        return None
    author = await learn_actor(node, thing.attributed_to)
    if author is None or author.suspended_at or author.host_suspended or author.deleted_at or author.frozen_at:
        return None
    if thing.in_reply_to and thing.in_reply_to not in below and len(below) < THREAD_DEPTH:
        await _learn_parent(node, thing.in_reply_to, below)
    async with node.database.pool.acquire() as db, db.transaction():
        post = await posts.upsert_remote(db, thing, author)
    node.wake()
    return post


async def _learn_parent(node: Node, uri: str, below: tuple[str, ...]) -> None:
    try:
        await learn_post(node, uri, below=below)
    except FetchError as error:
        _log.info("thread incomplete", uri=uri, reason=str(error))


async def _delete_post(node: Node, known: Post) -> None:
    async with node.database.pool.acquire() as db, db.transaction():
        await posts.tombstone(db, known.id)
    node.wake()


async def _handle_host(node: Node, remote: RemoteActor, fetched: Fetched) -> str | None:
    """The host of its handle: that of its id, unless it names another one and that one agrees (cases 15, 16)."""
    claimed = (remote.webfinger or "").rpartition("@")[2].lower()
    if claimed in ("", actors.handle_host(remote.id)):
        return None
    try:
        return (await confirmed_handle(node.client, fetched)).domain
    except FetchError:
        return None


async def _take_over_handle(node: Node, remote: RemoteActor, fetched: Fetched) -> Actor | None:
    """Its handle is known as another actor's: only WebFinger of the handle's own host can have given it away."""
    try:
        handle = await confirmed_handle(node.client, fetched)
    except FetchError as error:
        _log.info("handle refused", uri=remote.id, reason=str(error))
        return None
    try:
        async with node.database.pool.acquire() as db, db.transaction():
            await actors.release_handle(db, handle.name, handle.domain)
            return await actors.upsert_remote(db, remote, host=handle.domain)
    except actors.HandleTaken:
        return None


def _is_fresh(actor: Actor) -> bool:
    age = timedelta(seconds=ACTOR_FRESH_SECONDS)
    return actor.fetched_at is not None and datetime.now(UTC) - actor.fetched_at < age
