"""Who signed this request: the key from memory, from the database, or from its owner's server, within bounds.

The order matters: form, freshness and digest first, then whether we federate with the host, and only then the network.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta

import msgspec
import structlog
from aiohttp import web

from federation.addresses import BadAddress, host_of
from federation.outcomes import FetchError, FetchFailed
from federation.signatures import verify
from federation.signatures.keys import ActorKey, load_public_key
from federation.signatures.message import SignedRequest
from federation.signatures.pending import PendingSignature
from federation.signatures.refusal import Reason, SignatureRefused
from node.activitypub.holding import Waits
from node.errors import Forbidden, NodeError, Unauthorized
from node.node import Node
from node.remote import learn_key
from node.store.people import actors
from node.web.limits import Limiter, Rate
from schemas.limits import (
    KEY_FETCH_COUNT,
    KEY_FETCH_SECONDS,
    KEY_FETCHES,
    KEY_FETCHES_PER_HOST,
    KEY_REFETCH_SECONDS,
    KEY_SECONDS,
    KEYS_KEPT,
    KEYS_KEPT_SECONDS,
)
from schemas.records import Actor

Aside = Callable[[bool], AbstractAsyncContextManager[None]]
"""Makes blocks in which another server is waited for; told whether it is asked because of that, or is being asked."""


def stay(_asks: bool) -> AbstractAsyncContextManager[None]:
    """Nothing is given up while another server is waited for."""
    return nullcontext()


FETCH_RATE = Rate(count=KEY_FETCH_COUNT, seconds=KEY_FETCH_SECONDS)

_log = structlog.get_logger("node.signed")


class KeyAway(NodeError):
    """The key cannot be had now: the sender should try again."""

    status = 503
    message = "Your key could not be fetched. Please try again later."


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A verified signer: the actor, as we know it, and the host of the key."""

    actor: Actor
    host: str


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    actor: Actor
    key: ActorKey
    until: float


class Keys:
    """The public keys used lately, and the look-ups under way. One per process."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._fetches: dict[str, asyncio.Task[tuple[Actor, ActorKey]]] = {}
        self._limiter = Limiter()
        self._hosts: Counter[str] = Counter()

    async def known(self, key_id: str) -> tuple[Actor, ActorKey] | None:
        """The key as we have it."""
        kept = self._kept.get(key_id)
        if kept is not None and kept.until > time.monotonic():
            self._kept.move_to_end(key_id)
            return kept.actor, kept.key
        async with self._node.database.pool.acquire() as db:
            actor = await actors.find_by_key(db, key_id)
        if actor is None:
            return None
        text = actor.public_key if actor.public_key_id == key_id else actor.multikey
        if text is None:
            return None
        key = ActorKey(key_id=key_id, actor=actor.uri, public_key=load_public_key(text))
        self._keep(actor, key)
        return actor, key

    async def fetch(self, key_id: str, host: str, aside: Aside = stay) -> tuple[Actor, ActorKey]:
        """The key from its owner's server. However many wait for the same one, it is asked for once."""
        async with aside(key_id not in self._fetches):
            return await asyncio.shield(self._fetching(key_id, host))

    def _fetching(self, key_id: str, host: str) -> asyncio.Task[tuple[Actor, ActorKey]]:
        task = self._fetches.get(key_id)
        if task is None:
            if (
                len(self._fetches) >= KEY_FETCHES
                or self._hosts[host] >= KEY_FETCHES_PER_HOST
                or self._limiter.wait("key", host, FETCH_RATE)
            ):
                raise KeyAway
            task = asyncio.create_task(self._fetch(key_id, host))
            self._fetches[key_id] = task
            task.add_done_callback(lambda _: self._fetches.pop(key_id, None))
        return task

    def forget(self, key_id: str) -> None:
        """Look into the database for this key next time."""
        self._kept.pop(key_id, None)

    async def _fetch(self, key_id: str, host: str) -> tuple[Actor, ActorKey]:
        self._hosts[host] += 1
        try:
            async with asyncio.timeout(KEY_SECONDS):
                actor, key = await learn_key(self._node, key_id)
        except TimeoutError as error:
            raise KeyAway from error
        except FetchError as error:
            _log.info("key not fetched", key=key_id, reason=str(error))
            if isinstance(error, FetchFailed) and error.temporary:
                raise KeyAway from error
            raise SignatureRefused(Reason.KEY_UNKNOWN, "the key is not to be had") from error
        finally:
            self._hosts[host] -= 1
            if not self._hosts[host]:
                del self._hosts[host]
        self._keep(actor, key)
        return actor, key

    def _keep(self, actor: Actor, key: ActorKey) -> None:
        """Not of whom a measure hides: it may end at any moment."""
        if actor.suspended_at or actor.host_suspended:
            self._kept.pop(key.key_id, None)
            return
        self._kept[key.key_id] = _Kept(actor=actor, key=key, until=time.monotonic() + KEYS_KEPT_SECONDS)
        self._kept.move_to_end(key.key_id)
        if len(self._kept) > KEYS_KEPT:
            self._kept.popitem(last=False)


