"""Lists of domains: taken in as drafts, never in force by themselves, put in force by two, taken off again."""

from __future__ import annotations

import time

import aiohttp
import pytest

from node.jobs import lists as list_jobs
from node.store.moderation import domain_lists, drafts, measures
from node.store.moderation.drafts import Sought
from node.store.people import actors, follows
from node.store.tabular import Slice
from schemas.limits import DRAFTS_AT_ONCE
from tests.factories import a_remote_actor
from tests.node.pages.conftest import TOKEN, Browser, Hub
from tests.peer import hostile_peer

CSV = "#domain,#severity,#public_comment\nevil.test,suspend,hate\nnoise.test,silence,\nno domain,suspend,\n"


async def bring(browser: Browser, text: str, name: str = "A file", purpose: str = "block") -> int:
    """Bring a file, as the form sends it; the list's number."""
    token = TOKEN.search((await browser.get("/admin/lists")).text)
    assert token
    form = aiohttp.FormData()
    for field, value in (("form_token", token[1]), ("name", name), ("purpose", purpose), ("url", "")):
        form.add_field(field, value)
    form.add_field("file", text.encode(), filename="list.csv", content_type="text/csv")
    async with browser.session.post(
        f"{browser.base}/admin/lists", data=form, headers={"Origin": browser.base}
    ) as answer:
        assert answer.status == 200, await answer.text()
        return int(str(answer.url).rpartition("/")[2])


async def waiting(hub: Hub) -> list[tuple[str, str, bool]]:
    found = await drafts.list_of(hub.db, Sought(), Slice(limit=100))
    return [(one.domain, one.kind, one.lifts) for one in found]


async def test_a_file_becomes_drafts_and_nothing_else(hub: Hub, mo: Browser) -> None:
    number = await bring(mo, CSV)
    await list_jobs.read_list(hub.node, number)
    page = await mo.get(f"/admin/lists/{number}")
    assert "1 names no domain" in page.words
    assert await waiting(hub) == [("evil.test", "suspend", False), ("noise.test", "limit", False)]
    assert await measures.list_in_force(hub.db, "domain") == []
    assert (await domain_lists.get(hub.db, number)).state == "read"


async def test_drafts_are_accepted_and_rejected_after_a_look(hub: Hub, mo: Browser, ana: Browser) -> None:
    cy = await a_remote_actor(hub.db, "cy", host="https://sub.evil.test")
    await follows.insert(hub.db, cy.id, (await actors.hub(hub.db)).id, "https://sub.evil.test/f", accepted=True)
    number = await bring(mo, CSV)
    await list_jobs.read_list(hub.node, number)
    assert "1 person known, 1 follow" in (await mo.get("/admin/drafts?known=true")).words
    found = {one.domain: str(one.id) for one in await drafts.list_of(hub.db, Sought(), Slice(limit=9))}
    there = {"return_to": f"/admin/drafts?list_id={number}"}
    look = await mo.post("/admin/drafts", {"deed": "accept", "chosen": list(found.values()), **there})
    assert "1 follow would be touched." in look.words
    assert await measures.list_in_force(hub.db, "domain") == []
    await mo.post("/admin/drafts", {"deed": "accept", "chosen": [found["evil.test"]], "sure": "yes", **there})
    assert [one.target for one in await measures.list_proposed(hub.db, "domain")] == ["evil.test"]
    await mo.post("/admin/drafts", {"deed": "reject", "chosen": [found["noise.test"]], "sure": "yes", **there})
    assert await waiting(hub) == []
    await list_jobs.read_list(hub.node, number)
    again = await bring(ana, CSV, "Another")
    await list_jobs.read_list(hub.node, again)
    assert len(await waiting(hub)) == 2


async def test_a_whole_list_needs_two_people(hub: Hub, mo: Browser, ana: Browser) -> None:
    cy = await a_remote_actor(hub.db, "cy", host="https://evil.test")
    number = await bring(mo, CSV)
    await list_jobs.read_list(hub.node, number)
    there = f"/admin/lists/{number}"
    assert "Waits for a second person" in (await mo.post(there, {"deed": "all"})).words
    assert (await mo.post(there, {"deed": "confirm"})).status == 403
    assert "It begins now." in (await ana.post(there, {"deed": "confirm"})).words
    await list_jobs.apply_list(hub.node, number)
    force = {one.target: one for one in await measures.list_in_force(hub.db, "domain")}
    assert set(force) == {"evil.test", "noise.test"}
    assert not force["evil.test"].stands_alone
    assert force["evil.test"].public_reason == "hate"
    assert (await actors.get(hub.db, cy.id)).host_suspended
    assert await waiting(hub) == []
    files = {name: (await mo.get(f"/admin/lists/export/{name}")).text for name in ("blocks.csv", "blocks.json")}
    assert "evil.test,suspend,true,true,hate,false" in files["blocks.csv"]
    assert '"evil.test"' in files["blocks.json"]
    assert (await mo.get("/admin/lists/export/nothing.csv")).status == 404


