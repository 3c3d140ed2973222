"""Offers from elsewhere for our calls: taken once, or rejected with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from node.store.calls import answers
from node.store.people import blocks
from node.store.posts import posts
from schemas.answers import Answer
from schemas.limits import CALL_EFFORT_HOURS, CALL_PLACES, OFFERS_PER_ACTOR
from schemas.records import Actor, Post
from schemas.things import Audience, CallDetail
from tests.factories import a_post, a_remote_actor
from tests.node.inbox.conftest import Hub, an_activity

TAKEN = ("accepted", None)
NONE = ("ignored", "no call of ours")


async def a_call(hub: Hub, audience: Audience = "public", **detail: Any) -> Post:
    detail = {"intent_uri": f"{hub.node.urls.base_url}/calls/7#primary", "places": 3} | detail
    return await a_post(hub.db, hub.member, kind="call", call=CallDetail(**detail), audience=audience)


def an_offer(actor: Actor, call: Post, *, people: str | None = "1", hours: str | None = None) -> dict[str, Any]:
    commitment: dict[str, Any] = {"type": "Commitment", "satisfies": call.call.intent_uri if call.call else ""}
    if people is not None:
        commitment["resourceQuantity"] = {"hasUnit": "one", "hasNumericalValue": people}
    if hours is not None:
        commitment["effortQuantity"] = {"hasUnit": "hour", "hasNumericalValue": hours}
    agreement = {"type": "Agreement", "content": "<p>I come <script>x</script></p>", "stipulates": commitment}
    return an_activity(actor, "Offer", agreement, to=[call.actor.uri])


async def kept(hub: Hub, call: Post) -> list[Answer]:
    return await answers.list_of(hub.db, call.id)


async def test_an_offer_is_kept_once_and_the_caller_told(hub: Hub) -> None:
    call, bo = await a_call(hub), await a_remote_actor(hub.db)
    offer = an_offer(bo, call, people="2", hours="5")
    for _ in range(2):
        assert await hub.hear(offer) == TAKEN
    (one,) = await kept(hub, call)
    assert (one.offer_uri, one.quantity, one.hours, one.state) == (offer["id"], 2, 5, "offered")
    assert "script" not in one.content
    assert await hub.notices() == ["answer"]


async def test_who_says_no_number_is_one(hub: Hub) -> None:
    call, bo = await a_call(hub), await a_remote_actor(hub.db)
    assert await hub.hear(an_offer(bo, call, people=None)) == TAKEN
    assert [(one.quantity, one.hours) for one in await kept(hub, call)] == [(1, None)]


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "", "many", "١", "9" * 400, str(CALL_PLACES + 1)])
async def test_what_is_no_number_of_people_is_refused(hub: Hub, number: str) -> None:
    call, bo = await a_call(hub), await a_remote_actor(hub.db)
    assert await hub.hear(an_offer(bo, call, people=number)) == ("refused", "no quantity")
    assert await kept(hub, call) == []


@pytest.mark.parametrize("number", ["0", "x", str(CALL_EFFORT_HOURS + 1)])
async def test_what_is_no_number_of_hours_is_refused(hub: Hub, number: str) -> None:
    call, bo = await a_call(hub), await a_remote_actor(hub.db)
    assert await hub.hear(an_offer(bo, call, hours=number)) == ("refused", "no quantity")
    assert await kept(hub, call) == []


@pytest.mark.parametrize(
    ("detail", "people"),
    [
        ({"state": "closed"}, "1"),
        ({"state": "filled"}, "1"),
        ({"deadline": datetime.now(UTC) - timedelta(days=1)}, "1"),
        ({"places": 1}, "2"),
    ],
)
async def test_what_cannot_be_taken_is_rejected_with_the_reason(hub: Hub, detail: dict[str, Any], people: str) -> None:
    call, bo = await a_call(hub, **detail), await a_remote_actor(hub.db)
    offer = an_offer(bo, call, people=people)
    assert (await hub.hear(offer))[0] == "ignored"
    (said,) = await hub.said("Reject")
    assert (said["to"], bool(said.get("content"))) == ([bo.uri], True)
    assert offer["id"] in str(said["object"])
    assert await kept(hub, call) == []


@pytest.mark.parametrize("which", ["hidden", "blocked", "unknown", "deleted"])
async def test_a_call_that_one_may_not_see_is_none(hub: Hub, which: str) -> None:
    call, bo = await a_call(hub, "hub" if which == "hidden" else "public"), await a_remote_actor(hub.db)
    offer = an_offer(bo, call)
    if which == "blocked":
        await blocks.insert(hub.db, hub.member.id, bo.id, None)
    elif which == "deleted":
        await posts.tombstone(hub.db, call.id)
    elif which == "unknown":
        offer["object"]["stipulates"]["satisfies"] = f"{call.uri}#another"
    assert await hub.hear(offer) == NONE
    assert await hub.db.fetchval("SELECT count(*) FROM answers") == 0
    assert await hub.said("Reject") == []


@pytest.mark.parametrize("odd", [{"type": "Note"}, {"stipulates": None}, {"stipulates": ["x"]}])
async def test_other_offers_are_not_for_us(hub: Hub, odd: dict[str, Any]) -> None:
    call, bo = await a_call(hub), await a_remote_actor(hub.db)
    offer = an_offer(bo, call)
    offer["object"] |= odd
    assert (await hub.hear(offer))[0] in ("ignored", "refused")
    assert await kept(hub, call) == []


async def test_nobody_offers_without_end(hub: Hub) -> None:
    call, bo = await a_call(hub, places=CALL_PLACES), await a_remote_actor(hub.db)
    ended = [(await hub.hear(an_offer(bo, call)))[0] for _ in range(OFFERS_PER_ACTOR + 1)]
    assert ended == ["accepted"] * OFFERS_PER_ACTOR + ["ignored"]
    assert len(await kept(hub, call)) == OFFERS_PER_ACTOR
