"""Followers synchronisation at the door (FEP-8fcf): we tell a server which of its people follow, and hear what another
one believes of ours."""

from __future__ import annotations

from aiohttp import web

from federation.addresses import host_of, same_origin
from federation.build import collection as build
from federation.followers_sync import HEADER, Claim, digest, read_header
from federation.signatures.key_ids import origin_of
from federation.signatures.pending import PendingSignature
from node.activitypub.actor import local_actor
from node.activitypub.answers import asker, document
from node.errors import NotFound, Unauthorized
from node.store.people import followers
from node.store.queues import jobs
from node.web.handlers import reading
from node.web.keys import LIMITER, NODE
from node.web.limits import Rate
from schemas.limits import SYNC_COUNT, SYNC_FOLLOWERS, SYNC_SECONDS
from schemas.records import Actor

RATE = Rate(count=SYNC_COUNT, seconds=SYNC_SECONDS)


async def show_synchronization(request: web.Request) -> web.Response:
    """The followers of the asker's own server; Unauthorized for who does not sign."""
    who = await asker(request)
    origin = origin_of(who.uri) if who else None
    if origin is None:
        raise Unauthorized
    async with reading(request) as db:
        actor = await local_actor(request, db)
        if actor.deleted_at:
            raise NotFound
        found = await followers.list_of_origin(db, actor.id, origin, SYNC_FOLLOWERS)
    here = request.app[NODE].urls.followers_synchronization(actor.uri)
    return document(request, build.collection(here, items=sorted(found), owner=actor.uri))


async def compare(request: web.Request, pending: PendingSignature, signer: Actor) -> None:
    """Hear how many of ours a signer believes to follow it; where we do not agree a job looks. What its signature does
    not cover, or is about somebody else's followers, is not heard."""
    claim = read_header(request.headers.get(HEADER, ""))
    if claim is None or HEADER.lower() not in pending.covered or not _own(claim, signer):
        return
    async with reading(request) as db:
        if digest(await followers.list_here(db, signer.id)) == claim.digest:
            return
        if request.app[LIMITER].wait("followers", signer.uri, RATE):
            return
        arguments = {"actor_id": signer.id, "url": claim.url}
        await jobs.add(db, "sync_followers", arguments, once=f"followers of {signer.id}", host=host_of(signer.uri))
    request.app[NODE].wake()


def _own(claim: Claim, signer: Actor) -> bool:
    return signer.followers is not None and claim.collection == signer.followers and same_origin(claim.url, signer.uri)
