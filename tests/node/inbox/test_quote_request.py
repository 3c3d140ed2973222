"""Quotes between servers (FEP-044f): asking, answering, stamps that are believed and stamps that are not."""

from __future__ import annotations

from typing import Any

import pytest

from node.jobs.quotes import verify_quote
from node.remote import learn_actor
from node.store.posts import posts, quotes
from schemas.records import Actor, Post
from tests.factories import a_post, a_remote_actor
from tests.node.inbox.conftest import Hub, a_note
from tests.peer import Peer

TAKEN = ("accepted", None)


async def asker(hub: Hub, peer: Peer) -> Actor:
    found = await learn_actor(hub.node, peer.actor_id)
    assert found is not None
    return found


def quoting(peer: Peer, author: Actor, quoted: str, **fields: Any) -> dict[str, Any]:
    """A note at the peer that quotes something."""
    note = a_note(author, id=peer.url("/notes/q"), quote=quoted, **fields)
    peer.serve("/notes/q", note)
    return note


async def test_a_request_gets_a_stamp_by_the_policy_of_the_post(hub: Hub, peer: Peer) -> None:
    author, post = await asker(hub, peer), await a_post(hub.db, hub.member)
    note = quoting(peer, author, post.uri)
    for _ in range(2):
        assert await hub.says(author, "QuoteRequest", post.uri, instrument=note["id"]) == TAKEN
    one, two = await hub.said("Accept")
    assert one["result"] == two["result"] and one["object"]["instrument"] == note["id"]
    quote = await quotes.find_by_stamp(hub.db, one["result"])
    assert quote is not None and quote.state == "accepted" and quote.quoted_id == post.id
    assert await hub.notices() == ["quote"]


@pytest.mark.parametrize("why", ["policy", "private", "blocked"])
async def test_who_may_not_quote_gets_a_no(hub: Hub, peer: Peer, why: str) -> None:
    author, post = await asker(hub, peer), await a_post(hub.db, hub.member)
    if why == "policy":
        await quotes.set_policy(hub.db, post.id, "nobody")
    note = quoting(peer, author, post.uri)
    if why == "private":
        await hub.db.execute("UPDATE posts SET audience = 'followers' WHERE id = $1", post.id)
    if why == "blocked":
        await hub.db.execute(
            "INSERT INTO blocks (blocker_id, blocked_id, uri) VALUES ($1, $2, 'x')", hub.member.id, author.id
        )
    outcome, reason = await hub.says(author, "QuoteRequest", post.uri, instrument=note["id"])
    expected = "not allowed to quote" if why == "policy" else "no post of ours"
    assert (outcome, reason) == ("ignored", expected) and await hub.said("Accept") == []
    assert len(await hub.said("Reject")) == (1 if why == "policy" else 0)


async def test_a_request_for_a_post_that_quotes_something_else_or_is_not_ones_own_is_nothing(
    hub: Hub, peer: Peer
) -> None:
    author, post = await asker(hub, peer), await a_post(hub.db, hub.member)
    other = await a_post(hub.db, hub.member)
    note = quoting(peer, author, other.uri)
    outcome, _ = await hub.says(author, "QuoteRequest", post.uri, instrument=note["id"])
    assert outcome == "ignored"
    eve = await a_remote_actor(hub.db, "eve", host="https://evil.example")
    outcome, _ = await hub.says(eve, "QuoteRequest", other.uri, instrument=note["id"])
    assert outcome == "refused" and await hub.said("Accept") == []


async def pending(hub: Hub, author: Actor) -> tuple[Post, str]:
    """A quote of ours that waits for the peer's answer, and the id of the request."""
    note = a_note(author)
    await hub.follow(author)
    assert await hub.says(author, "Create", note) == TAKEN
    post, request = await a_post(hub.db, hub.member, quote=note["id"]), hub.node.urls.activity(12345)
    await quotes.insert(hub.db, post.id, note["id"], "pending", request_uri=request)
    return post, request


async def test_a_yes_brings_the_stamp_and_everybody_is_told(hub: Hub, peer: Peer) -> None:
    author = await asker(hub, peer)
    post, request = await pending(hub, author)
    stamp = peer.url("/stamps/1")
    assert await hub.says(author, "Accept", request, result=stamp) == TAKEN
    kept = await posts.find(hub.db, post.id)
    assert kept is not None and kept.quote_authorization == stamp
    assert (await hub.said("Update"))[-1]["object"]["quoteAuthorization"] == stamp
    assert await hub.says(author, "Delete", stamp) == TAKEN
    quote = await quotes.find(hub.db, post.id)
    assert quote is not None and quote.state == "revoked"
    assert (await hub.says(author, "Accept", request, result=stamp))[0] == "ignored"


