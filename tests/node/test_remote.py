"""Getting to know actors and posts of other servers: from their own origin, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from federation.outcomes import FetchFailed
from node.jobs.rechecking import recheck
from node.node import Node
from node.remote import learn_actor, learn_post
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from schemas.limits import THREAD_DEPTH
from tests.factories import the_hub
from tests.peer import Peer, hostile_peer


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


def a_note(peer: Peer, name: str = "1", **fields: Any) -> str:
    """A note on the peer; its address."""
    uri = peer.url(f"/notes/{name}")
    note = {
        "id": uri,
        "type": "Note",
        "attributedTo": peer.actor_id,
        "content": "<p>hello</p>",
        "published": "2026-03-01T10:00:00Z",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
    }
    return peer.serve(f"/notes/{name}", note | fields)


async def test_an_actor_is_fetched_once_and_remembered(node: Node, peer: Peer) -> None:
    first = await learn_actor(node, peer.actor_id)
    again = await learn_actor(node, peer.actor_id)
    assert first is not None
    assert first == again
    assert (first.name, first.host) == (peer.name, peer.domain)
    assert len(peer.requests(f"/users/{peer.name}")) == 1


async def test_an_actor_is_looked_at_again_when_asked_or_after_a_day(node: Node, db: Db, peer: Peer) -> None:
    await learn_actor(node, peer.actor_id)
    peer.actor["name"] = "Renamed"
    renewed = await learn_actor(node, peer.actor_id, refresh=True)
    assert renewed is not None
    assert renewed.display_name == "Renamed"
    peer.actor["name"] = "Renamed again"
    await db.execute("UPDATE actors SET fetched_at = now() - interval '25 hours' WHERE NOT local")
    renewed = await learn_actor(node, peer.actor_id)
    assert renewed is not None
    assert renewed.display_name == "Renamed again"


async def test_our_own_actors_are_never_fetched(node: Node, db: Db, peer: Peer) -> None:
    hub = await the_hub(db)
    assert await learn_actor(node, hub.uri) == await actors.get(db, hub.id)
    assert await learn_actor(node, node.urls.actor("nobody")) is None


async def test_every_get_is_signed_by_the_instance_actor(node: Node, peer: Peer) -> None:
    await learn_actor(node, peer.actor_id)
    (asked,) = peer.requests(f"/users/{peer.name}")
    assert f'keyId="{node.urls.instance_actor}#main-key"' in (asked.header("Signature") or "")


async def test_case_2_what_belongs_elsewhere_is_not_taken_from_here(node: Node, db: Db, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        lie = peer.serve("/users/good", good.actor | {"name": "Forged"})
        assert await learn_actor(node, lie) is None
        assert await actors.find(db, lie) is None


async def test_case_123_a_blocked_host_is_not_asked(node: Node, db: Db, peer: Peer) -> None:
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', '127.0.0.7', 'executed')"
    )
    await node.policy.refresh(db)
    assert await learn_actor(node, peer.actor_id) is None
    assert await learn_post(node, a_note(peer)) is None
    assert peer.received == []


async def test_what_may_be_there_later_is_told_from_what_is_gone(node: Node, peer: Peer) -> None:
    peer.serve("/users/tired", b"", status=503)
    with pytest.raises(FetchFailed):
        await learn_actor(node, peer.url("/users/tired"))
    assert await learn_actor(node, peer.url("/users/nobody")) is None


async def test_case_16_a_handle_changes_hands_only_if_its_host_says_so(node: Node, db: Db, peer: Peer) -> None:
    old = await learn_actor(node, peer.actor_id)
    assert old is not None
    heir = peer.actor | {"id": peer.url("/users/heir"), "publicKey": None}
    peer.serve("/users/heir", heir)
    assert await learn_actor(node, peer.url("/users/heir")) is None
    peer.jrd["links"] = [{"rel": "self", "type": "application/activity+json", "href": peer.url("/users/heir")}]
    found = await learn_actor(node, peer.url("/users/heir"))
    assert found is not None
    assert found.name == peer.name
    assert (await actors.get(db, old.id)).name != peer.name


async def test_case_15_a_handle_on_another_host_needs_that_hosts_word(node: Node, peer: Peer) -> None:
    peer.actor["webfinger"] = "president@127.0.0.9"
    found = await learn_actor(node, peer.actor_id)
    assert found is not None
    assert found.host == peer.domain


async def test_a_post_is_learnt_with_its_author_and_what_it_answers(node: Node, db: Db, peer: Peer) -> None:
    parent = a_note(peer, "parent")
    post = await learn_post(node, a_note(peer, "child", inReplyTo=parent))
    assert post is not None
    assert post.actor.uri == peer.actor_id
    assert await posts.find_by_uri(db, parent) is not None
    assert post.in_reply_to_id is not None


async def test_case_59_a_circle_of_answers_has_an_end(node: Node, peer: Peer) -> None:
    a_note(peer, "hen", inReplyTo=peer.url("/notes/egg"))
    egg = a_note(peer, "egg", inReplyTo=peer.url("/notes/hen"))
    assert await learn_post(node, egg) is not None
    assert [len(peer.requests(f"/notes/{name}")) for name in ("egg", "hen")] == [1, 1]


async def test_case_59_a_thread_is_followed_upwards_only_so_far(node: Node, peer: Peer) -> None:
    for number in range(THREAD_DEPTH * 2):
        a_note(peer, str(number), inReplyTo=peer.url(f"/notes/{number + 1}"))
    assert await learn_post(node, peer.url("/notes/0")) is not None
    assert len([one for one in peer.received if one.target.startswith("/notes/")]) == THREAD_DEPTH


async def test_case_1_a_post_in_somebody_elses_name_is_not_taken(node: Node, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as good:
        assert await learn_post(node, a_note(peer, attributedTo=good.actor_id)) is None
        assert good.received == []


async def test_a_post_that_is_gone_at_its_origin_is_deleted_here(node: Node, db: Db, peer: Peer) -> None:
    uri = a_note(peer)
    assert await learn_post(node, uri) is not None
    peer.serve("/notes/1", {"id": uri, "type": "Tombstone"}, status=410)
    await recheck(node, uri)
    assert await posts.find_by_uri(db, uri) is None


async def test_a_suspended_authors_post_is_not_taken(node: Node, db: Db, peer: Peer) -> None:
    await learn_actor(node, peer.actor_id)
    await db.execute("UPDATE actors SET suspended_at = now() WHERE NOT local")
    assert await learn_post(node, a_note(peer)) is None
