"""Where the hub asks first: what a server says that nobody has looked at is held, unread, and then taken or dropped."""

from __future__ import annotations

import pytest

from federation.outcomes import FetchFailed
from node.actions import servers
from node.jobs.taking_held import take_held
from node.store.servers import held, hosts
from schemas.limits import HELD_BYTES, HELD_PER_HOST
from tests.factories import a_member
from tests.node.activitypub.conftest import Served
from tests.node.activitypub.test_inbox import a_follow, arrived
from tests.peer import Peer

HOST = "127.0.0.7"


@pytest.fixture
async def asking(served: Served) -> Served:
    """The hub asks first, and knows nobody."""
    async with served.node.database.pool.acquire() as db:
        await db.execute("UPDATE hub SET federation_mode = 'ask'")
        await served.node.policy.refresh(db)
    return served


async def waiting(served: Served) -> int:
    async with served.node.database.pool.acquire() as db:
        return (await held.heap(db, HOST)).number


async def test_case_122_what_an_unknown_server_says_is_held_without_any_fetch(asking: Served, peer: Peer) -> None:
    for _ in range(2):
        assert (await peer.post(asking.inbox, a_follow(peer, asking))).status == 202
    assert await arrived(asking) == []
    assert await waiting(asking) == 1
    assert peer.received == []
    async with asking.node.database.pool.acquire() as db:
        known = await hosts.find(db, HOST)
    assert known and known.waits_since


async def test_what_was_held_is_taken_once_somebody_lets_the_server_in(asking: Served, peer: Peer) -> None:
    said = a_follow(peer, asking)
    await peer.post(asking.inbox, said)
    async with asking.node.database.pool.acquire() as db:
        steward = await a_member(db, "ana", roles=("steward",), urls=asking.node.urls)
        await servers.let_in(db, steward, HOST)
    await take_held(asking.node, HOST)
    assert await arrived(asking) == [said["id"]]
    assert await waiting(asking) == 0
    assert (await peer.post(asking.inbox, a_follow(peer, asking, 2))).status == 202
    assert len(await arrived(asking)) == 2


async def test_what_was_held_under_a_false_signature_is_thrown_away(asking: Served, peer: Peer) -> None:
    await peer.post(asking.inbox, a_follow(peer, asking))
    async with asking.node.database.pool.acquire() as db:
        await db.execute('UPDATE held SET signature = replace(signature, \'"signature":"\', \'"signature":"AAAA\')')
        await hosts.decide(db, HOST, let_in=True)
    await take_held(asking.node, HOST)
    assert await arrived(asking) == []
    assert await waiting(asking) == 0


async def test_a_server_that_was_kept_out_is_refused_and_forgotten(asking: Served, peer: Peer) -> None:
    await peer.post(asking.inbox, a_follow(peer, asking))
    async with asking.node.database.pool.acquire() as db:
        steward = await a_member(db, "ana", roles=("steward",), urls=asking.node.urls)
        await servers.keep_out(db, steward, HOST)
        await asking.node.policy.refresh(db)
    assert await waiting(asking) == 0
    assert (await peer.post(asking.inbox, a_follow(peer, asking))).status == 403
    assert await waiting(asking) == 0


async def test_what_is_held_is_bounded(asking: Served, peer: Peer) -> None:
    large = a_follow(peer, asking) | {"content": "x" * HELD_BYTES}
    assert (await peer.post(asking.inbox, large)).status == 403
    async with asking.node.database.pool.acquire() as db:
        for number in range(HELD_PER_HOST):
            assert await held.insert(db, HOST, "{}", str(number))
    assert (await peer.post(asking.inbox, a_follow(peer, asking))).status == 503
    assert await waiting(asking) == HELD_PER_HOST


async def test_what_is_held_waits_on_while_the_keys_are_not_to_be_had(asking: Served, peer: Peer) -> None:
    await peer.post(asking.inbox, a_follow(peer, asking))
    async with asking.node.database.pool.acquire() as db:
        await hosts.decide(db, HOST, let_in=True)
    peer.serve(f"/users/{peer.name}", b"", status=503)
    with pytest.raises(FetchFailed):
        await take_held(asking.node, HOST)
    assert await waiting(asking) == 1
