"""Appeals: said once by whom a measure hit, even while they may not sign in, and decided by somebody else."""

from __future__ import annotations

import msgspec

from node.actions import appeal, moderate
from node.mailing import rendering
from node.store.access import attempts
from node.store.db import Db
from node.store.hub import hub as hubs
from node.store.moderation import ballots, log, measures
from node.store.notices import mails
from node.store.people import actors
from node.web.keys import SETTINGS
from schemas.limits import SIGN_IN_COUNT_ACCOUNT, SIGN_IN_SECONDS
from schemas.records import Measure
from tests.node.pages.conftest import PASSWORD, Browser, Hub
from tests.node.panel.conftest import mo

__all__ = ["mo"]


async def a_suspension(db: Db, name: str) -> Measure:
    """`name` is suspended by the operator's shell."""
    member = await actors.find_local(db, name)
    assert member
    order = moderate.Order(
        kind="suspend", target_kind="actor", target=member.uri, public_reason="Advertising.", at_once=True
    )
    async with db.transaction():
        return await moderate.take(db, None, order)


async def test_a_suspended_member_appeals_and_somebody_else_decides(hub: Hub, mo: Browser, stranger: Browser) -> None:
    await hub.member("bo")
    measure = await a_suspension(hub.db, "bo")
    assert (await stranger.post("/sign-in", {"who": "bo", "password": PASSWORD})).status == 422
    found = await stranger.post("/appeal", {"who": "bo", "password": PASSWORD})
    assert "Advertising." in found.words
    there = (await appeal.link_of(hub.node, hub.db, measure.id)).removeprefix(hub.base)
    letter = await mails.find(hub.db, await hub.db.fetchval("SELECT id FROM mails WHERE kind = 'measured'"))
    assert letter
    written = rendering.write(letter, await hubs.get(hub.db), hub.app[SETTINGS])
    assert hub.base + there in written.text
    assert "Advertising." in written.html
    assert f'href="{there}"' in found.text
    assert (await stranger.post(there, {"content": " "})).status == 422
    assert "Your appeal has arrived." in (await stranger.post(there, {"content": "It was a joke."})).words
    again = await stranger.post(there, {"content": "Again."}, form="/appeal")
    assert "You have appealed against this already." in again.words or again.status == 422
    panel = (await mo.get("/admin/appeals")).text
    number = await hub.db.fetchval("SELECT id FROM appeals")
    assert f'"/admin/appeals/{number}"' in panel
    assert "It was a joke." in (await mo.get(f"/admin/appeals/{number}")).words
    sent = {"deed": "grant", "answer": "Sorry."}
    assert "Lifted" in (await mo.post(f"/admin/appeals/{number}", sent)).words
    assert (await measures.get(hub.db, measure.id)).state == "ended"
    assert "Sorry." in (await stranger.get(there)).words
    letter = await hub.db.fetchrow("SELECT recipient, facts FROM mails WHERE kind = 'appeal_decided'")
    assert (letter["recipient"], letter["facts"]["answer"]) == ("bo@hub.example", "Sorry.")
    assert (await mo.post(f"/admin/appeals/{number}", sent, form="/admin/appeals")).status == 409
    said = [one.kind for one in await log.list_newest(hub.db, before=None, limit=9)]
    assert {"appeal.sent", "appeal.decided"} <= set(said)


async def test_who_took_a_measure_does_not_decide_about_the_appeal(hub: Hub, mo: Browser, ana: Browser) -> None:
    bo = await hub.signed_in("bo")
    measure = await a_suspension(hub.db, "bo")
    mine = await hub.db.fetchval("SELECT a.id FROM accounts a JOIN actors ON actors.id = actor_id WHERE name = 'mo'")
    await hub.db.execute("UPDATE measures SET confirmed_by = $2 WHERE id = $1", measure.id, mine)
    async with hub.db.transaction():
        await appeal.appeal(hub.db, measure.id, "It was a joke.")
    number = await hub.db.fetchval("SELECT id FROM appeals")
    there = f"/admin/appeals/{number}"
    assert "Somebody else must decide" in (await mo.get(there)).words
    assert (await mo.post(there, {"deed": "grant"}, form="/admin/appeals")).status == 403
    assert "It stands" in (await ana.post(there, {"deed": "uphold"})).words
    assert (await measures.get(hub.db, measure.id)).state == "executed"
    assert (await ana.post(there, {"deed": "shrug"})).status == 422
    assert bo


