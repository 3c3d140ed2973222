"""What other servers run: asked once somebody there is met, and once a week."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from node.jobs.meeting_hosts import meet_host
from node.node import Node
from node.remote import learn_actor
from node.store.db import Db
from node.store.queues import jobs
from node.store.servers import hosts
from schemas.records import Host, Job
from tests.peer import Peer, hostile_peer

WORKER = 3


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


async def asked(db: Db) -> list[Job]:
    """The jobs that are due."""
    return await jobs.lease(db, WORKER, 10, 10)


async def known(db: Db, host: str = "127.0.0.7") -> Host:
    found = await hosts.find(db, host)
    assert found is not None
    return found


async def test_a_server_is_asked_once_when_somebody_there_is_met(node: Node, db: Db, peer: Peer) -> None:
    peer.nodeinfo["software"] = {"name": "mastodon", "version": "4.6.0"}
    for _ in range(2):
        await learn_actor(node, peer.actor_id, refresh=True)
    (job,) = await asked(db)
    assert (job.kind, job.host, job.arguments) == ("meet_host", "127.0.0.7", {"origin": peer.base_url})
    await meet_host(node, **job.arguments)
    found = await known(db)
    assert (found.software, found.version, found.is_hub) == ("mastodon", "4.6.0", False)
    await jobs.finish(db, job.id)
    await db.execute("UPDATE hosts SET nodeinfo_at = now() - interval '6 days'")
    await learn_actor(node, peer.actor_id, refresh=True)
    assert await asked(db) == []
    await db.execute("UPDATE hosts SET nodeinfo_at = now() - interval '8 days'")
    await learn_actor(node, peer.actor_id, refresh=True)
    assert [one.kind for one in await asked(db)] == ["meet_host"]


async def test_a_hub_is_known_by_what_its_nodeinfo_names(node: Node, db: Db, peer: Peer) -> None:
    peer.nodeinfo["metadata"] = {"coop": {"hub": peer.url("/actors/hub")}}
    assert await hosts.take_turn(db, "127.0.0.7", timedelta(days=7))
    await meet_host(node, peer.base_url)
    assert (await known(db)).is_hub
    peer.nodeinfo["metadata"] = {"coop": {"hub": "https://elsewhere.example/actors/hub"}}
    await meet_host(node, peer.base_url)
    assert not (await known(db)).is_hub


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/nodeinfo/2.1", b"{" * 9000),
        ("/nodeinfo/2.1", b'{"software": {"name": 5}}'),
        ("/.well-known/nodeinfo", b'{"links": [{"rel": "x", "href": "http://127.0.0.1:1/"}]}'),
        ("/nodeinfo/2.1", b" " * 5_000_000),
    ],
)
async def test_what_is_no_nodeinfo_leaves_nothing(node: Node, db: Db, peer: Peer, path: str, answer: bytes) -> None:
    await learn_actor(node, peer.actor_id)
    peer.serve(path, answer, content_type="application/json")
    await meet_host(node, peer.base_url)
    found = await known(db)
    assert (found.software, found.version, found.is_hub) == (None, None, False)


async def test_strange_words_are_cleaned(node: Node, db: Db, peer: Peer) -> None:
    await learn_actor(node, peer.actor_id)
    peer.nodeinfo["software"] = {"name": "<b>Evil</b>", "version": "1\u202e.0\n" + "9" * 10_000}
    await meet_host(node, peer.base_url)
    found = await known(db)
    assert found.software is None and found.version is not None
    assert found.version.startswith("1.0 9") and len(found.version) == 500


async def test_a_suspended_server_is_not_asked(node: Node, db: Db, peer: Peer) -> None:
    await learn_actor(node, peer.actor_id)
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', '127.0.0.7', 'executed')"
    )
    await node.policy.refresh(db)
    before = len(peer.received)
    await meet_host(node, peer.base_url)
    assert len(peer.received) == before and (await known(db)).software is None
