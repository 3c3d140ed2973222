"""How the node fares, as stewards see it; back-ups by themselves, and one restored for trial; keys shut out."""

from __future__ import annotations

from node.jobs.back_ups import ask_due, back_up, try_back_up
from node.store.access import tokens
from node.store.queues import jobs
from node.store.upkeep import back_ups
from tests.node.pages.conftest import Browser, Hub


async def test_a_back_up_is_asked_for_made_restored_for_trial_and_shown(hub: Hub, ana: Browser) -> None:
    page = "/admin/operations"
    assert "None was made yet." in (await ana.get(page)).words
    await ana.post(page, {}, form=page)
    asked = "SELECT count(*) FROM jobs WHERE kind = 'back_up'"
    assert await hub.db.fetchval(asked) == 1
    await back_up(hub.node)
    [made] = await back_ups.list_newest(hub.db, 5)
    assert made.error == "" and made.bytes == (hub.node.settings.back_ups_folder / made.file).stat().st_size
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'try_back_up'") == 1
    await try_back_up(hub.node)
    [tried] = await back_ups.list_newest(hub.db, 5)
    assert tried.tested_at and tried.test_error == ""
    assert "Whole" in (await ana.get(page)).words
    (hub.node.settings.back_ups_folder / made.file).write_bytes(b"no archive")
    await try_back_up(hub.node)
    assert "Failed" in (await ana.get(page)).words


async def test_a_back_up_that_fails_says_so_and_a_new_hub_makes_none_at_once(hub: Hub, ana: Browser) -> None:
    await hub.db.execute("UPDATE hub SET zone = 'UTC'")
    await ask_due(hub.db)
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'back_up'") == 0
    await hub.db.execute("UPDATE hub SET created_at = now() - interval '3 days'")
    await ask_due(hub.db)
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'back_up'") == 1
    hub.node.settings.back_ups_folder.write_text("in the way")
    await back_up(hub.node)
    assert (await back_ups.list_newest(hub.db, 1))[0].error
    assert "Failed" in (await ana.get("/admin/operations")).words


async def test_faults_are_named_without_addresses(hub: Hub, ana: Browser) -> None:
    await jobs.add(hub.db, "fetch_card", {})
    await hub.db.execute("UPDATE jobs SET last_error = 'FetchFailed: https://peer.example/ana'")
    page = await ana.get("/admin/operations")
    assert "FetchFailed" in page.words and "peer.example" not in page.words


async def test_a_key_is_shut_out_after_a_preview(hub: Hub, ana: Browser) -> None:
    bo = await hub.member("bo")
    key = await tokens.insert(hub.db, bo.account.id, ("read",), name="Reader")
    page = await ana.get("/admin/apps?q=reader")
    assert "Reader" in page.words and "@bo" in page.words
    assert "Reader" in (await ana.get("/admin/apps?format=csv")).text
    assert "Reader" not in (await ana.get("/admin/apps?bots=true")).words
    await hub.db.execute("UPDATE actors SET bot = true WHERE id = $1", bo.actor.id)
    assert "@bo Bot" in (await ana.get("/admin/apps?bots=true")).words
    number = str((await tokens.list_of(hub.db, bo.account.id))[0].id)
    sent = {"deed": "shut_out", "chosen": number, "return_to": "/admin/apps"}
    sure = await ana.post("/admin/apps", sent, form="/admin/apps")
    assert "1 key ends" in sure.words and await tokens.list_of(hub.db, bo.account.id)
    await ana.post("/admin/apps", sent | {"sure": "yes"}, form="/admin/apps")
    assert await tokens.list_of(hub.db, bo.account.id) == []
    answer = await ana.get("/api/v1/accounts/verify_credentials", Authorization=f"Bearer {key}")
    assert answer.status == 401
