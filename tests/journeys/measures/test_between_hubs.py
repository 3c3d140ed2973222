"""What hubs say to each other about measures: recommendations in a circle, reports that are forwarded, members who are
suspended or deleted at home."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from node.actions import circle, moderate
from node.actions.circle import Wish
from node.actions.moderate import Order
from node.jobs import measures as measure_jobs
from node.node import Node
from node.store.db import Db
from node.store.members import accounts
from node.store.moderation import measures
from node.store.people import actors
from schemas.records import Viewer
from tests.journeys.measures.hubs import Three, Whole, a_person, know, number_at, post_at
from tests.node.pages.conftest import PASSWORD, Browser

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]
Deed = Callable[[Node, Db, Viewer], Awaitable[object]]


async def as_steward(three: Three, hub: Whole, deed: Deed) -> None:
    """The steward of a hub does something, and it arrives."""
    actor = await actors.find_local(hub.db, "sol")
    assert actor
    account = await accounts.find_by_actor(hub.db, actor.id)
    assert account
    async with hub.db.transaction():
        await deed(hub.node, hub.db, Viewer(account=account, actor=actor, acting=actor, scopes=("*",)))
    hub.node.wake()
    await three.settled()


async def stewards_browser(hub: Whole) -> Browser:
    browser = hub.browser()
    assert (await browser.post("/sign-in", {"who": "sol", "password": PASSWORD})).url.endswith("/desk")
    return browser


async def join_circle(three: Three, one: Whole, other: Whole) -> None:
    asked = await actors.get(one.db, await know(one, f"{other.base}/actors/hub"))
    await as_steward(three, one, lambda node, db, sol: circle.invite(node, db, sol, asked, "Ours"))
    asker = await know(other, f"{one.base}/actors/hub")
    await as_steward(three, other, lambda node, db, sol: circle.answer(node, db, sol, asker, accept=True))
    for hub, peer in ((one, other), (other, one)):
        state = await hub.one("SELECT state FROM circle_hubs c JOIN actors a ON a.id = c.actor_id WHERE a.uri = $1",
                              f"{peer.base}/actors/hub")  # fmt: skip
        assert state == "member"


def a_wish(domain: str, *, hearsay: bool = False) -> Wish:
    return Wish(
        domain=domain,
        kind="suspend",
        reason=f"{domain} sends advertising.",
        evidence=["https://evidence.example/1"],
        hearsay=hearsay,
        expires=datetime.now(UTC) + timedelta(days=30),
    )


async def drafted(hub: Whole) -> set[str]:
    found = await hub.db.fetch("SELECT domain FROM drafts WHERE state = 'waiting' AND list_id IS NULL")
    return {one["domain"] for one in found}


async def test_recommendations_travel_are_weighed_and_are_taken_back(three: Three) -> None:
    here, there, beyond = three.all
    for other in (there, beyond):
        await join_circle(three, here, other)
    await as_steward(three, here, lambda _, db, sol: circle.set_weight(db, sol, 2))
    for hub, wish in ((there, a_wish("loud.test")), (beyond, a_wish("loud.test", hearsay=True))):
        await as_steward(three, hub, lambda node, db, sol, wish=wish: circle.recommend(node, db, sol, wish))
        assert await drafted(here) == set()  # one hub at first hand, and one by hearsay: that is one
    row = await here.db.fetchrow("SELECT * FROM recommendations WHERE domain = 'loud.test' AND NOT hearsay")
    assert (row["reason"], row["kind"], row["evidence"]) == (
        "loud.test sends advertising.", "suspend", ["https://evidence.example/1"])  # fmt: skip
    assert row["expires_at"] > datetime.now(UTC) + timedelta(days=29)
    page = await (await stewards_browser(here)).get("/admin/circle")
    assert there.host in page.text and "https://evidence.example/1" in page.text and "hearsay" in page.words.lower()
    await as_steward(three, beyond, lambda node, db, sol: circle.recommend(node, db, sol, a_wish("spam.test")))
    await as_steward(three, there, lambda node, db, sol: circle.recommend(node, db, sol, a_wish("spam.test")))
    assert await drafted(here) == {"spam.test"}
    assert await measures.list_in_force(here.db, "domain") == []  # a recommendation is never an order
    ours = await beyond.one("SELECT offer_uri FROM recommendations WHERE domain = 'spam.test'")
    await as_steward(three, beyond, lambda node, db, sol: circle.retract(node, db, sol, ours))
    assert await drafted(here) == set()


async def test_what_a_hub_recommended_stands_no_longer_than_it_said_and_while_it_is_in_the_circle(three: Three) -> None:
    here, there, _ = three.all
    await as_steward(three, here, lambda _, db, sol: circle.set_weight(db, sol, 1))
    for domain in ("old.test", "new.test"):
        await as_steward(three, there, lambda node, db, sol, d=domain: circle.recommend(node, db, sol, a_wish(d)))
    assert {"old.test", "new.test"} <= await drafted(here)
    await here.db.execute("UPDATE recommendations SET expires_at = now() WHERE domain = 'old.test'")
    await circle.expire(here.db)
    assert "old.test" not in await drafted(here) and "new.test" in await drafted(here)
    us = await know(there, f"{here.base}/actors/hub")
    await as_steward(three, there, lambda node, db, sol: circle.leave(node, db, sol, us))
    assert await drafted(here) == set()
    await as_steward(three, there, lambda node, db, sol: circle.recommend(node, db, sol, a_wish("late.test")))
    assert await here.one("SELECT count(*) FROM recommendations WHERE domain = 'late.test'") == 0


async def test_a_report_is_forwarded_both_ways_and_a_moderator_may_forward_it_later(three: Three) -> None:
    x = await a_person(three.there)
    said = await x.says(f"{three.ana.handle} buy this!")
    await three.settled()
    at_here = await post_at(three.here, said["uri"])
    about = {"account_id": str(await number_at(three.ana, x)), "status_ids": [str(at_here)], "comment": "Adverts"}
    kept = await three.ana.does("/api/v1/reports", about)
    question = "SELECT post_uris FROM reports WHERE content = $1"
    await three.settled()
    assert await three.there.one(question, "Adverts") is None
    path = f"/admin/reports/{kept['id']}"
    page = await (await stewards_browser(three.here)).post(path, {"deed": "forward"})
    assert page.status == 200
    await three.settled()
    assert await three.there.one(question, "Adverts") == [said["uri"]]
    known = await three.there.one("SELECT id FROM reports WHERE content = 'Adverts'")
    closed = {"deed": "close", "outcome": "acted", "answer": ""}
    assert (await (await stewards_browser(three.there)).post(f"/admin/reports/{known}", closed)).status == 200
    await three.settled()
    words = (await (await stewards_browser(three.here)).get(path)).words
    assert "They answered" in words and "Something was done" in words
    back = {"account_id": str(await number_at(x, three.ana)), "comment": "Rude", "forward": True}
    await x.does("/api/v1/reports", back)
    await three.settled()
    assert await three.here.one(question, "Rude") == []
    assert three.ana.uri not in str(await three.there.one("SELECT uri FROM reports WHERE content = 'Adverts'"))


async def test_who_is_suspended_at_home_is_hidden_elsewhere_until_it_ends_and_then_deleted(three: Three) -> None:
    x = await a_person(three.there)
    await three.bo.does(f"/api/v1/accounts/{await number_at(three.bo, x)}/follow")
    await three.settled()
    said = await x.says("Still here")
    await three.settled()
    shown = f"/api/v1/statuses/{await post_at(three.here, said['uri'])}"
    assert (await three.bo.client.get(shown)).status == 200

    async def suspended(measure_id: int | None) -> int:
        async with three.there.db.transaction():
            if measure_id is None:
                order = Order(kind="suspend", target_kind="actor", target=x.uri)
                measure_id = (await moderate.take(three.there.db, None, order)).id
            else:
                await moderate.end(three.there.db, None, measure_id)
        three.there.node.wake()
        await three.settled()
        return measure_id

    taken = await suspended(None)
    assert (await three.bo.client.get(shown)).status == 404
    known = await actors.find(three.here.db, x.uri)
    assert known and known.suspended_at and known.suspended_there
    assert (await three.bo.client.get(f"/api/v1/accounts/{known.id}")).json["suspended"]
    await suspended(taken)
    assert (await three.bo.client.get(shown)).status == 200
    await suspended(None)
    await measure_jobs.purge_actor(three.there.node, x.id)
    await three.settled()
    known = await actors.find(three.here.db, x.uri)
    assert known and known.deleted_at and not known.display_name
    assert await three.here.one("SELECT deleted_at IS NOT NULL FROM posts WHERE uri = $1", said["uri"])
