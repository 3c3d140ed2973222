"""From the form to the first sign-in: each way in, what keeps programs out, and who decides."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from node.actions import admit, join
from node.errors import Conflict
from node.secrets import proofs
from node.store.hub import hub as hubs
from node.store.members import applications, invitations
from node.store.members import sign_ups as kept
from node.store.people import actors
from node.store.tabular import Slice
from schemas.limits import PROOF_SECONDS, SIGN_UP_LETTER_CHARS
from schemas.sign_ups import Mode, SignUps
from tests.node.pages.conftest import PASSWORD, Browser, Hub
from tests.node.pages.letters import last, outbox

NIA: dict[str, Any] = {
    "name": "nia",
    "display_name": "Nia Ndiaye",
    "email": "nia@home.example",
    "password": PASSWORD,
    "language": "en",
    "answers.0": "Bicycles.",
    "agreed": "true",
}


async def let(hub: Hub, mode: Mode, **more: Any) -> None:
    await kept.put(hub.db, SignUps(mode=mode, **more))


async def confirm(hub: Hub, browser: Browser) -> str:
    link = (await last(hub, "application_confirm")).link("/join/confirm")
    token = link.partition("token=")[2]
    return (await browser.post("/join/confirm", {"token": token}, form=link)).words


async def solved(hub: Hub, browser: Browser) -> dict[str, str]:
    """What the script of the form would send."""
    secret = (await hubs.get(hub.db)).secret
    asked = (await browser.get("/join")).text.partition('data-challenge="')[2].partition('"')[0]
    found = next(str(one) for one in range(10_000_000) if proofs.is_solved(secret, asked, str(one)))
    return {"challenge": asked, "proof": found}


async def test_an_application_is_confirmed_accepted_and_welcomed(hub: Hub, ana: Browser, stranger: Browser) -> None:
    page = await stranger.post("/join", NIA)
    assert "We sent a letter to nia@home.example" in page.words
    assert await actors.find_local(hub.db, "nia") is None
    assert "Nia" not in (await ana.get("/admin/applications")).words
    assert "Your application is with us now." in await confirm(hub, stranger)
    assert (await last(hub, "application_received")).mail.recipient == "nia@home.example"
    assert (await stranger.post("/sign-in", {"who": "nia", "password": PASSWORD})).status == 422
    assert "Nia Ndiaye" in (await ana.get("/admin")).words
    queue = await ana.get("/admin/applications")
    assert "Bicycles." in queue.words and "Without scripts" in queue.words
    number = str((await applications.list_of(hub.db, "waiting", Slice()))[0].id)
    sent = {"chosen": number, "deed": "accept"}
    assert "nia@home.example" in (await ana.post("/admin/applications", sent)).words
    assert await actors.find_local(hub.db, "nia") is None, "a look first"
    await ana.post("/admin/applications", {**sent, "sure": "yes", "words.en": "Come on Friday."})
    letter = await last(hub, "application_accepted")
    assert "Come on Friday." in letter.letter.text
    page = await stranger.post("/sign-in", {"who": "nia", "password": PASSWORD, "return_to": "/welcome"})
    assert page.url.endswith("/welcome") and "Welcome, Nia Ndiaye!" in page.words
    again = await ana.post("/admin/applications", {**sent, "sure": "yes"})
    assert again.status == 409


async def test_an_open_hub_lets_in_at_once_whose_browser_did_its_work(hub: Hub, stranger: Browser) -> None:
    await let(hub, "open")
    proof = await solved(hub, stranger)
    await stranger.post("/join", NIA | proof)
    assert "You are a member now." in await confirm(hub, stranger)
    assert (await stranger.post("/sign-in", {"who": "nia", "password": PASSWORD})).url.endswith("/desk")
    other = hub.browser()
    await other.post("/join", NIA | proof | {"name": "bo", "email": "bo@home.example"})
    assert "with us now" in await confirm(hub, other), "a proof counts once"


async def test_a_proof_is_ours_solved_and_recent(hub: Hub, stranger: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = (await hubs.get(hub.db)).secret
    proof = await solved(hub, stranger)
    asked, found = proof["challenge"], proof["proof"]
    for wrong, number in ((asked[:-1] + "x", found), (asked, f"{found}0"), (asked, ""), ("x" + asked, found)):
        assert not proofs.is_solved(secret, wrong, number)
    later = proofs.time.time() + PROOF_SECONDS + 60
    monkeypatch.setattr(proofs.time, "time", lambda: later)
    assert not proofs.is_solved(secret, asked, found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "ana"}, "This name is taken or kept."),
        ({"name": "Ü!"}, "Use small letters"),
        ({"email": "x@mailinator.com"}, "an address to throw away"),
        ({"email": "x@sub.bad.example"}, "an address to throw away"),
        ({"password": "short"}, "The password needs at least"),
        ({"answers.0": "  "}, "This is needed."),
        ({"answers.0": "x" * 2001}, "This may have 2000 characters at most."),
        ({"agreed": ""}, "Please agree to the rules."),
        ({"website": "https://spam.example"}, "it is there for programs"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    hub: Hub, stranger: Browser, changes: dict[str, str], words: str
) -> None:
    await let(hub, "application", refused=("bad.example",))
    page = await stranger.post("/join", NIA | changes)
    assert page.status == 422 and words in page.words
    assert "Nia Ndiaye" in page.text and PASSWORD not in page.text
    assert await outbox(hub) == []


async def test_case_115_a_known_address_is_told_by_mail_and_not_on_the_page(hub: Hub, stranger: Browser) -> None:
    known = await stranger.post("/join", NIA | {"email": "ana@hub.example"})
    new = await hub.browser().post("/join", NIA)
    assert known.words.replace("ana@hub.example", "") == new.words.replace("nia@home.example", "")
    assert [one.mail.kind for one in await outbox(hub)] == ["application_known", "application_confirm"]
    await confirm(hub, stranger)
    await hub.browser().post("/join", NIA | {"name": "nina"})
    assert (await last(hub, "application_known")).mail.recipient == "nia@home.example", "waits already"


async def test_case_125_one_network_asks_only_so_often(hub: Hub, stranger: Browser) -> None:
    answers = [(await stranger.post("/join", NIA | {"agreed": ""})).status for _ in range(7)]
    assert answers[0] == 422 and answers[-1] == 429


async def test_who_applies_twice_before_confirming_has_the_later_letter(hub: Hub, stranger: Browser) -> None:
    await stranger.post("/join", NIA)
    first = (await last(hub, "application_confirm")).link("/join/confirm")
    await stranger.post("/join", NIA)
    assert (await stranger.get(first)).status == 404
    assert "with us now" in await confirm(hub, stranger)
    assert (await hub.browser().post("/join", NIA | {"email": "other@home.example"})).status == 422, "the name is taken"


async def test_where_nobody_comes_in_the_page_says_so(hub: Hub, stranger: Browser) -> None:
    for mode, words in (("closed", "takes in nobody"), ("invitation", "with an invitation")):
        await let(hub, mode)  # type: ignore[arg-type]
        page = await stranger.get("/join")
        assert page.status == 403 and words in page.words
        assert (await stranger.post("/join", NIA, form="/take-part")).status == 403
        assert "Ask us" in (await stranger.get("/take-part")).words
    assert (await stranger.get("/join/guessed")).status == 409


async def test_a_member_invites_within_the_quota_and_who_comes_is_in(hub: Hub, stranger: Browser) -> None:
    await let(hub, "invitation", quota=2)
    bo = await hub.signed_in("bo")
    page = await bo.post("/settings/invitations", {"places": "3"})
    assert page.status == 422 and "You can give away 2 more places" in page.words
    page = await bo.post("/settings/invitations", {"places": "2", "note": "Nia"})
    code = page.text.partition("/join/")[2].partition("<")[0]
    assert len(code) == 22
    assert "You have given away all your places" in page.words
    assert "@bo invites you." in (await stranger.get(f"/join/{code}")).words
    await stranger.post(f"/join/{code}", NIA)
    assert "You are a member now." in await confirm(hub, stranger)
    row = await hub.db.fetchrow("SELECT state, invited_by FROM applications")
    account = await hub.db.fetchval(
        "SELECT acc.id FROM accounts acc JOIN actors a ON a.id = actor_id WHERE name = 'bo'"
    )
    assert (row["state"], row["invited_by"]) == ("accepted", account)
    number = str((await invitations.list_of(hub.db, None, 9))[0].id)
    cy = await hub.signed_in("cy")
    assert (await cy.post("/settings/invitations", {"end": number})).status == 404
    await bo.post("/settings/invitations", {"end": number})
    assert (await stranger.get(f"/join/{code}")).status == 409


async def test_stewards_see_who_invited_where_they_want_to_look(hub: Hub, ana: Browser, stranger: Browser) -> None:
    await let(hub, "application", look_at_invited=True)
    page = await ana.post("/settings/invitations", {"places": "50", "days": "30"})
    code = page.text.partition("/join/")[2].partition("<")[0]
    await stranger.post(f"/join/{code}", NIA)
    assert "with us now" in await confirm(hub, stranger)
    assert "@ana" in (await ana.get("/admin/applications")).words


async def test_case_144_of_two_who_take_the_last_place_at_once_one_has_it(hub: Hub, stranger: Browser) -> None:
    viewer = await hub.member("bo")
    number = await invitations.insert(hub.db, viewer.account.id, 1, 3, "")
    pool = hub.node.database.pool

    async def take() -> bool:
        async with pool.acquire() as db:
            return await invitations.take(db, number)

    assert sorted(await asyncio.gather(take(), take(), take())) == [False, False, True]


async def test_case_144_an_application_is_decided_once(hub: Hub, ana: Browser, stranger: Browser) -> None:
    await stranger.post("/join", NIA)
    await confirm(hub, stranger)
    steward = await hub.member("bo", "steward")
    number = await hub.db.fetchval("SELECT id FROM applications")
    pool = hub.node.database.pool

    async def decide() -> str:
        async with pool.acquire() as db, db.transaction():
            await admit.decline(db, hub.urls, steward, number, "")
        return "done"

    done = await asyncio.gather(decide(), decide(), return_exceptions=True)
    assert done.count("done") == 1 and any(isinstance(one, Conflict) for one in done)
    assert len(await outbox(hub, "application_declined")) == 1
    assert await hub.db.fetchval("SELECT password_hash FROM applications") is None


async def test_places_of_those_who_never_confirmed_are_free_again(hub: Hub, stranger: Browser) -> None:
    viewer = await hub.member("bo")
    await invitations.insert(hub.db, viewer.account.id, 1, 3, "")
    code = (await invitations.list_of(hub.db, None, 1))[0].code
    await stranger.post(f"/join/{code}", NIA)
    assert (await stranger.get(f"/join/{code}")).status == 409
    await hub.db.execute("UPDATE applications SET expires_at = now() - interval '1 second'")
    await applications.forget(hub.db)
    assert (await stranger.get(f"/join/{code}")).status == 200


async def test_stewards_keep_notes_and_set_how_people_come_in(hub: Hub, ana: Browser, stranger: Browser) -> None:
    await stranger.post("/join", NIA)
    await confirm(hub, stranger)
    number = await hub.db.fetchval("SELECT id FROM applications")
    there = f"/admin/applications/{number}"
    assert "Knows Ida." in (await ana.post(there, {"notes": "Knows Ida."})).words
    sent = {"mode": "open", "quota": "3", "days": "7", "question.0.en": "Which tools?", "refused": "@Bad.example"}
    assert "It holds from now on." in (await ana.post("/admin/sign-ups", sent)).words
    now = (await hubs.get(hub.db)).sign_ups
    assert (now.mode, now.quota, now.refused) == ("open", 3, ("bad.example",))
    assert "Which tools?" in (await stranger.get("/join")).words
    assert "Way into the hub changed" in (await stranger.get("/log")).words
    for wrong in ({"mode": "x"}, {"quota": "many"}, {"days": "91"}, {"refused": "no domain!"}):
        assert (await ana.post("/admin/sign-ups", sent | wrong)).status == 422
    assert msgspec.structs.replace(now) == (await hubs.get(hub.db)).sign_ups


async def test_what_machines_are_told_is_what_holds(hub: Hub, stranger: Browser) -> None:
    for mode, taken in (("open", True), ("application", True), ("invitation", False), ("closed", False)):
        await let(hub, mode)  # type: ignore[arg-type]
        assert f'"openRegistrations":{str(taken).lower()}' in (await stranger.get("/nodeinfo/2.1")).text
        told = msgspec.json.decode((await stranger.get("/api/v2/instance")).text)["registrations"]
        assert (told["enabled"], told["approval_required"], told["reason_required"]) == (taken, taken, taken)
        assert msgspec.json.decode((await stranger.get("/api/v1/instance")).text)["invites_enabled"] == (
            mode != "closed"
        )
    with pytest.raises(join.Forbidden):
        await join.way_in(hub.db, SignUps(mode="closed"), "any")


async def test_letters_are_in_the_language_that_the_applicant_chose(hub: Hub, ana: Browser, stranger: Browser) -> None:
    page = await ana.post("/admin/sign-ups", {"mode": "application", "quota": "5", "days": "14",
                                              "welcome.fr": "Viens vendredi.", "welcome.en": "Come."})  # fmt: skip
    assert page.status == 200
    await stranger.post("/join", NIA | {"language": "fr"})
    await confirm(hub, stranger)
    number = await hub.db.fetchval("SELECT max(id) FROM applications")
    sent = {"chosen": str(number), "deed": "accept", "return_to": "/admin/applications"}
    assert "Viens vendredi." in (await ana.post("/admin/applications", sent)).text
    typed = "x" * (SIGN_UP_LETTER_CHARS + 1)
    page = await ana.post("/admin/applications", sent | {"sure": "yes", "words.fr": typed})
    assert (page.status, typed in page.text) == (422, True)
    await ana.post("/admin/applications", sent | {"sure": "yes", "words.fr": "À vendredi !"})
    letter = await last(hub, "application_accepted")
    assert letter.mail.language == "fr" and "À vendredi !" in letter.letter.text
