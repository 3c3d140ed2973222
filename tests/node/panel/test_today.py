"""Today: what needs somebody, for those who may decide it."""

from __future__ import annotations

from node.actions import moderate
from node.store.hub import contact
from node.store.moderation import measures
from node.store.people import actors, follows
from node.store.queues import jobs
from node.store.servers import known_hubs
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub
from tests.node.panel.conftest import a_report


async def test_what_needs_somebody_is_shown_with_one_way_on(hub: Hub, ana: Browser, mo: Browser) -> None:
    assert "Nothing needs you now." in (await ana.get("/admin")).words
    cy, itself = await a_remote_actor(hub.db, "cy"), await actors.hub(hub.db)
    report = await a_report(hub.db, cy)
    await follows.insert(hub.db, cy.id, itself.id, "https://peer.example/f/1", accepted=False)
    other = await a_remote_actor(hub.db, "hub", host="https://other.example", kind="Organization")
    await known_hubs.hear(hub.db, other.id, "https://x.example")
    await known_hubs.checked(hub.db, other.id, "suggested")
    await moderate.take(
        hub.db, None, moderate.Order(kind="suspend", target_kind="domain", target="bad.example", at_once=True)
    )
    await hub.db.execute("UPDATE measures SET review_at = now() - interval '1 day'")
    order = moderate.Order(kind="suspend", target_kind="domain", target="worse.example")
    assert (await moderate.take(hub.db, None, order)).state == "proposed"
    everything = (await ana.get("/admin")).text
    for words in (f"/admin/reports/{report.id}", "worse.example", "bad.example", "@cy@peer.example", "@hub@other"):
        assert words in everything
    moderators = (await mo.get("/admin")).text
    assert "worse.example" in moderators
    assert "@hub@other" not in moderators
    assert "/admin/follow-requests" not in moderators


async def test_offices_that_end_soon_and_messages_that_wait_are_shown(hub: Hub, ana: Browser, mo: Browser) -> None:
    said = {"name": "Kim", "email": "kim@x.example", "subject": "Your kitchen", "body": "May we come?"}
    await contact.insert(hub.db, "K-1", said, "en")
    await hub.db.execute("UPDATE mandates SET ends_at = now() + interval '20 days' WHERE role = 'moderator'")
    today = await ana.get("/admin")
    assert "Moderator: mo, until" in today.words.replace("Mo,", "mo,") and "/admin/mandates/" in today.text
    assert "Your kitchen (Kim)" in today.words and "/admin/messages" in today.text
    assert "Your kitchen" not in (await mo.get("/admin")).words


async def test_work_that_nobody_does_is_said(hub: Hub, ana: Browser) -> None:
    await jobs.add(hub.db, "fetch_card", {})
    assert "nobody works in the node" not in (await ana.get("/admin")).words
    await hub.db.execute("UPDATE jobs SET next_at = now() - interval '2 hours'")
    page = await ana.get("/admin")
    assert "What is due waits: nobody works in the node. 2 hours" in page.words


async def test_whoever_asks_to_follow_the_hub_is_let_in_or_not(hub: Hub, ana: Browser) -> None:
    itself = await actors.hub(hub.db)
    for name, decision, state in (("cy", "accept", "accepted"), ("dee", "reject", None)):
        asking = await a_remote_actor(hub.db, name)
        await follows.insert(hub.db, asking.id, itself.id, f"{asking.uri}/f", accepted=False)
        page = await ana.post("/admin/follow-requests", {"actor": asking.uri, "decision": decision}, form="/admin")
        assert page.status == 200
        kept = await follows.find(hub.db, asking.id, itself.id)
        assert (kept.state if kept else None) == state
        assert await hub.db.fetchval("SELECT count(*) FROM deliveries") > 0
    for wrong in ({"actor": "https://peer.example/nobody", "decision": "accept"}, {"actor": "", "decision": "maybe"}):
        assert (await ana.post("/admin/follow-requests", wrong, form="/follow")).status in (404, 422)


async def test_a_review_puts_the_next_one_off(hub: Hub, ana: Browser) -> None:
    order = moderate.Order(kind="suspend", target_kind="domain", target="bad.example")
    measure = await moderate.take(hub.db, None, order)
    await hub.db.execute("UPDATE measures SET review_at = now() - interval '1 day'")
    await hub.member("mo", "moderator")  # so that the office is not vacant
    page = await ana.post(f"/admin/measures/{measure.id}", {"deed": "keep"}, form="/admin")
    assert "Nothing needs you now." in page.words
    assert await measures.list_to_review(hub.db, "domain", 9) == []
    await moderate.end(hub.db, None, measure.id)
    assert (await ana.post(f"/admin/measures/{measure.id}", {"deed": "keep"}, form="/follow")).status == 409
    assert (await ana.post(f"/admin/measures/{measure.id}", {"deed": "x"}, form="/follow")).status == 422
