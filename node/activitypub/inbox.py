"""The inbox: check who speaks, keep what they said, answer at once. What it does is worked out later (`arriving.py`).

Nothing is parsed before its size is known to be small and its signature over the raw bytes is known to be good."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import structlog
from aiohttp import web

from federation import bounded_json
from federation.addresses import BadAddress, canonical, host_of, same_origin
from federation.bounded_json import BadJson
from federation.followers_sync import HEADER
from federation.signatures.pending import PendingSignature
from federation.signatures.refusal import SignatureRefused
from node.activitypub.followers import compare
from node.activitypub.holding import Waits, hold
from node.activitypub.proofs import proves
from node.activitypub.signed import KEYS, Signed, read_signature, verified
from node.arrivals.arriving import Arriving
from node.errors import Forbidden, NodeError, NotFound, Unauthorized
from node.inbox import RECEIVERS
from node.node import Node
from node.store.batches import Batches
from node.store.people import actors
from node.store.queues import arrivals, jobs
from node.store.queues.arrivals import NewArrival, unnamed
from node.web.handlers import reading
from node.web.keys import LIMITER, NODE
from node.web.limits import Rate
from node.web.overload import GATE, PLACE, Work
from node.web.places import Place
from schemas.limits import (
    ARRIVALS_BATCH,
    DOCUMENT_BYTES,
    FORWARDED_COUNT,
    FORWARDED_SECONDS,
    INBOX_BODY_SECONDS,
    INBOX_LARGE_BYTES,
)

FORWARDED_RATE = Rate(count=FORWARDED_COUNT, seconds=FORWARDED_SECONDS)

ARRIVING = web.AppKey("arriving", Batches[NewArrival])

_log = structlog.get_logger("node.inbox")


class TooLarge(NodeError):
    """The body has more bytes than any activity needs."""

    status = 413
    message = "That is too large."


class TooSlow(NodeError):
    """The body did not come in time."""

    status = 408
    message = "That did not come in time."


class BadActivity(NodeError):
    """The body is no activity; which rule it breaks is for the sender's developers."""

    status = 400
    message = "This is not an activity: {reason}."


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the door must know of an activity: everything else waits. Some have no id (Mastodon's Add, GoToSocial's
    Delete): they are transient."""

    id: str | None
    type: str
    actor: str
    object_id: str | None
    document: dict[str, Any]


@asynccontextmanager
async def keep_arrivals(node: Node, worker: Arriving | None = None) -> AsyncIterator[Batches[NewArrival]]:
    """What keeps verified activities, those of many requests in one transaction; at the end all are kept. The worker of
    this process, if it has one, begins at once with what it may."""

    async def keep(new: Sequence[NewArrival]) -> None:
        if worker is None or worker.room < len(new):
            async with node.database.pool.acquire() as db:
                waiting = await arrivals.insert_many(db, new)
        else:
            async with node.database.pool.acquire() as db:
                kept = await arrivals.insert_and_take(db, new, worker.takers)
            worker.share(kept.taken)
            waiting = kept.left
        if waiting:
            node.wake_for_arrivals()

    batches = Batches[NewArrival](keep, ARRIVALS_BATCH)
    yield batches
    await batches.close()


async def receive(request: web.Request) -> web.Response:
    """POST /inbox and every actor's inbox: 202 once the activity is committed, else why not."""
    place = request[PLACE]
    body = await _body(request, place)
    work = request.app[GATE].work(place, body)
    async with work:  # not before: what somebody does not send would keep all waiting
        await request.app[NODE].precedence.give_way()
        return await _receive(request, body, work)


async def _receive(request: web.Request, body: bytes, work: Work) -> web.Response:
    if "name" in request.match_info:
        await _check_owner(request)
    node, keys = request.app[NODE], request.app[KEYS]
    try:
        pending, host = read_signature(node, request, body)
    except Waits as waits:
        return await hold(request, waits, body)
    try:
        if await keys.known(pending.key_id) is None and _is_farewell(body, pending):
            node.tallies.count(host, "Delete", "unknown actor")
            return web.Response(status=202)
        signed = await verified(keys, pending, host, work.aside)
        request.app[GATE].places.heard(request[PLACE].who)
        said = read_activity(body)
    except NodeError as error:
        node.tallies.count(host, "", f"inbox {error.status}")
        words = f"{error.status} {error.message.format_map(error.values)} (key {pending.key_id})"
        node.traces.note("in", host, _id_of(body), words, fine=False)
        raise
    node.traces.note(
        "in", host, said.id or "", f"{pending.scheme} signature by {pending.key_id} holds", fine=True, kind=said.type
    )
    if said.actor == signed.actor.uri and HEADER in request.headers:
        await compare(request, pending, signed.actor)
    return await _take(request, signed, said, body, work)


