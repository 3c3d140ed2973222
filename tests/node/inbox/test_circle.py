"""Circles and recommendations of other hubs: wanted by both, weighed here, taken back, and never a command."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from federation.build import circle as build
from node.actions import circle as deeds
from node.store.moderation import drafts, measures
from node.store.moderation.drafts import Sought
from node.store.servers import circle, hub_mode
from node.store.tabular import Slice
from schemas.records import Actor, Viewer
from tests.factories import a_member, a_remote_actor
from tests.node.inbox.conftest import Hub, an_activity

TAKEN = ("accepted", None)


@pytest.fixture
async def steward(hub: Hub) -> Viewer:
    return await a_member(hub.db, "sue", roles=("steward",), urls=hub.node.urls)


async def a_hub(hub: Hub, name: str) -> Actor:
    return await a_remote_actor(hub.db, "hub", host=f"https://{name}.example", kind="Organization")


async def a_friend(hub: Hub, name: str) -> Actor:
    """A hub of our circle."""
    other = await a_hub(hub, name)
    await circle.put(hub.db, other.id, "Ring", "member", f"{other.uri}/offers/0")
    return other


def a_recommendation(other: Actor, domain: str = "evil.test", **more: Any) -> dict[str, Any]:
    said = {
        "domain": domain,
        "severity": "suspend",
        "reason": f"hate, says {other.host}",
        "evidence": ["https://x.example/1", "javascript:alert(1)"],
        "hearsay": False,
        "published": datetime.now(UTC),
        "expires": datetime.now(UTC) + timedelta(days=30),
    }
    return build.offer_recommendation(f"{other.uri}/offers/{domain}", other.uri, to=[], **said | more)


async def waiting(hub: Hub) -> list[tuple[str, str, bool]]:
    found = await drafts.list_of(hub.db, Sought(), Slice(limit=9))
    return [(one.domain, one.reason, one.lifts) for one in found]


async def test_a_circle_is_asked_for_and_agreed_to(hub: Hub, steward: Viewer) -> None:
    other = await a_hub(hub, "a")
    offer = build.offer_circle(f"{other.uri}/offers/1", other.uri, "Ring", to=[hub.actor.uri])
    assert await hub.hear(offer) == TAKEN
    known = await circle.find(hub.db, other.id)
    assert known and (known.state, known.name) == ("asks", "Ring")
    async with hub.db.transaction():
        await deeds.answer(hub.node, hub.db, steward, other.id, accept=True)
    known = await circle.find(hub.db, other.id)
    assert known and known.state == "member"
    told = await hub.db.fetchval("SELECT document FROM activities WHERE type = 'Accept'")
    assert f"{other.uri}/offers/1" in told
    assert await hub.says(other, "Undo", build.offered_before(f"{other.uri}/offers/1", other.uri, "circle")) == TAKEN
    assert await circle.find(hub.db, other.id) is None


async def test_our_asking_is_answered_and_ended_by_them(hub: Hub, steward: Viewer) -> None:
    other, stranger = await a_hub(hub, "a"), await a_hub(hub, "b")
    async with hub.db.transaction():
        await deeds.invite(hub.node, hub.db, steward, other, "Ring")
    asked = await circle.find(hub.db, other.id)
    assert asked and asked.state == "asked"
    assert (await hub.says(stranger, "Accept", asked.offer_uri))[0] == "ignored"
    assert await hub.says(other, "Accept", asked.offer_uri) == TAKEN
    known = await circle.find(hub.db, other.id)
    assert known and known.state == "member"
    assert await hub.says(other, "Reject", asked.offer_uri) == TAKEN
    assert await circle.find(hub.db, other.id) is None


async def test_enough_hubs_at_first_hand_make_a_draft_and_no_measure(hub: Hub) -> None:
    one, two, three = [await a_friend(hub, name) for name in "abc"]
    assert await hub.hear(a_recommendation(one)) == TAKEN
    assert await hub.hear(a_recommendation(two, hearsay=True)) == TAKEN
    assert await waiting(hub) == []
    assert await hub.hear(a_recommendation(three)) == TAKEN
    assert await waiting(hub) == [("evil.test", "hate, says a.example · hate, says c.example", False)]
    assert await measures.list_in_force(hub.db, "domain") == []
    kept = await circle.list_standing(hub.db, "evil.test", ours=False, limit=9)
    assert next((one.hearsay, one.evidence) for one in kept) == (False, ["https://x.example/1"])


async def test_what_is_taken_back_or_over_counts_no_more(hub: Hub) -> None:
    one, two = [await a_friend(hub, name) for name in "ab"]
    for other in (one, two):
        await hub.hear(a_recommendation(other))
    assert len(await waiting(hub)) == 1
    assert (
        await hub.says(two, "Undo", build.offered_before(f"{one.uri}/offers/evil.test", two.uri, "recommendation"))
        != TAKEN
    )
    assert len(await waiting(hub)) == 1
    undo = build.offered_before(f"{one.uri}/offers/evil.test", one.uri, "recommendation")
    assert await hub.says(one, "Undo", undo) == TAKEN
    assert await waiting(hub) == []
    await hub.hear(a_recommendation(one, "worse.test"))
    await hub.hear(a_recommendation(two, "worse.test"))
    assert len(await waiting(hub)) == 1
    await hub.db.execute("UPDATE recommendations SET expires_at = now() WHERE domain = 'worse.test'")
    await deeds.expire(hub.db)
    assert await waiting(hub) == []


async def test_an_accepted_draft_nobody_stands_behind_asks_to_be_lifted(hub: Hub) -> None:
    await hub_mode.put_weight(hub.db, 1)
    one = await a_friend(hub, "a")
    await hub.hear(a_recommendation(one))
    await hub.db.execute("UPDATE drafts SET state = 'accepted'")
    await deeds.ended(hub.db, one)
    assert [lifts for _, _, lifts in await waiting(hub)] == [True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": "purge"},
        {"reason": ""},
        {"domain": "no domain"},
        {"expires": datetime.now(UTC) - timedelta(days=1)},
    ],
)
async def test_what_is_no_recommendation_is_not_kept(hub: Hub, wrong: dict[str, Any]) -> None:
    one = await a_friend(hub, "a")
    assert (await hub.hear(a_recommendation(one, **wrong)))[0] in ("refused", "ignored")
    assert await circle.list_standing(hub.db, None, ours=False, limit=9) == []


async def test_nobody_outside_our_circle_recommends(hub: Hub) -> None:
    stranger, person = await a_hub(hub, "b"), await a_remote_actor(hub.db, "cy")
    assert await hub.hear(a_recommendation(stranger)) == ("refused", "not of our circle")
    asked = {"id": f"{person.uri}/x", "type": "coop:Circle", "name": "x"}
    assert (await hub.says(person, "Offer", asked))[0] == "refused"
    assert await circle.list_standing(hub.db, None, ours=False, limit=9) == []


async def test_our_recommendation_goes_to_the_circle_and_is_taken_back(hub: Hub, steward: Viewer) -> None:
    friend, asks = await a_friend(hub, "a"), await a_hub(hub, "b")
    await circle.put(hub.db, asks.id, "Ring", "asks", f"{asks.uri}/offers/0")
    wish = deeds.Wish(
        domain="Evil.test",
        kind="limit",
        reason="noise",
        evidence=["https://x.example/1"],
        hearsay=False,
        expires=datetime.now(UTC) + timedelta(days=9),
    )
    async with hub.db.transaction():
        await deeds.recommend(hub.node, hub.db, steward, wish)
    (ours,) = await circle.list_standing(hub.db, None, ours=True, limit=9)
    async with hub.db.transaction():
        await deeds.retract(hub.node, hub.db, steward, ours.offer_uri)
    rows = await hub.db.fetch("SELECT type, recipients, document FROM activities ORDER BY id")
    assert [(row["type"], row["recipients"]) for row in rows] == [("Offer", [friend.uri]), ("Undo", [friend.uri])]
    assert '"coop:domain":"evil.test"' in rows[0]["document"].replace(" ", "")
    assert an_activity(friend, "Offer", "x")
    assert await circle.list_standing(hub.db, None, ours=True, limit=9) == []
