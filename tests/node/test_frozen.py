"""Who is frozen signs in, reads, takes their data along and appeals; through no door do they change anything else."""

from __future__ import annotations

import pytest
from aiohttp import web

from node.actions import moderate
from node.actions.moderate import Order
from node.routes import add_routes
from node.web.handlers import OPEN_TO_FROZEN
from schemas.records import Viewer
from tests.node.mastodon.conftest import ClientHub, hub
from tests.node.pages.conftest import PASSWORD, Browser

__all__ = ["hub"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERYBODYS = {
    *OPEN_TO_FROZEN, "/actor", "/actors", "/appeal", "/areas", "/confirm", "/contact", "/groups", "/inbox", "/interact",
    "/join", "/mail", "/mirror", "/oauth", "/password", "/rsvp", "/setup", "/sign-in", "/.well-known",
}  # fmt: skip
"""What strangers may do here too, or servers; and where only the account itself is looked after."""
SHUT = (403, 404, 405, 415, 422)
"""Refused, or nothing there, or no form that says anything: some doors look at that first."""
TRACES = {
    "posts": "actor_id", "follows": "follower_id", "blocks": "blocker_id", "mutes": "actor_id", "reactions": "actor_id",
    "media": "owner_id", "lists": "actor_id", "rsvps": "actor_id", "reports": "reporter_id",
}  # fmt: skip
GAPS = {"{id}": "1", "{name}": "sol", "{host}": "peer.example", "{kind}": "post", "{deed:": "delete"}


async def frozen(hub: ClientHub, role: str = "member") -> Viewer:
    who = await hub.newcomer(role)
    await moderate.take(hub.db, None, Order(kind="freeze", target_kind="actor", target=who.actor.uri))
    return who


async def signed_in(hub: ClientHub, who: Viewer) -> Browser:
    browser = hub.browser()
    page = await browser.post("/sign-in", {"who": who.actor.name, "password": PASSWORD})
    assert page.url == f"{hub.base}/desk"
    return browser


async def nothing_of(hub: ClientHub, who: Viewer) -> None:
    for table, column in TRACES.items():
        there = await hub.db.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", who.actor.id)
        assert there == 0, table


def doors(methods: set[str]) -> list[tuple[str, str]]:
    app = web.Application()
    add_routes(app)
    found = {(one.method, one.resource.canonical) for one in app.router.routes() if one.resource}
    return sorted((method, path) for method, path in found if method in methods and not path.endswith("/"))


def filled(path: str) -> str:
    return "/".join(
        next((value for gap, value in GAPS.items() if part.startswith(gap)), "1") if part.startswith("{") else part
        for part in path.split("/")
    )


async def test_a_browser_changes_nothing(hub: ClientHub) -> None:
    who = await frozen(hub, "steward")
    browser = await signed_in(hub, who)
    token = (await browser.get("/settings/data")).text.partition('name="form_token" value="')[2].partition('"')[0]
    knocked = [
        path
        for _, path in doors({"POST"})
        if not path.startswith(("/api/", "/nodeinfo", *EVERYBODYS)) and not path.endswith("/inbox")
    ]
    assert len(knocked) > 60
    for path in knocked:
        sent = {"form_token": token, "content": "Hello", "text": "Hello", "audience": "public", "deed": "x"}
        page = await browser.post_bare(filled(path), sent, Origin=hub.base, follow=False)
        assert page.status in SHUT, (path, page.status, page.words[:200])
    await nothing_of(hub, who)


async def test_an_app_changes_nothing(hub: ClientHub) -> None:
    who = await frozen(hub)
    client = await hub.client_of(who)
    knocked = [one for one in doors({"POST", "PUT", "PATCH", "DELETE"}) if one[1].startswith("/api/")]
    assert len(knocked) > 100
    harmless = {"/api/v1/apps", "/api/v1/accounts", "/api/v1/emails/confirmations"}
    for method, path in knocked:
        if path not in harmless and "/admin/" not in path:
            answer = await client.ask(method, filled(path), json={})
            assert answer.status in SHUT, (method, path, answer.status, answer.text[:200])
    assert (await client.post("/api/v1/statuses", {"status": "Hello"})).status == 403
    assert (await client.post(f"/api/v1/accounts/{hub.node.instance.id}/follow", {})).status == 403
    await nothing_of(hub, who)
    assert (await client.get("/api/v1/timelines/home")).status == 200
    assert (await client.get("/api/v1/accounts/verify_credentials")).status == 200


async def test_they_read_export_and_appeal(hub: ClientHub) -> None:
    who = await frozen(hub)
    browser = await signed_in(hub, who)
    assert (await browser.get("/timeline")).status == 200
    assert (await browser.post("/settings/data", {})).status == 200
    assert await hub.db.fetchval("SELECT count(*) FROM exports WHERE account_id = $1", who.account.id) == 1
    page = await browser.get("/appeal")
    assert "/appeal/" in page.text
    refused = await browser.post("/new/post", {"text": "Hello", "audience": "public"}, form="/settings/data")
    assert "You may appeal." in refused.words