def read_activity(body: bytes) -> Said:
    """The parts of an activity that decide at the door; BadActivity if there is any doubt about them (case 103)."""
    try:
        document = bounded_json.decode_object(body)
    except BadJson as error:
        raise BadActivity(reason="unreadable JSON") from error
    kind, actor = _only(document.get("type")), _reference(document.get("actor"))
    if kind is None or actor is None:
        raise BadActivity(reason="it needs one type and one actor")
    given = document.get("id")
    try:
        if given is not None and not (isinstance(given, str) and same_origin(given, actor)):
            raise BadActivity(reason="its id and its actor must be of one origin")
        return Said(
            id=canonical(given) if given is not None else None,
            type=kind,
            actor=canonical(actor),
            object_id=_reference(document.get("object")),
            document=document,
        )
    except BadAddress as error:
        raise BadActivity(reason="id or actor is no address") from error


async def _body(request: web.Request, place: Place) -> bytes:
    """At most DOCUMENT_BYTES, whatever Content-Length promises (case 56), and within INBOX_BODY_SECONDS. What is large
    has room in memory before it comes."""
    promised = request.content_length or 0
    if promised > DOCUMENT_BYTES:
        raise TooLarge
    if request.content.is_eof():
        return await _read(request, place)
    if promised > INBOX_LARGE_BYTES:
        place.hold(promised)
    try:
        async with place.waiting(INBOX_BODY_SECONDS):
            return await _read(request, place)
    except TimeoutError as error:
        raise TooSlow from error


async def _read(request: web.Request, place: Place) -> bytes:
    pieces, size = [], 0
    while piece := await request.content.readany():
        size += len(piece)
        if size > DOCUMENT_BYTES:
            raise TooLarge
        if size > INBOX_LARGE_BYTES and size > place.bytes:
            place.hold(size)
        pieces.append(piece)
    return b"".join(pieces)


async def _check_owner(request: web.Request) -> None:
    node = request.app[NODE]
    uri = node.urls.base_url + request.path.removesuffix("/inbox")
    async with reading(request) as db:
        owner = await actors.find(db, uri)
    if owner is None or not owner.local or owner.deleted_at:
        raise NotFound


def _is_farewell(body: bytes, pending: PendingSignature) -> bool:
    """A Delete of itself by an actor we do not know: nothing to do, and no key to be had any more."""
    try:
        said = read_activity(body)
    except BadActivity:
        return False
    return said.type == "Delete" and said.object_id == said.actor and same_origin(pending.key_id, said.actor)


async def _take(request: web.Request, signed: Signed, said: Said, body: bytes, work: Work) -> web.Response:
    node = request.app[NODE]
    if said.type not in RECEIVERS:
        node.tallies.count(signed.host, said.type, "unknown type")
        return web.Response(status=202)
    if said.actor != signed.actor.uri and not await _is_proved(request, said, work):
        await _queue_look(request, signed, said)
        return web.Response(status=202)
    # Without an id it is known again by its signature: the same request again is no second activity (case 31).
    uri = said.id or unnamed(said.actor, body, *request.headers.getall("Signature"))
    arrival = NewArrival(
        uri=uri,
        type=said.type,
        actor_uri=said.actor,
        host=host_of(said.actor),
        body=body.decode(),
        document=said.document if len(body) <= INBOX_LARGE_BYTES else None,
    )
    await request.app[ARRIVING].put(arrival)
    return web.Response(status=202)


async def _is_proved(request: web.Request, said: Said, work: Work) -> bool:
    """Whether the actor itself signed the activity, whoever brings it (FEP-8b32)."""
    if "proof" not in said.document or not request.app[NODE].policy.may_federate(host_of(said.actor)):
        return False
    try:
        await proves(request.app[KEYS], request.app[NODE], said.document, said.actor, work.aside)
    except (SignatureRefused, Unauthorized, Forbidden) as refused:
        _log.info("proof refused", actor=said.actor, reason=str(refused))
        return False
    return True


async def _queue_look(request: web.Request, signed: Signed, said: Said) -> None:
    """Brought by somebody else and not proved: the body is forgotten, its object is looked at where it lives, and no
    more often than is bearable (cases 1, 9)."""
    node = request.app[NODE]
    node.tallies.count(signed.host, said.type, "forwarded")
    if said.object_id is None or said.type not in ("Create", "Update", "Delete"):
        return
    try:
        uri = canonical(said.object_id)
    except BadAddress:
        return
    if node.urls.ours(uri) or not node.policy.may_federate(host_of(uri)):
        return
    if request.app[LIMITER].wait("forwarded", signed.host, FORWARDED_RATE):
        node.tallies.count(signed.host, said.type, "forwarded too much")
        return
    async with node.database.pool.acquire() as db:
        await jobs.add(db, "recheck", {"uri": uri}, once=f"recheck {uri}", host=host_of(uri))
    node.wake()


def _id_of(body: bytes) -> str:
    """The id that a refused body claims, to find it again; nothing more of it is believed."""
    try:
        return read_activity(body).id or ""
    except BadActivity:
        return ""


def _only(value: object) -> str | None:
    """A text, or a list of one text: never the first of several."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, str) else None


def _reference(value: object) -> str | None:
    """An id, or the id of what is embedded."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else None