async def test_a_no_is_kept(hub: Hub, peer: Peer) -> None:
    author = await asker(hub, peer)
    post, request = await pending(hub, author)
    assert await hub.says(author, "Reject", request) == TAKEN
    quote = await quotes.find(hub.db, post.id)
    assert quote is not None and quote.state == "rejected"


@pytest.mark.parametrize("wrong", ["sender", "stamp", "no stamp", "eve takes back"])
async def test_only_the_quoted_one_answers_with_a_stamp_of_its_own_server(hub: Hub, peer: Peer, wrong: str) -> None:
    author = await asker(hub, peer)
    post, request = await pending(hub, author)
    eve = await a_remote_actor(hub.db, "eve", host="https://evil.example")
    result = {"stamp": "https://evil.example/stamps/1", "no stamp": None}.get(wrong, peer.url("/stamps/1"))
    if wrong == "eve takes back":
        assert await hub.says(author, "Accept", request, result=result) == TAKEN
        assert (await hub.says(eve, "Delete", result))[0] == "refused"
    else:
        sender = eve if wrong == "sender" else author
        more = {"result": result} if result else {}
        assert (await hub.says(sender, "Accept", request, **more))[0] == "refused"
    quote = await quotes.find(hub.db, post.id)
    assert quote is not None and quote.state == ("accepted" if wrong == "eve takes back" else "pending")


@pytest.mark.parametrize("wrong", ["", "quoting", "quoted", "author", "type", "gone"])
async def test_a_quote_elsewhere_is_believed_when_its_stamp_says_just_that(hub: Hub, peer: Peer, wrong: str) -> None:
    author = await asker(hub, peer)
    bo = await a_remote_actor(hub.db, "bo", host="https://quoter.example")
    quoted = a_note(author, id=peer.url("/notes/1"))
    peer.serve("/notes/1", quoted)
    stamp = peer.url("/stamps/1")
    await hub.follow(bo)
    note = a_note(bo, quote=quoted["id"], quoteAuthorization=stamp)
    assert await hub.says(bo, "Create", note) == TAKEN
    said = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": stamp,
        "type": "Note" if wrong == "type" else "QuoteAuthorization",
        "attributedTo": bo.uri if wrong == "author" else author.uri,
        "interactingObject": "https://quoter.example/other" if wrong == "quoting" else note["id"],
        "interactionTarget": peer.url("/notes/2") if wrong == "quoted" else quoted["id"],
    }
    if wrong != "gone":
        peer.serve("/stamps/1", said)
    kept = await posts.find_by_uri(hub.db, note["id"])
    assert kept is not None and f"quote {kept.id} {stamp}" in await hub.jobs()
    await verify_quote(hub.node, kept.id, stamp)
    quote = await quotes.find(hub.db, kept.id)
    assert quote is not None and quote.state == ("pending" if wrong else "accepted")
    after = await posts.find(hub.db, kept.id)
    assert after is not None and after.quote_authorization == (None if wrong else stamp)


async def test_a_stamp_that_comes_later_is_looked_at_and_another_quote_begins_anew(hub: Hub, peer: Peer) -> None:
    author = await asker(hub, peer)
    await hub.follow(author)
    note = a_note(author, quote="https://quoted.example/1", updated="2026-10-01T10:00:00Z")
    assert await hub.says(author, "Create", note) == TAKEN
    kept = await posts.find_by_uri(hub.db, note["id"])
    assert kept is not None and not [one for one in await hub.jobs() if one and one.startswith("quote ")]
    stamped = note | {"quoteAuthorization": "https://quoted.example/stamps/1"}
    assert await hub.says(author, "Update", stamped) == TAKEN
    assert f"quote {kept.id} https://quoted.example/stamps/1" in await hub.jobs()
    await quotes.decide(hub.db, kept.id, "accepted", authorization_uri="https://quoted.example/stamps/1")
    changed = note | {"quote": "https://quoted.example/2", "updated": "2026-10-02T10:00:00Z"}
    assert await hub.says(author, "Update", changed) == TAKEN
    quote = await quotes.find(hub.db, kept.id)
    assert quote is not None and (quote.state, quote.authorization_uri) == ("pending", None)