async def test_an_appeal_needs_the_key_or_the_password(hub: Hub, stranger: Browser) -> None:
    await hub.member("bo")
    measure = await a_suspension(hub.db, "bo")
    there = (await appeal.link_of(hub.node, hub.db, measure.id)).removeprefix(hub.base)
    assert (await stranger.get(f"/appeal/{measure.id}/{'0' * 32}")).status == 404
    assert (await stranger.get(there.replace(f"/{measure.id}/", f"/{measure.id + 1}/"))).status == 404
    for sent in ({"who": "bo", "password": "wrong"}, {"who": "nobody", "password": PASSWORD}):
        page = await stranger.post("/appeal", sent)
        assert page.status == 422
        assert "Advertising." not in page.words


async def test_case_115_a_password_is_no_easier_to_guess_at_the_appeal(hub: Hub, stranger: Browser) -> None:
    """From many networks together neither: what counts for an account when signing in counts here."""
    await hub.member("bo")
    settings = hub.app[SETTINGS]
    hub.app._state[SETTINGS] = msgspec.structs.replace(settings, rate_limits=True)
    try:
        while not await attempts.wait(hub.db, "sign in", "bo", count=SIGN_IN_COUNT_ACCOUNT, seconds=SIGN_IN_SECONDS):
            pass
        assert (await stranger.post("/appeal", {"who": "@Bo", "password": PASSWORD})).status == 429
    finally:
        hub.app._state[SETTINGS] = settings
        await hub.db.execute("DELETE FROM attempts WHERE subject LIKE 'sign in%'")


async def test_who_voted_does_not_decide_while_somebody_else_is_there(hub: Hub, mo: Browser, ana: Browser) -> None:
    await hub.member("bo")
    measure = await a_suspension(hub.db, "bo")
    handlers = await measures.eligible(hub.db, appeal.PERMISSION)
    mine = await hub.db.fetchval("SELECT a.id FROM accounts a JOIN actors ON actors.id = actor_id WHERE name = 'mo'")
    async with hub.db.transaction():
        await ballots.open_roll(hub.db, measure.id, handlers)
        await appeal.appeal(hub.db, measure.id, "It was a joke.")
        await ballots.cast(hub.db, measure.id, mine, "no", "")
    there = f"/admin/appeals/{await hub.db.fetchval('SELECT id FROM appeals')}"
    assert (await mo.post(there, {"deed": "grant"}, form="/admin/appeals")).status == 403
    for one in handlers:
        await ballots.cast(hub.db, measure.id, one, "yes", "")
    assert "Lifted" in (await mo.post(there, {"deed": "grant"})).words
    said = await log.list_newest(hub.db, before=None, limit=9)
    assert any(one.public and one.public.endswith("granted · alone") for one in said if one.kind == "appeal.decided")


async def test_whom_a_measure_is_on_never_decides(hub: Hub, mo: Browser) -> None:
    member = await actors.find_local(hub.db, "mo")
    assert member
    order = moderate.Order(kind="limit", target_kind="actor", target=member.uri, at_once=True)
    async with hub.db.transaction():
        measure = await moderate.take(hub.db, None, order)
        await appeal.appeal(hub.db, measure.id, "It was a joke.")
    await hub.db.execute(
        "DELETE FROM mandates WHERE account_id NOT IN (SELECT id FROM accounts WHERE actor_id = $1)", member.id
    )
    there = f"/admin/appeals/{await hub.db.fetchval('SELECT id FROM appeals')}"
    assert (await mo.post(there, {"deed": "grant"}, form="/admin/appeals")).status == 403
