"""Offices in the panel: proposed, offered, taken, handed over, laid down; what roles may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.store.members import accounts, mandates, offers, roles
from node.store.moderation import measures
from node.store.people import actors
from node.web.keys import SETTINGS
from node.web.sessions import cookie_name
from tests.node.pages.conftest import Browser, Hub

NEXT_YEAR = (datetime.now(UTC) + timedelta(days=365)).date().isoformat()


async def office_of(hub: Hub, name: str, role: str) -> mandates.Mandate:
    actor = await actors.find_local(hub.db, name)
    account = await accounts.find_by_actor(hub.db, actor.id) if actor else None
    held = await mandates.holds(hub.db, account.id, role) if account else None
    assert held
    return held


async def test_an_office_is_handed_over_from_page_to_page(hub: Hub, ana: Browser) -> None:
    bo, cy = await hub.signed_in("bo", "steward"), await hub.signed_in("cy")
    office = await office_of(hub, "ana", "steward")
    path = f"/admin/mandates/{office.id}"
    await ana.post(path, {"deed": "handover", "handover": "Keys\nPasswords", "done": "Keys"})
    assert [(one.text, one.done) for one in (await mandates.get(hub.db, office.id)).handover] == [
        ("Keys", True),
        ("Passwords", False),
    ]
    wrong = await ana.post(path, {"deed": "give", "name": "nobody", "ends_at": NEXT_YEAR})
    assert wrong.status == 422
    assert "There is no member of this name." in wrong.words
    page = await ana.post(path, {"deed": "give", "name": "cy", "ends_at": NEXT_YEAR, "public_reason": "my turn"})
    assert "Give an office: Steward, to @cy" in page.words
    (one,) = await measures.list_undecided(hub.db)
    await bo.post(f"/admin/decisions/{one.id}", {"deed": "confirm"})
    page = await cy.get("/offices")
    assert "Offered to you: Steward" in page.words
    assert "Ana holds it until then." in page.words or "ana holds it until then." in page.words
    assert (await cy.get("/admin/roles")).status == 403
    (offer,) = await offers.list_open(hub.db)
    assert "Offered, not answered yet" in (await bo.get("/admin/roles")).words
    name, old = cookie_name(hub.app[SETTINGS], "session"), hub.browser()
    old.keep(name, cy.cookies()[name])
    page = await cy.post("/offices", {"deed": "take", "id": str(offer.id)})
    assert "The office is yours now." in page.text
    assert (await old.get("/desk")).status == 401, "who may do more does it under a new key (case 131)"
    assert "Passwords" in page.text
    assert (await cy.get("/admin/roles")).status == 200
    assert (await ana.get("/admin/roles")).status == 403
    again = await cy.post("/offices", {"deed": "take", "id": str(offer.id)})
    assert again.status == 404


async def test_a_deputy_is_named_asked_and_stands_in_when_the_office_is_laid_down(hub: Hub, ana: Browser) -> None:
    bo = await hub.signed_in("bo", "moderator")
    cy = await hub.signed_in("cy")
    office = await office_of(hub, "bo", "moderator")
    page = await ana.post(f"/admin/mandates/{office.id}", {"deed": "deputy", "name": "cy"})
    assert "has not agreed yet" in page.words
    assert "Deputy: Moderator" in (await cy.get("/offices")).words
    await cy.post("/offices", {"deed": "agree", "id": str(office.id)})
    page = await bo.post("/offices", {"deed": "lay_down", "id": str(office.id)})
    assert "You hold this office no longer." in page.text
    assert "Stands in" in (await ana.get("/admin/roles")).words
    assert (await cy.get("/admin/servers")).status == 200
    assert (await bo.get("/admin/servers")).status == 403


async def test_the_last_steward_cannot_lay_down_the_office_and_vacancies_show(hub: Hub, ana: Browser) -> None:
    office = await office_of(hub, "ana", "steward")
    page = await ana.post("/offices", {"deed": "lay_down", "id": str(office.id)})
    assert page.status == 422
    assert "Nobody else could give offices then." in page.words
    assert "Moderator : 0 of 1 seats are taken." in (await ana.get("/admin/roles")).words
    stranger = await hub.signed_in("dee")
    assert "You hold no office." in (await stranger.get("/offices")).words
    assert (await stranger.post("/offices", {"deed": "fly", "id": "x"})).status == 422


async def test_a_role_is_changed_by_form(hub: Hub, ana: Browser) -> None:
    assert "Offices, votes and rules of decision" in (await ana.get("/admin/roles/steward")).words
    sent = {"role": "treasurer", "permissions": ["see_queue", "publish"], "seats": "2"}
    await ana.post("/admin/roles/new-role", sent)
    made = (await roles.list_all(hub.db))["treasurer"]
    assert (made.permissions, made.seats) == (["publish", "see_queue"], 2)
    for wrong in ({"role": "Bad Name"}, {"seats": "many"}, {"permissions": ["fly"]}):
        assert (await ana.post("/admin/roles/treasurer", wrong)).status == 422
    refused = await ana.post("/admin/roles/steward", {"permissions": ["publish"]})
    assert "Nobody else could give offices then." in refused.words
    page = await ana.post("/admin/roles", {"name": "ana", "role": "treasurer", "ends_at": ""})
    assert "No office is for ever" in page.words


async def test_the_last_steward_is_neither_frozen_nor_suspended_before_somebody_follows(
    hub: Hub, ana: Browser, mo: Browser
) -> None:
    steward = await actors.find_local(hub.db, "ana")
    assert steward
    page = f"/admin/accounts/{steward.id}"
    for kind in ("freeze", "suspend"):
        refused = await mo.post(f"{page}/measures", {"kind": kind, "at_once": "true"}, form=page)
        assert refused.status == 422 and "Find somebody to follow first." in refused.words
    assert await hub.db.fetchval("SELECT count(*) FROM measures") == 0
    await hub.member("bo", "steward")
    await mo.post(f"{page}/measures", {"kind": "suspend"}, form=page)
    waiting = await hub.db.fetchval("SELECT id FROM measures WHERE state = 'proposed'")
    await hub.db.execute("UPDATE mandates SET ends_at = now() WHERE account_id = (SELECT max(id) FROM accounts)")
    second = await hub.signed_in("cy", "moderator")
    late = await second.post(f"/admin/decisions/{waiting}", {"deed": "confirm"})
    assert "Find somebody to follow first." in late.words
    after = await actors.find_local(hub.db, "ana")
    assert after and after.suspended_at is None


async def test_everybody_reads_which_offices_are_vacant_and_who_holds_one_of_the_hubs_own(
    hub: Hub, ana: Browser, stranger: Browser
) -> None:
    await roles.put(hub.db, "greeter", ["see_cases"], 2)
    await hub.member("lea", "greeter")
    about = (await stranger.get("/about")).words
    assert "greeter : 1 of 2 seats are taken." in about and "greeter lea" in about.lower()
