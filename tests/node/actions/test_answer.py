"""Answers to calls: given, decided and taken back, each by whom it concerns, and no more places than there are."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from node.actions.answer import answer, as_html, decide, receive_offer, receive_reply, withdraw
from node.errors import Conflict, Forbidden, NotFound
from node.node import Node
from node.store.calls import answers
from node.store.db import Db
from node.store.posts import posts
from schemas.records import Actor, Post
from schemas.things import Audience, CallDetail
from tests.factories import a_member, a_post, a_remote_actor, a_remote_object, the_hub

CROWD = 20


async def a_call(db: Db, owner: Actor | None = None, *, audience: Audience = "public", **detail: Any) -> Post:
    owner = owner or await the_hub(db)
    return await a_post(db, owner, kind="call", call=CallDetail(**detail), audience=audience)


async def taken(db: Db, call: Post) -> tuple[str, int]:
    """The state of a call and how many places are taken."""
    now = (await posts.get(db, call.id, None)).call
    assert now is not None
    return now.state, now.places_taken


async def said(db: Db) -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT document FROM activities ORDER BY id")
    return [msgspec.json.decode(row["document"]) for row in rows]


async def test_an_answer_is_accepted_and_the_last_place_fills_the_call(node: Node, db: Db) -> None:
    call, ana = await a_call(db, places=2), await a_member(db)
    given = await answer(node, db, ana.actor, call.id, "<p>We two.</p>", quantity=2)
    assert (given.state, await taken(db, call)) == ("offered", ("open", 0))
    decided = await decide(node, db, None, given.id, "accepted")
    assert (decided.state, await taken(db, call)) == ("accepted", ("filled", 2))
    with pytest.raises(Conflict):
        await decide(node, db, None, given.id, "rejected")
    assert await taken(db, call) == ("filled", 2)


@pytest.mark.parametrize(
    ("detail", "quantity"),
    [
        ({"state": "closed"}, 1),
        ({"state": "filled"}, 1),
        ({"deadline": datetime.now(UTC) - timedelta(days=1)}, 1),
        ({"places": 1}, 2),
    ],
)
async def test_a_call_that_takes_no_answer_gets_none(node: Node, db: Db, detail: dict[str, Any], quantity: int) -> None:
    call, ana = await a_call(db, **detail), await a_member(db)
    with pytest.raises(Conflict):
        await answer(node, db, ana.actor, call.id, "", quantity=quantity)
    assert await answers.list_of(db, call.id) == []


async def test_nobody_answers_twice_or_their_own_call_or_what_is_none(node: Node, db: Db) -> None:
    ana = await a_member(db)
    call, own, post = await a_call(db), await a_call(db, ana.actor), await a_post(db, await the_hub(db))
    await answer(node, db, ana.actor, call.id, "")
    for other in (call, own):
        with pytest.raises(Conflict):
            await answer(node, db, ana.actor, other.id, "")
    with pytest.raises(NotFound):
        await answer(node, db, ana.actor, post.id, "")


async def test_a_call_one_may_not_see_is_not_there(node: Node, db: Db) -> None:
    call, ana = await a_call(db, audience="followers"), await a_member(db)
    with pytest.raises(NotFound):
        await answer(node, db, ana.actor, call.id, "")


async def test_places_hold_however_many_are_accepted_at_once(node: Node, db: Db) -> None:
    call = await a_call(db, places=3)
    given = [await answer(node, db, (await a_member(db)).actor, call.id, "") for _ in range(CROWD)]

    async def accept(answer_id: int) -> bool:
        async with node.database.pool.acquire() as own, own.transaction():
            try:
                await decide(node, own, None, answer_id, "accepted")
            except Conflict:
                return False
            return True

    done = await asyncio.gather(*(accept(one.id) for one in given))
    assert (done.count(True), await taken(db, call)) == (3, ("filled", 3))


async def test_who_answered_takes_it_back_once_and_nobody_else_does(node: Node, db: Db) -> None:
    call, ana, bo = await a_call(db, places=3), await a_member(db), await a_member(db)
    given = await answer(node, db, ana.actor, call.id, "")
    await decide(node, db, None, given.id, "accepted")
    with pytest.raises(Forbidden):
        await withdraw(node, db, bo.actor, given.id)
    assert (await taken(db, call))[1] == 1
    await withdraw(node, db, ana.actor, given.id)
    assert (await taken(db, call))[1] == 0
    with pytest.raises(Conflict):
        await withdraw(node, db, ana.actor, given.id)
    with pytest.raises(NotFound):
        await withdraw(node, db, ana.actor, 0)


async def test_an_answer_to_a_call_elsewhere_travels_as_an_offer_to_its_caller_only(node: Node, db: Db) -> None:
    ana, caller = await a_member(db), await a_remote_actor(db)
    detail = CallDetail(places=2, intent_uri=f"{caller.uri}/intents/1")
    call = await posts.upsert_remote(db, a_remote_object(caller, kind="call", call=detail), caller)
    assert call is not None
    given = await answer(node, db, ana.actor, call.id, "<p>Gladly</p>", quantity=2, hours=4)
    await withdraw(node, db, ana.actor, given.id)
    offer, undo = await said(db)
    commitment = offer["object"]["stipulates"]
    assert (offer["id"], offer["to"], commitment["satisfies"]) == (given.offer_uri, [caller.uri], detail.intent_uri)
    assert (undo["type"], undo["object"]["id"], undo["to"]) == ("Undo", offer["id"], [caller.uri])
    assert await db.fetchval("SELECT count(*) FROM deliveries WHERE inbox <> $1", caller.shared_inbox) == 0


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
async def test_who_offered_from_elsewhere_hears_the_verdict(node: Node, db: Db, verdict: Any) -> None:
    call, bo = await a_call(db, places=2), await a_remote_actor(db)
    for _ in range(2):
        await receive_offer(db, bo, call, f"{bo.uri}/offers/1", "<p>I</p>", quantity=1, hours=None)
    (given,) = await answers.list_of(db, call.id)
    await decide(node, db, None, given.id, verdict, reason="Thank you")
    (document,) = [one for one in await said(db) if one["type"] in ("Accept", "Reject")]
    assert (document["type"], document["to"]) == ({"accepted": "Accept", "rejected": "Reject"}[verdict], [bo.uri])
    assert ("result" in document) is (verdict == "accepted")


@pytest.mark.parametrize(("verdict", "words"), [("accepted", "was accepted"), ("rejected", "not taken up this time")])
async def test_who_answered_by_a_reply_from_elsewhere_is_written_the_verdict(
    node: Node, db: Db, verdict: Any, words: str
) -> None:
    call, bo = await a_call(db, places=2), await a_remote_actor(db)
    reply = await posts.upsert_remote(db, a_remote_object(bo, in_reply_to=call.uri), bo)
    assert reply is not None
    given = await receive_reply(db, bo, call, reply)
    assert given is not None
    await decide(node, db, None, given.id, verdict, reason="So many came.")
    (document,) = [one["object"] for one in await said(db) if one["type"] == "Create"]
    assert (document["to"], document.get("cc", [])) == ([bo.uri], [])
    assert all(part in document["content"] for part in (words, "So many came.", call.url))


async def test_a_reply_is_an_answer_once_but_not_the_callers_own(node: Node, db: Db) -> None:
    hub, bo = await the_hub(db), await a_remote_actor(db)
    call = await a_call(db, hub)
    reply = await posts.upsert_remote(db, a_remote_object(bo, in_reply_to=call.uri), bo)
    own = await a_post(db, hub, in_reply_to=call.uri)
    assert reply is not None
    kept = [await receive_reply(db, bo, call, reply) for _ in range(2)]
    assert [one is not None for one in kept] == [True, False]
    assert await receive_reply(db, hub, call, own) is None


def test_what_was_typed_becomes_paragraphs_and_no_markup() -> None:
    assert as_html("a\n\n<b>b</b>") == "<p>a</p><p>&lt;b&gt;b&lt;/b&gt;</p>"
    assert as_html(" \n\n ") == ""