async def test_what_a_list_takes_off_asks_to_be_lifted(hub: Hub, mo: Browser, ana: Browser) -> None:
    number = await bring(mo, CSV)
    await list_jobs.read_list(hub.node, number)
    await mo.post(f"/admin/lists/{number}", {"deed": "all"})
    await ana.post(f"/admin/lists/{number}", {"deed": "confirm"})
    await list_jobs.apply_list(hub.node, number)
    await domain_lists.put_body(hub.db, number, b"#domain,#severity\nnoise.test,silence\nnew.test,silence\n", "")
    await list_jobs.read_list(hub.node, number)
    assert sorted(await waiting(hub)) == [("evil.test", "suspend", True), ("new.test", "limit", False)]
    lift = next(one for one in await drafts.list_of(hub.db, Sought(), Slice(limit=9)) if one.lifts)
    await mo.post("/admin/drafts", {"deed": "accept", "chosen": [str(lift.id)], "sure": "yes"})
    assert not await measures.find_in_force(hub.db, "suspend", "domain", "evil.test")
    await domain_lists.put_body(hub.db, number, b"#domain,#severity\nnoise.test,silence\n", "")
    await list_jobs.read_list(hub.node, number)
    assert await waiting(hub) == []


async def test_exclusions_are_never_drafted(hub: Hub, mo: Browser) -> None:
    number = await bring(mo, CSV)
    there = f"/admin/lists/{number}"
    assert (await mo.post(there, {"deed": "exclude", "exclusions": "no domain"})).status == 422
    await mo.post(there, {"deed": "exclude", "exclusions": "EVIL.test"})
    await list_jobs.read_list(hub.node, number)
    assert [domain for domain, _, _ in await waiting(hub)] == ["noise.test"]
    assert "evil.test" in (await mo.get(there)).text
    assert "Forgotten." in (await mo.post(there, {"deed": "forget"})).words
    assert await waiting(hub) == []


async def test_a_list_at_an_address_is_read_again_only_where_it_changed(hub: Hub, mo: Browser) -> None:
    async with hostile_peer() as peer:
        sent = {"name": "Theirs", "purpose": "block", "url": peer.url("/list.csv")}
        peer.serve("/list.csv", CSV.encode(), content_type="text/csv", headers={"ETag": '"1"'})
        there = (await mo.post("/admin/lists", sent)).url.removeprefix(hub.base)
        number = int(there.rpartition("/")[2])
        await list_jobs.fetch_list(hub.node, number)
        await list_jobs.read_list(hub.node, number)
        assert len(await waiting(hub)) == 2
        peer.serve("/list.csv", b"", status=304)
        await list_jobs.fetch_list(hub.node, number)
        assert peer.requests("/list.csv")[-1].header("If-None-Match") == '"1"'
        peer.serve("/list.csv", b"", status=500)
        await list_jobs.fetch_list(hub.node, number)
    known = await domain_lists.get(hub.db, number)
    assert (known.state, known.error) == ("read", "status 500")
    assert "something is wrong on its side" in (await mo.get(there)).words
    assert len(await waiting(hub)) == 2
    assert (await mo.post("/admin/lists", sent)).status == 422
    assert (await mo.post("/admin/lists", {**sent, "url": "javascript:1"})).status == 422


async def test_a_list_of_allowed_servers_lets_them_in(hub: Hub, mo: Browser) -> None:
    number = await bring(mo, "#domain\nfriend.test\n", purpose="allow")
    await list_jobs.read_list(hub.node, number)
    assert "It begins now." in (await mo.post(f"/admin/lists/{number}", {"deed": "all"})).words
    await list_jobs.apply_list(hub.node, number)
    assert "friend.test" in (await mo.get("/admin/lists/export/allowed.csv")).text
    assert await measures.list_in_force(hub.db, "domain") == []


async def test_a_list_is_told_of_once_and_its_rows_are_counted_as_they_come(
    hub: Hub, mo: Browser, ana: Browser
) -> None:
    number = await bring(mo, "#domain\n" + "".join(f"n{one}.evil.test\n" for one in range(DRAFTS_AT_ONCE + 1)))
    await list_jobs.read_list(hub.node, number)
    await mo.post(f"/admin/lists/{number}", {"deed": "all"})
    await ana.post(f"/admin/lists/{number}", {"deed": "confirm"})
    await list_jobs.apply_list(hub.node, number)
    steps = await hub.db.fetch("SELECT public FROM log WHERE kind = 'list.applied' ORDER BY id")
    assert [one["public"] for one in steps] == [None, None, f"A file: {DRAFTS_AT_ONCE + 1}"]
    rows = await hub.db.fetchval("SELECT reltuples FROM pg_class WHERE relname = 'measures'")
    assert rows >= DRAFTS_AT_ONCE, "plans of foreign keys made before read all measures for each new one"


@pytest.mark.full
async def test_fifty_thousand_domains_come_into_force_in_steps(hub: Hub, mo: Browser, ana: Browser) -> None:
    text = "#domain\n" + "".join(f"n{number}.evil.test\n" for number in range(50_000))
    number = await bring(mo, text)
    began = time.perf_counter()
    await list_jobs.read_list(hub.node, number)
    assert (await domain_lists.get(hub.db, number)).done == 50_000
    await mo.post(f"/admin/lists/{number}", {"deed": "all"})
    await ana.post(f"/admin/lists/{number}", {"deed": "confirm"})
    await list_jobs.apply_list(hub.node, number)
    assert time.perf_counter() - began < 300
    steps = await hub.db.fetch("SELECT public FROM log WHERE kind = 'list.applied' ORDER BY id")
    assert [one["public"] for one in steps] == [None] * (50_000 // DRAFTS_AT_ONCE) + ["A file: 50000"]
    await hub.node.policy.refresh(hub.db)
    assert not hub.node.policy.may_federate("a.n49999.evil.test")
    assert hub.node.policy.may_federate("evil.test")
    assert await hub.db.fetchval("SELECT domain_measure('suspend', 'x.n7.evil.test')")
