"""Followers synchronisation at the door: each server learns of its own people only, and what it claims is compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from federation.followers_sync import HEADER, Claim, digest, header
from federation.signatures.pending import Scheme
from node.remote import learn_actor
from node.store.people import follows
from schemas.limits import SYNC_COUNT
from schemas.records import Actor
from tests.factories import a_member, a_remote_actor
from tests.node.activitypub.conftest import Served
from tests.peer import Answer, Peer


async def known(served: Served, peer: Peer) -> Actor:
    found = await learn_actor(served.node, peer.actor_id)
    assert found is not None
    return found


async def follower(served: Served, name: str, of: Actor, *, accepted: bool = True) -> Actor:
    """A member who follows somebody."""
    async with served.node.database.pool.acquire() as db:
        member = (await a_member(db, name, urls=served.node.urls)).actor
        await follows.insert(db, member.id, of.id, f"{member.uri}/follows/1", accepted=accepted)
    return member


async def looks(served: Served) -> list[dict[str, Any]]:
    """What is to be compared."""
    async with served.node.database.pool.acquire() as db:
        rows = await db.fetch("SELECT arguments FROM jobs WHERE kind = 'sync_followers'")
    return [row["arguments"] for row in rows]


async def says(served: Served, peer: Peer, number: int, *, scheme: Scheme = Scheme.DRAFT, **claims: str) -> Answer:
    """The peer sends something with this header, which its signature covers."""
    usual = {"collection": peer.actor["followers"], "url": peer.url("/sync"), "digest": digest(())}
    said = {"id": peer.url(f"/likes/{number}"), "type": "Like", "actor": peer.actor_id, "object": served.hub.uri}
    body = json.dumps(said).encode()
    told = {HEADER: header(Claim(**(usual | claims))), "Content-Type": "application/activity+json"}
    return await peer.post(
        served.inbox, body, headers=peer.sign("POST", served.inbox, body, headers=told, scheme=scheme), signed=False
    )


async def test_a_server_is_told_of_its_own_people_only(served: Served, peer: Peer) -> None:
    mallory = await known(served, peer)
    async with served.node.database.pool.acquire() as db:
        neighbour = await a_remote_actor(db, host=peer.base_url)
        pending = await a_remote_actor(db, host=peer.base_url)
        near = await a_remote_actor(db, host=peer.base_url[:-1])
        far = await a_remote_actor(db)
        for one in (mallory, neighbour, near, far, pending):
            await follows.insert(db, one.id, served.hub.id, f"{one.uri}/f", accepted=one is not pending)
    address = served.url("/actors/hub/followers_synchronization")
    answer = await peer.get(address)
    assert (answer.status, answer.json["orderedItems"]) == (200, sorted([mallory.uri, neighbour.uri]))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert (await peer.get(address, signed=False)).status == 401


@pytest.mark.parametrize("scheme", Scheme)
async def test_where_both_sides_agree_nothing_is_done_else_a_job_looks_once(
    served: Served, peer: Peer, scheme: Scheme
) -> None:
    member = await follower(served, "ana", await known(served, peer))
    assert (await says(served, peer, 1, digest=digest([member.uri]), scheme=scheme)).status == 202
    assert await looks(served) == []
    for number in range(2, 4):
        assert (await says(served, peer, number, scheme=scheme)).status == 202
    (asked,) = await looks(served)
    assert asked["url"] == peer.url("/sync")


@pytest.mark.parametrize(
    "claims",
    [
        {"collection": "https://far.example/users/ana/followers"},
        {"url": "https://far.example/sync"},
        {"url": "http://127.0.0.1:1/sync"},
    ],
)
async def test_what_is_not_the_signers_own_is_not_heard(served: Served, peer: Peer, claims: dict[str, str]) -> None:
    await follower(served, "ana", await known(served, peer))
    assert (await says(served, peer, 1, **claims)).status == 202
    assert await looks(served) == []


async def test_a_header_that_is_not_signed_is_not_heard(served: Served, peer: Peer) -> None:
    await follower(served, "ana", await known(served, peer))
    said = {"id": peer.url("/likes/1"), "type": "Like", "actor": peer.actor_id, "object": served.hub.uri}
    claim = Claim(collection=peer.actor["followers"], url=peer.url("/sync"), digest=digest(()))
    assert (await peer.post(served.inbox, said, headers={HEADER: header(claim)})).status == 202
    assert await looks(served) == []


async def test_one_actor_causes_only_so_many_comparisons(served: Served, peer: Peer) -> None:
    await follower(served, "ana", await known(served, peer))
    asked = 0
    for number in range(SYNC_COUNT + 2):
        await says(served, peer, number)
        asked += len(await looks(served))
        async with served.node.database.pool.acquire() as db:
            await db.execute("DELETE FROM jobs WHERE kind = 'sync_followers'")
    assert asked == SYNC_COUNT
