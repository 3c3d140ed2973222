"""Organisations without a password: stewards make them, their editors speak for them, and other servers follow them."""

from __future__ import annotations

import msgspec
import pytest

from node.actions.permissions import may_act_as
from node.actions.publish import publish
from node.errors import Forbidden
from node.store.access import bearers, tokens
from node.store.members import accounts
from node.store.people import actors
from schemas.records import Actor, Viewer
from tests.drafts import a_draft
from tests.node.pages.conftest import Browser, Hub

SOLAR = {"name": "solar", "display_name": "Solar Coop", "kind": "Organization", "summary": "Roofs that work."}
ACTIVITY = "application/activity+json"


async def made(hub: Hub, ana: Browser) -> Actor:
    page = await ana.post("/admin/organisations", SOLAR)
    assert "Nobody speaks for it yet." in page.words
    actor = await actors.find_local(hub.db, "solar")
    assert actor
    return actor


async def again(hub: Hub, viewer: Viewer) -> Viewer:
    """The viewer as the next request sees them."""
    account = await accounts.find(hub.db, viewer.account.id)
    assert account
    return msgspec.structs.replace(viewer, account=account)


async def test_an_editor_speaks_for_it_in_the_form_and_a_stranger_does_not(hub: Hub, ana: Browser) -> None:
    actor = await made(hub, ana)
    bo = await hub.signed_in("bo")
    assert "Solar Coop" not in (await bo.get("/new/post")).words
    sent = {"text": "Sun at last.", "language": "en", "audience": "public", "acting_as": "@solar"}
    assert (await bo.post("/new/post", sent)).status == 403
    there = f"/admin/organisations/{actor.id}"
    assert "from now on" in (await ana.post(there, {"name": "@bo"})).words
    assert (await ana.post(there, {"name": "bo"})).status == 422, "twice"
    assert (await ana.post(there, {"name": "nobody"})).status == 422
    assert "Solar Coop" in (await bo.get("/new/post")).words
    assert (await bo.post("/new/post", sent)).status == 200
    row = await hub.db.fetchrow("SELECT actor_id, written_by FROM posts")
    account = await hub.db.fetchval("SELECT account_id FROM editors")
    assert (row["actor_id"], row["written_by"]) == (actor.id, account)
    assert "Sun at last." in (await hub.browser().get("/groups/solar")).words
    await ana.post(there, {"deed": "drop", "chosen": str(account), "sure": "yes"})
    assert (await bo.post("/new/post", sent)).status == 403
    log = (await hub.browser().get("/log")).words
    assert "Editor of an organisation named" in log and "@bo" not in log


async def test_a_token_that_acts_as_it_ends_with_the_right(hub: Hub, ana: Browser) -> None:
    actor = await made(hub, ana)
    bo, cy = await hub.member("bo"), await hub.member("cy")
    assert not may_act_as(bo, actor)
    await ana.post(f"/admin/organisations/{actor.id}", {"name": "bo"})
    token = await tokens.insert(hub.db, bo.account.id, ("read",), acting_actor_id=actor.id)
    bearer = await bearers.find(hub.db, token)
    assert bearer and bearer.viewer and bearer.viewer.acting.id == actor.id
    assert may_act_as(bearer.viewer, actor) and not may_act_as(cy, actor)
    assert not may_act_as(bearer.viewer, await actors.hub(hub.db))
    browser = hub.browser()
    asked = await browser.get("/api/v1/accounts/verify_credentials", Authorization=f"Bearer {token}")
    assert msgspec.json.decode(asked.text)["username"] == "solar"
    await ana.post(f"/admin/organisations/{actor.id}", {"deed": "drop", "chosen": str(bo.account.id), "sure": "yes"})
    asked = await browser.get("/api/v1/accounts/verify_credentials", Authorization=f"Bearer {token}")
    assert asked.status == 403


async def test_nobody_publishes_as_what_is_no_organisation(hub: Hub) -> None:
    bo = await hub.member("bo")
    for name in ("ana", "hub", "nobody"):
        with pytest.raises(Forbidden):
            await publish(hub.node, hub.db, bo, a_draft("post", organisation=name))


async def test_other_servers_find_it_and_nobody_signs_in_as_it(hub: Hub, ana: Browser) -> None:
    actor = await made(hub, ana)
    stranger = hub.browser()
    told = msgspec.json.decode((await stranger.get("/groups/solar", Accept=ACTIVITY)).text)
    assert (told["type"], told["preferredUsername"], told["name"]) == ("Organization", "solar", "Solar Coop")
    found = await stranger.get(f"/.well-known/webfinger?resource=acct:solar@{hub.urls.domain}")
    assert actor.uri in found.text
    assert (await stranger.post("/sign-in", {"who": "solar", "password": ""})).status == 422
    assert await accounts.find_by_actor(hub.db, actor.id) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "ana"}, "This name is taken or kept."),
        ({"name": "hub"}, "This name is taken or kept."),
        ({"name": "So Lar"}, "Use small letters"),
        ({"display_name": ""}, "This must not be empty."),
        ({"kind": "Person"}, "This must be one of"),
    ],
)
async def test_what_is_wrong_is_said(ana: Browser, changes: dict[str, str], words: str) -> None:
    page = await ana.post("/admin/organisations", SOLAR | changes)
    assert page.status == 422 and words in page.words


async def test_only_those_who_look_after_members_make_one(hub: Hub) -> None:
    mo = await hub.signed_in("mo", "moderator")
    assert (await mo.post("/admin/organisations", SOLAR, form="/follow")).status == 403
    assert (await mo.get("/admin/organisations/1")).status == 403
