"""Leaving: what is shown before, what is asked for, how it is taken back, and what is left in the end."""

from __future__ import annotations

import json

import pytest

from node.actions import leave
from node.errors import Conflict
from node.store.members import accounts, leaving
from node.store.people import actors, follows
from tests.factories import a_post, a_remote_actor
from tests.node.pages.conftest import PASSWORD, Browser, Hub

PAGE = "/settings/leave"
SURE = {"deed": "leave", "password": PASSWORD, "sure": "true"}


async def test_a_member_leaves_with_the_password_and_takes_it_back(hub: Hub) -> None:
    bo, elsewhere = await hub.signed_in("bo"), hub.browser()
    await elsewhere.post("/sign-in", {"who": "bo", "password": PASSWORD})
    assert "What stays" in (await bo.get(PAGE)).words
    for wrong, words in (({"password": "guessed"}, "This is not your password."), ({"sure": ""}, "tick this first")):
        refused = await bo.post(PAGE, {**SURE, **wrong})
        assert refused.status == 422 and words in refused.words
    assert not await hub.db.fetchval("SELECT count(*) FROM leavings")
    page = await bo.post(PAGE, SURE)
    assert "will be deleted on" in page.words and (await elsewhere.get("/desk")).status == 401
    assert await hub.db.fetchval("SELECT count(*) FROM mails WHERE kind = 'leaving' AND recipient = 'bo@hub.example'")
    assert "You stay." in (await bo.post(PAGE, {"deed": "stay"})).words
    assert not await hub.db.fetchval("SELECT count(*) FROM leavings")


async def test_nobody_is_deleted_before_the_day_or_who_stays(hub: Hub) -> None:
    bo = await hub.member("bo")
    await leave.delete_account(hub.node, bo.account.id)
    async with hub.db.transaction():
        await leave.ask(hub.node, hub.db, bo.account)
    await leave.delete_account(hub.node, bo.account.id)
    await leave.ask_due(hub.db)
    assert (await actors.get(hub.db, bo.actor.id)).deleted_at is None
    assert not await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'delete_account'")


async def test_in_the_end_what_was_theirs_is_gone_and_what_was_the_hubs_stays(hub: Hub) -> None:
    bo, browser = await hub.member("bo", "editor"), hub.browser()
    followed = await a_remote_actor(hub.db, "dora")
    answered = await a_remote_actor(hub.db, "emil", host="https://other.example")
    await follows.insert(hub.db, bo.actor.id, followed.id, f"{bo.actor.uri}#follow", accepted=True)
    own = await a_post(hub.db, bo.actor, in_reply_to=(await a_post(hub.db, answered)).uri)
    shared = await a_post(hub.db, await actors.hub(hub.db), kind="finding", written_by=bo.account.id)
    async with hub.db.transaction():
        await leave.ask(hub.node, hub.db, bo.account, days=0)
    await leave.ask_due(hub.db)
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'delete_account'") == 1
    await leave.delete_account(hub.node, bo.account.id)
    assert (await browser.get(f"/posts/{own.id}")).status == 404
    await leave.erase_posts(hub.node, bo.actor.id)
    assert (await browser.get(f"/posts/{own.id}")).status == 410
    assert (await browser.get(f"/findings/{shared.id}")).status == 200
    assert (await browser.get("/@bo")).status in (404, 410)
    row = await hub.db.fetchrow("SELECT email, password_hash FROM accounts WHERE id = $1", bo.account.id)
    assert row["email"] is None and row["password_hash"] is None
    assert not await hub.db.fetchval("SELECT count(*) FROM follows WHERE follower_id = $1", bo.actor.id)
    document = await hub.db.fetchval(
        "SELECT document FROM activities WHERE type = 'Delete' AND object_uri = $1", bo.actor.uri
    )
    assert json.loads(document)["object"] == bo.actor.uri
    told = {row["host"] for row in await hub.db.fetch("SELECT host FROM deliveries")}
    assert told == {followed.host, answered.host}


async def test_what_they_published_is_hidden_at_once_and_goes_some_at_a_time(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leave, "ERASED_POSTS", 2)
    left = "SELECT count(*) FROM posts WHERE actor_id = $1 AND deleted_at IS NULL"
    bo, browser = await hub.member("bo"), hub.browser()
    first, *_ = [await a_post(hub.db, bo.actor) for _ in range(5)]
    assert (await browser.get(f"/posts/{first.id}")).status == 200
    async with hub.db.transaction():
        await leave.ask(hub.node, hub.db, bo.account, days=0)
    await leave.delete_account(hub.node, bo.account.id)
    assert (await browser.get(f"/posts/{first.id}")).status == 404
    for standing, more in ((3, 2), (1, 3), (0, 3)):
        await leave.erase_posts(hub.node, bo.actor.id)
        assert await hub.db.fetchval(left, bo.actor.id) == standing
        assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'erase_posts'") == more


@pytest.mark.parametrize("name", ["bo", "hub", "log", "housing"])
async def test_names_of_members_who_left_of_the_hub_its_log_and_its_areas_are_never_given_again(
    hub: Hub, name: str
) -> None:
    bo = await hub.member("bo")
    async with hub.db.transaction():
        await leave.ask(hub.node, hub.db, bo.account, days=0)
    await leave.delete_account(hub.node, bo.account.id)
    assert await accounts.is_reserved(hub.db, name)
    assert not await accounts.is_reserved(hub.db, "nobody")


async def test_the_last_who_can_give_offices_cannot_leave(hub: Hub, ana: Browser) -> None:
    refused = await ana.post(PAGE, SURE)
    assert refused.status == 422 and "Nobody else could give offices" in refused.words
    second = await hub.member("cy", "steward")
    assert "will be deleted on" in (await ana.post(PAGE, SURE)).words
    with pytest.raises(Conflict):  # she leaves already: he would be the last one
        await leave.ask(hub.node, hub.db, second.account)
    assert await leaving.day_of(hub.db, second.account.id) is None


async def test_strangers_get_nowhere(stranger: Browser) -> None:
    assert (await stranger.get(PAGE)).status == 401