KEYS = web.AppKey("keys", Keys)


def read_signature(node: Node, request: web.Request, body: bytes) -> tuple[PendingSignature, str]:
    """All that can be said without the key, and the host it belongs to. Raises Unauthorized, Forbidden, and Waits where
    somebody has to look at the host first."""
    pending, host = _parsed(node, request, body)
    if node.policy.waits(host) and not node.urls.ours(pending.key_id):
        raise Waits(pending, host)
    if node.urls.ours(pending.key_id) or not node.policy.may_federate(host):
        raise Forbidden("This hub does not federate with {host}.", host=host)
    return pending, host


def check_own(node: Node, request: web.Request, body: bytes) -> PendingSignature:
    """Return if this server's own instance actor signed the request, which says nothing about anybody else and is no
    way in (see `mirror.py`). Raises Unauthorized."""
    pending, _ = _parsed(node, request, body)
    own = node.instance
    if own.public_key_id is None or own.public_key is None or pending.key_id != own.public_key_id:
        raise Unauthorized("That is not this server's own key.")
    try:
        pending.verify(load_public_key(own.public_key))
    except SignatureRefused as refused:
        raise _unauthorized(refused) from refused
    return pending


def _parsed(node: Node, request: web.Request, body: bytes) -> tuple[PendingSignature, str]:
    signed = SignedRequest(
        method=request.method,
        path_and_query=request.raw_path,
        headers=list(request.headers.items()),
        body=body,
    )
    settings = node.settings
    try:
        pending = verify.parse(signed, settings.base_url, datetime.now(UTC), allow_http=settings.allow_http)
        return pending, host_of(pending.key_id)
    except SignatureRefused as refused:
        raise _unauthorized(refused) from refused
    except BadAddress as error:
        raise Unauthorized("The key id is no address.") from error


async def verified(keys: Keys, pending: PendingSignature, host: str, aside: Aside = stay) -> Signed:
    """The signer; Unauthorized if it is not, Forbidden if it may not speak here, KeyAway if nobody can tell now.
    Another server is waited for inside of `aside`.

    A key that does not fit may have been changed: it is asked for once more, unless we looked just now.
    """
    try:
        found = await keys.known(pending.key_id)
        if found is None:
            found = await keys.fetch(pending.key_id, host, aside)
            pending.signed_by(found[1])
        else:
            found = await _verify_or_refetch(keys, pending, host, found, aside)
    except SignatureRefused as refused:
        raise _unauthorized(refused) from refused
    actor = found[0]
    if (actor.suspended_at and not actor.suspended_there) or actor.host_suspended or actor.deleted_at:
        raise Forbidden("This actor may not speak here.")
    return Signed(actor=actor, host=host)


async def _verify_or_refetch(
    keys: Keys, pending: PendingSignature, host: str, found: tuple[Actor, ActorKey], aside: Aside
) -> tuple[Actor, ActorKey]:
    try:
        pending.signed_by(found[1])
    except SignatureRefused:
        if not _is_old(found[0]):
            raise
    else:
        return found
    found = await keys.fetch(pending.key_id, host, aside)
    pending.signed_by(found[1])
    return found


def _is_old(actor: Actor) -> bool:
    age = timedelta(seconds=KEY_REFETCH_SECONDS)
    return actor.fetched_at is None or datetime.now(UTC) - actor.fetched_at > age


def _unauthorized(refused: SignatureRefused) -> Unauthorized:
    return Unauthorized("The signature was not accepted: {reason}.", reason=refused.detail)
