"""Getting to know whom a draft names, before it is published."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from node.actions.acquaint import acquaint
from node.actions.publish import publish
from node.errors import Invalid
from node.node import Node
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from schemas.limits import ACQUAINT_LOOKUPS
from tests.drafts import a_draft
from tests.factories import a_member
from tests.peer import Peer, hostile_peer

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


@pytest.mark.parametrize("by", ["handle", "address"])
async def test_somebody_named_in_a_field_can_then_be_addressed(node: Node, db: Db, peer: Peer, by: str) -> None:
    name = f"@{peer.handle}" if by == "handle" else peer.actor_id
    draft = a_draft("post", audience="direct", to=[name])
    who = await a_member(db)
    with pytest.raises(Invalid):
        await publish(node, db, who, draft)
    await acquaint(node, draft)
    post = await publish(node, db, who, draft)
    assert post.recipients == [peer.actor_id]
    assert await db.fetchval("SELECT host FROM deliveries") == "127.0.0.7"


async def test_somebody_named_in_a_text_becomes_a_mention(node: Node, db: Db, peer: Peer) -> None:
    draft = a_draft("post", text=f"Thank you, @{peer.handle}!")
    await acquaint(node, draft)
    post = await publish(node, db, await a_member(db), draft)
    assert [actor.uri for actor in post.mentions] == [peer.actor_id]


async def test_what_is_answered_is_fetched_from_its_origin(node: Node, db: Db, peer: Peer) -> None:
    note = {
        "id": peer.url("/notes/1"),
        "type": "Note",
        "attributedTo": peer.actor_id,
        "content": "<p>Who comes?</p>",
        "to": [PUBLIC],
        "published": "2026-03-01T10:00:00Z",
    }
    peer.serve("/notes/1", note)
    draft = a_draft("post", in_reply_to=peer.url("/notes/1"))
    await acquaint(node, draft)
    answer = await publish(node, db, await a_member(db), draft)
    parent = await posts.find_by_uri(db, peer.url("/notes/1"))
    assert parent and answer.in_reply_to_id == parent.id
    assert [actor.uri for actor in answer.mentions] == [peer.actor_id]


async def test_nobody_is_looked_up_who_is_known_or_of_this_hub(node: Node, db: Db, peer: Peer) -> None:
    await acquaint(node, a_draft("post", text=f"@{peer.handle}"))
    seen = len(peer.received)
    known = a_draft("post", text=f"@{peer.handle} @zoe @zoe@localhost:8080", audience="direct", to=["zoe", peer.handle])
    await acquaint(node, known)
    assert len(peer.received) == seen


async def test_who_is_not_there_is_no_error_here(node: Node, db: Db, peer: Peer) -> None:
    peer.answer_with("/.well-known/webfinger", _refuse)
    draft = a_draft("post", text=f"@{peer.handle}", audience="direct", to=[f"zoe@{peer.domain}"])
    await acquaint(node, draft)
    with pytest.raises(Invalid) as raised:
        await publish(node, db, await a_member(db), draft)
    assert [one.field for one in raised.value.problems] == ["to.0"]
    assert await actors.find(db, peer.actor_id) is None


async def test_one_draft_cannot_make_us_knock_at_many_doors(node: Node, db: Db, peer: Peer) -> None:
    peer.answer_with("/.well-known/webfinger", _refuse)
    await acquaint(node, a_draft("post", text=" ".join(f"@zoe{n}@{peer.domain}" for n in range(40))))
    asked = {one.target for one in peer.requests("/.well-known/webfinger")}
    assert 0 < len(asked) <= ACQUAINT_LOOKUPS


async def test_a_server_that_never_answers_does_not_keep_the_author_waiting(
    node: Node, db: Db, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.actions.acquaint.ACQUAINT_SECONDS", 0.2)
    held = asyncio.Event()

    async def hold(_: web.Request) -> web.Response:
        await held.wait()
        return web.Response()

    peer.answer_with("/.well-known/webfinger", hold)
    async with asyncio.timeout(30):
        await acquaint(node, a_draft("post", text=f"@{peer.handle}"))
    held.set()


async def _refuse(_: web.Request) -> web.Response:
    return web.Response(status=404)
