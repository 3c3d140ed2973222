"""Decisions in the panel: a second person, votes with reasons, emergencies, and the rules themselves."""

from __future__ import annotations

from node.actions import moderate
from node.store.moderation import decision_rules, measures
from node.store.moderation.decision_rules import Rule
from node.store.people import actors
from tests.node.pages.conftest import Browser, Hub

ORDER = moderate.Order(kind="suspend", target_kind="domain", target="bad.example", public_reason="hate")


async def test_what_waits_for_a_second_person_is_confirmed_on_its_page(hub: Hub, ana: Browser, mo: Browser) -> None:
    there = "/admin/servers/bad.example"
    sent = {"kind": "suspend", "public_reason": "hate", "sure": "yes"}
    page = await mo.post(f"{there}/measures", sent, form=there)
    assert "Waits for a second person" in page.words
    mine, hers = await mo.get("/admin/decisions"), await ana.get("/admin/decisions")
    assert "Nothing waits for you." in mine.words
    assert "They wait for you" in hers.words
    assert "Suspend: bad.example" in hers.words
    (one,) = await measures.list_undecided(hub.db)
    own = await mo.get(f"/admin/decisions/{one.id}")
    assert "Somebody else has to confirm what you proposed." in own.words
    assert (await mo.post(f"/admin/decisions/{one.id}", {"deed": "confirm"})).status == 403
    done = await ana.post(f"/admin/decisions/{one.id}", {"deed": "confirm"})
    assert "Confirmed. It is in force now." in done.text
    assert "Confirmed by" in done.words
    again = await ana.post(f"/admin/decisions/{one.id}", {"deed": "confirm"})
    assert again.status == 422
    assert "A measure waits for your decision." in (await ana.get("/notifications")).words


async def test_a_vote_is_cast_with_a_reason_and_changed_until_it_closes(hub: Hub, ana: Browser) -> None:
    bo, cy = await hub.signed_in("bo", "steward"), await hub.signed_in("cy", "steward")
    await decision_rules.put(hub.db, Rule(kind="server_suspend", how="vote", quorum=50, days=7))
    there = "/admin/servers/bad.example"
    page = await ana.post(f"{there}/measures", {"kind": "suspend", "sure": "yes"}, form=there)
    assert "Waits for a vote" in page.words
    (one,) = await measures.list_undecided(hub.db)
    path = f"/admin/decisions/{one.id}"
    assert (await bo.post(path, {"deed": "vote", "choice": "maybe"})).status == 422
    assert "x" * 80 not in (await bo.get(path)).words
    page = await bo.post(path, {"deed": "vote", "choice": "no", "reason": "too hard"})
    assert "1 for it, 1 against it, 0 abstentions; 2 of 3 have voted." in page.words
    assert "too hard" in (await cy.get(path)).words
    await bo.post(path, {"deed": "vote", "choice": "yes", "reason": "well"})
    assert (await bo.post(path, {"deed": "end"})).status == 403
    page = await cy.post(path, {"deed": "vote", "choice": "abstain"})
    assert "In force" in page.words
    assert await measures.find_in_force(hub.db, "suspend", "domain", "bad.example")
    member = await hub.signed_in("dee")
    assert (await member.get(path)).status == 403


async def test_an_emergency_says_when_it_lapses_and_is_confirmed(hub: Hub, ana: Browser, mo: Browser) -> None:
    there = "/admin/servers/bad.example"
    page = await mo.post(f"{there}/measures", {"kind": "suspend", "sure": "yes", "at_once": "true"}, form=there)
    assert "unless confirmed" in page.words
    (one,) = await measures.list_undecided(hub.db)
    page = await ana.get(f"/admin/decisions/{one.id}")
    assert "otherwise it is undone by itself" in page.words
    await ana.post(f"/admin/measures/{one.id}", {"deed": "confirm"}, form=there)
    assert (await measures.look_at(hub.db, one.id)).lapses_at is None


async def test_the_rules_are_proposed_by_form_and_confirmed_by_another(hub: Hub, ana: Browser) -> None:
    bo = await hub.signed_in("bo", "steward")
    path = "/admin/rules-of-decision"
    assert "Server: Suspend" in (await ana.get(path)).words
    wrong = await ana.post(path, {"suspend.quorum": "0", "suspend.days": "many"})
    assert wrong.status == 422
    assert "Person: Suspend, Open for (days) : This must be a whole number." in wrong.words
    same = await ana.post(path, {})
    assert "Nothing would change." in same.text
    sent = {"suspend.how": "vote", "suspend.quorum": "66", "suspend.days": "10", "public_reason": "calmer"}
    page = await ana.post(path, sent)
    assert "Person: Suspend: A vote of the stewards, 66 % take part, 10 days" in page.words
    (one,) = await measures.list_undecided(hub.db)
    assert (await decision_rules.get(hub.db, "suspend")).how == "second"
    await bo.post(f"/admin/decisions/{one.id}", {"deed": "confirm"})
    assert await decision_rules.get(hub.db, "suspend") == Rule(kind="suspend", how="vote", quorum=66, days=10)
    mo = await hub.signed_in("mo", "moderator")
    assert "disabled" in (await mo.get(path)).text


async def test_people_are_listed_looked_at_and_measured(hub: Hub, mo: Browser) -> None:
    await hub.member("bo")
    bo = await actors.find_local(hub.db, "bo")
    assert bo
    assert "@bo" in (await mo.get("/admin/accounts")).words
    assert "@bo" not in (await mo.get("/admin/accounts?state=measured")).words
    assert "@bo" in (await mo.get("/admin/accounts?q=bo&sort=-since")).words
    listed = await mo.get("/admin/accounts?format=csv")
    assert '@bo",' in listed.text
    assert "@mo" in (await mo.get("/admin/accounts?state=offices")).words
    assert (await mo.get("/admin/accounts?state=elsewhere&q=100%25")).status == 200
    path = f"/admin/accounts/{bo.id}"
    wrong = await mo.post(f"{path}/measures", {"kind": "warn"}, form=path)
    assert wrong.status == 422
    page = await mo.post(f"{path}/measures", {"kind": "freeze", "public_reason": "calm down"}, form=path)
    assert "Frozen" in page.words
    assert "@bo" in (await mo.get("/admin/accounts?state=measured")).words
    again = await mo.post(f"{path}/measures", {"kind": "freeze"}, form=path)
    assert "in force already" in again.words
    refused = await mo.post(f"{path}/measures", {"kind": "purge"}, form=path)
    assert "Suspend the account first" in refused.words
