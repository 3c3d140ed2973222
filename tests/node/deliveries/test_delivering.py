"""What is owed arrives; a peer that hangs, fails or is gone costs the others nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from msgspec import structs

from federation.build import activities as say
from federation.signatures import verify
from federation.signatures.keys import ActorKey, load_public_key
from federation.signatures.message import SignedRequest
from node.deliveries.delivering import Delivering
from node.node import Node
from node.outbox import new_activity_id, tell
from node.siblings.waking import Bell
from node.store.db import Db
from node.store.queues import deliveries
from node.store.servers import hosts
from schemas.records import Actor
from tests.factories import a_remote_actor, keys, the_hub
from tests.journeys.conftest import eventually
from tests.peer import Peer, Received, hostile_peer

WORKER = 7


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


@asynccontextmanager
async def delivering(node: Node) -> AsyncIterator[Bell]:
    """The loop that delivers, for as long as the block lasts."""
    bell = Bell()
    task = asyncio.create_task(Delivering(node, WORKER).run(bell))
    try:
        yield bell
    finally:
        bell.stop()
        await asyncio.wait_for(task, 30)


async def hub_of(node: Node, db: Db) -> Actor:
    return await the_hub(db, node.urls)


async def say_hello(node: Node, db: Db, *peers: Peer, times: int = 1) -> None:
    """Let the hub say something to the actors of these peers."""
    hub = await hub_of(node, db)
    for number in range(times):
        to = [await a_remote_actor(db, f"bo{number}", host=peer.base_url) for peer in peers]
        _, uri = new_activity_id(node.urls)
        await tell(db, hub, say.block(uri, hub.uri, to[0].uri), audience="direct", to=to)


async def owed(db: Db) -> int:
    return int(await db.fetchval("SELECT count(*) FROM deliveries"))


async def test_what_is_owed_arrives_signed_by_who_said_it(node: Node, db: Db, peer: Peer) -> None:
    await say_hello(node, db, peer)
    async with delivering(node):
        (received,) = await peer.wait_for("/inbox")

        async def settled() -> bool:
            return await owed(db) == 0

        await eventually(settled, "nothing is owed any more")
    hub = await hub_of(node, db)
    assert received.json["actor"] == hub.uri
    verify_received(received, peer, hub)


def verify_received(received: Received, peer: Peer, hub: Actor) -> None:
    request = SignedRequest(method="POST", path_and_query=received.target, headers=received.headers, body=received.body)
    pending = verify.parse(request, peer.base_url, datetime.now(UTC), allow_http=True)
    key = ActorKey(key_id=hub.public_key_id or "", actor=hub.uri, public_key=load_public_key(keys().rsa_public))
    assert pending.signed_by(key).actor == hub.uri


async def test_many_deliveries_all_arrive_once(node: Node, db: Db, peer: Peer) -> None:
    await say_hello(node, db, peer, times=100)
    async with delivering(node):
        received = await peer.wait_for("/inbox", 100)
    assert len({one.json["id"] for one in received}) == len(received) == 100
    assert await owed(db) == 0


async def test_case_65_a_peer_that_hangs_holds_up_nobody_else(node: Node, db: Db, peer: Peer) -> None:
    release = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await release.wait()
        return web.Response(status=202)

    async with hostile_peer("127.0.0.8") as slow:
        slow.answer_with("/inbox", hang)
        await say_hello(node, db, slow, times=50)
        await say_hello(node, db, peer, times=50)
        async with delivering(node):
            await slow.wait_for("/inbox")
            await peer.wait_for("/inbox", 50)
            release.set()
            await slow.wait_for("/inbox", 50)


async def test_each_of_several_processes_takes_its_share_of_the_hosts(node: Node, db: Db) -> None:
    hub, one_of_two = await hub_of(node, db), structs.replace(node.settings, workers=2)
    to = [await a_remote_actor(db, "bo", host=f"http://127.0.1.{number}:9") for number in range(60)]
    _, uri = new_activity_id(node.urls)
    await tell(db, hub, say.block(uri, hub.uri, to[0].uri), audience="direct", to=to)
    first, second = (Delivering(structs.replace(node, settings=one_of_two), worker) for worker in (WORKER, 8))
    shares = [{one.host for one in await process._look()} for process in (first, second, first, second)]
    assert [len(share) for share in shares] == [30, 16, 14, 0]
    assert len(set.union(*shares)) == 60


async def test_a_failing_host_is_left_alone_and_its_deliveries_wait(node: Node, db: Db, peer: Peer) -> None:
    peer.serve("/inbox", b"", status=500)
    await say_hello(node, db, peer, times=40)
    async with delivering(node):

        async def is_open() -> bool:
            found = await hosts.find(db, "127.0.0.7")
            return found is not None and found.open_until is not None

        await eventually(is_open, "the breaker opens")
    assert len(peer.requests("/inbox")) < 40
    assert await owed(db) == 40
    assert await deliveries.due_hosts(db, 10) == []
    assert await db.fetchval("SELECT count(*) FROM deliveries WHERE leased_by IS NOT NULL") == 0


async def test_an_open_host_gets_one_probe_and_all_the_rest_when_it_is_back(node: Node, db: Db, peer: Peer) -> None:
    await say_hello(node, db, peer, times=20)
    async with db.transaction():
        await hosts.lock_breaker(db, "127.0.0.7")
        await hosts.keep_breaker(db, "127.0.0.7", {"state": "open", "until": 0.0, "failures": 10}, 0.0)
    taken = (await Delivering(node, WORKER)._lease("127.0.0.7")).taken or ()
    assert len(taken) == 1
    assert await deliveries.due_hosts(db, 10) == []
    await deliveries.release(db, [one.id for one in taken])
    await db.execute("UPDATE hosts SET open_until = now()")
    async with db.transaction():
        await hosts.keep_breaker(db, "127.0.0.7", {"state": "open", "until": 0.0, "failures": 10}, 0.0)
    async with delivering(node):
        await peer.wait_for("/inbox", 20)
    assert await hosts.find_breaker(db, "127.0.0.7") is None


@pytest.mark.parametrize(("status", "reason"), [(410, "gone"), (404, "status 404"), (403, "status 403")])
async def test_what_a_peer_will_never_take_is_given_up(
    node: Node, db: Db, peer: Peer, status: int, reason: str
) -> None:
    peer.serve("/inbox", b"", status=status)
    await say_hello(node, db, peer)
    async with delivering(node):

        async def given_up() -> bool:
            return bool(await db.fetchval("SELECT last_error FROM deliveries WHERE dead_at IS NOT NULL"))

        await eventually(given_up, "it is given up")
    assert await db.fetchval("SELECT last_error FROM deliveries") == reason
    assert len(peer.requests("/inbox")) == 1


async def test_a_blocked_host_is_told_nothing(node: Node, db: Db, peer: Peer) -> None:
    await say_hello(node, db, peer)
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', '127.0.0.7', 'executed')"
    )
    await node.policy.refresh(db)
    async with delivering(node):

        async def given_up() -> bool:
            return bool(await db.fetchval("SELECT last_error FROM deliveries WHERE dead_at IS NOT NULL"))

        await eventually(given_up, "it is given up")
    assert peer.received == []


async def test_the_text_that_arrives_is_the_text_that_was_kept(node: Node, db: Db, peer: Peer) -> None:
    await say_hello(node, db, peer)
    async with delivering(node):
        (received,) = await peer.wait_for("/inbox")
    assert json.loads(await db.fetchval("SELECT document FROM activities")) == received.json
    assert received.body.decode() == await db.fetchval("SELECT document FROM activities")
