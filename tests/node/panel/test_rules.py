"""Who enters which room: each permission by itself against each address of the panel, read from the router."""

from __future__ import annotations

from aiohttp import web

from node.actions import moderate
from node.routes import add_routes
from node.store.moderation import measures
from node.theming.frame import PANEL
from node.web.keys import LIMITER
from tests.factories import a_remote_actor
from tests.node.pages.conftest import TOKEN, Browser, Hub
from tests.node.panel.conftest import a_report

EVERY = ("publish", *PANEL)
MODERATE = ("moderate_accounts", "moderate_servers")
DECIDERS = (*MODERATE, "manage_roles")
RULES: dict[tuple[str, str], tuple[str, ...]] = {
    ("GET", "/admin"): PANEL,
    ("POST", "/admin/follow-requests"): ("publish_as_hub",),
    ("GET", "/admin/reports"): ("see_cases",),
    ("GET", "/admin/reports/{id}"): ("see_cases",),
    ("POST", "/admin/reports/{id}"): ("see_cases",),
    ("POST", "/admin/reports/{id}/measures"): ("moderate_accounts",),
    ("POST", "/admin/reports"): ("see_cases",),
    ("GET", "/admin/replies"): ("see_cases",),
    ("POST", "/admin/replies"): ("see_cases",),
    ("POST", "/admin/replies/{id}"): ("see_cases",),
    ("GET", "/admin/appeals"): ("moderate_accounts",),
    ("GET", "/admin/appeals/{id}"): ("moderate_accounts",),
    ("POST", "/admin/appeals/{id}"): ("moderate_accounts",),
    ("GET", "/admin/servers"): ("moderate_servers",),
    ("GET", "/admin/servers/{host}"): ("moderate_servers",),
    ("POST", "/admin/servers"): ("moderate_servers",),
    ("POST", "/admin/servers/{host}"): ("moderate_servers",),
    ("POST", "/admin/servers/{host}/measures"): ("moderate_servers",),
    ("GET", "/admin/federation"): ("moderate_servers",),
    ("POST", "/admin/federation"): ("manage_hub",),
    ("GET", "/admin/lists"): ("moderate_servers",),
    ("POST", "/admin/lists"): ("moderate_servers",),
    ("GET", "/admin/lists/export/{file}"): ("moderate_servers",),
    ("GET", "/admin/lists/{id}"): ("moderate_servers",),
    ("POST", "/admin/lists/{id}"): ("moderate_servers",),
    ("GET", "/admin/drafts"): ("moderate_servers",),
    ("POST", "/admin/drafts"): ("moderate_servers",),
    ("GET", "/admin/circle"): ("moderate_servers",),
    ("POST", "/admin/circle"): ("moderate_servers",),
    ("GET", "/admin/desk"): ("moderate_servers",),
    ("POST", "/admin/desk"): ("moderate_servers",),
    ("POST", "/admin/measures/{id}"): MODERATE,
    ("GET", "/admin/accounts"): ("moderate_accounts",),
    ("POST", "/admin/accounts"): ("moderate_accounts",),
    ("GET", "/admin/accounts/{id}"): ("moderate_accounts",),
    ("POST", "/admin/accounts/{id}/measures"): ("moderate_accounts",),
    ("GET", "/admin/decisions"): DECIDERS,
    ("GET", "/admin/decisions/{id}"): DECIDERS,
    ("POST", "/admin/decisions/{id}"): DECIDERS,
    ("GET", "/admin/rules-of-decision"): DECIDERS,
    ("POST", "/admin/rules-of-decision"): ("manage_roles",),
    ("GET", "/admin/roles"): ("manage_roles",),
    ("POST", "/admin/roles"): ("manage_roles",),
    ("GET", "/admin/roles/{name}"): ("manage_roles",),
    ("POST", "/admin/roles/{name}"): ("manage_roles",),
    ("GET", "/admin/mandates/{id}"): ("manage_roles",),
    ("POST", "/admin/mandates/{id}"): ("manage_roles",),
    ("GET", "/admin/log/{id}"): ("manage_roles",),
    ("POST", "/admin/log/{id}"): ("manage_roles",),
    ("GET", "/admin/log"): ("see_cases",),
    ("GET", "/admin/queue"): ("see_queue",),
    ("GET", "/admin/mail"): ("manage_hub",),
    ("POST", "/admin/mail"): ("manage_hub",),
    ("GET", "/admin/mail/{id}"): ("manage_hub",),
    ("POST", "/admin/mail/{id}"): ("manage_hub",),
    ("GET", "/admin/mail/{id}/html"): ("manage_hub",),
    ("GET", "/admin/messages"): ("manage_hub",),
    ("POST", "/admin/messages"): ("manage_hub",),
    ("GET", "/admin/texts"): ("manage_hub",),
    ("POST", "/admin/texts"): ("manage_hub",),
    ("GET", "/admin/members"): ("manage_members",),
    ("POST", "/admin/members"): ("manage_members",),
    ("GET", "/admin/members/new"): ("manage_members",),
    ("POST", "/admin/members/new"): ("manage_members",),
    ("GET", "/admin/members/import"): ("manage_members",),
    ("POST", "/admin/members/import"): ("manage_members",),
    ("GET", "/admin/members/{id}"): ("manage_members",),
    ("POST", "/admin/members/{id}"): ("manage_members",),
    ("GET", "/admin/members/{id}/extract"): ("manage_members",),
    ("GET", "/admin/organisations"): ("manage_members",),
    ("POST", "/admin/organisations"): ("manage_members",),
    ("GET", "/admin/organisations/{id}"): ("manage_members",),
    ("POST", "/admin/organisations/{id}"): ("manage_members",),
    ("GET", "/admin/sign-ups"): ("manage_members",),
    ("POST", "/admin/sign-ups"): ("manage_members",),
    ("GET", "/admin/applications"): ("manage_members",),
    ("POST", "/admin/applications"): ("manage_members",),
    ("GET", "/admin/applications/{id}"): ("manage_members",),
    ("POST", "/admin/applications/{id}"): ("manage_members",),
    ("GET", "/admin/look"): ("manage_hub",),
    ("POST", "/admin/look"): ("manage_hub",),
    ("GET", "/admin/settings"): ("manage_hub",),
    ("GET", "/admin/settings/mail"): ("manage_hub",),
    ("POST", "/admin/settings/mail"): ("manage_hub",),
    ("GET", "/admin/doctor"): ("manage_hub",),
    ("POST", "/admin/doctor"): ("manage_hub",),
    ("GET", "/admin/journal"): ("manage_hub",),
    ("GET", "/admin/operations"): ("manage_hub",),
    ("POST", "/admin/operations"): ("manage_hub",),
    ("GET", "/admin/apps"): ("manage_hub",),
    ("POST", "/admin/apps"): ("manage_hub",),
    ("GET", "/admin/settings/card"): ("manage_hub",),
    ("POST", "/admin/settings/card"): ("manage_hub",),
    ("GET", "/admin/settings/rules"): ("manage_hub",),
    ("POST", "/admin/settings/rules"): ("manage_hub",),
    ("GET", "/admin/settings/areas"): ("manage_hub",),
    ("POST", "/admin/settings/areas"): ("manage_hub",),
    ("GET", "/admin/settings/announcements"): ("manage_hub",),
    ("POST", "/admin/settings/announcements"): ("manage_hub",),
    ("GET", "/admin/settings/emoji"): ("manage_hub",),
    ("POST", "/admin/settings/emoji"): ("manage_hub",),
    ("GET", "/admin/settings/modules"): ("manage_hub",),
    ("POST", "/admin/settings/modules"): ("manage_hub",),
    ("GET", "/admin/settings/keeping"): ("manage_hub",),
    ("POST", "/admin/settings/keeping"): ("manage_hub",),
}
"""Each address with the permissions of which one is needed. A new address without a line here fails."""


def rooms() -> set[tuple[str, str]]:
    app = web.Application()
    add_routes(app)
    found = ((one.method, one.resource.canonical) for one in app.router.routes() if one.resource)
    return {
        (method, path.rstrip("/"))
        for method, path in found
        if path.partition("{")[0].startswith("/admin") and method != "HEAD"
    }


async def knock(browser: Browser, method: str, path: str, token: str) -> int:
    there = path.replace("{id}", "1").replace("{host}", "peer.example").replace("{name}", "steward")
    there = there.replace("{file}", "blocks.csv")
    if method == "GET":
        return (await browser.get(there)).status
    sent = {"form_token": token}
    return (await browser.post_bare(there, sent, follow=False, Origin=browser.base)).status


async def token_of(browser: Browser) -> str:
    """What every form of this browser carries."""
    found = TOKEN.search((await browser.get("/follow")).text)
    assert found
    return found[1]


def unlimited(hub: Hub) -> None:
    """So many knocks in a row would be taken for an attack."""
    hub.app[LIMITER]._due.clear()


def test_every_room_has_a_rule() -> None:
    assert rooms() == set(RULES)


async def test_each_permission_opens_its_rooms_and_no_other(hub: Hub, stranger: Browser) -> None:
    await a_report(hub.db, await a_remote_actor(hub.db))
    for permission in EVERY:
        await hub.db.execute(
            "INSERT INTO roles (name, permissions) VALUES ($1, $2)", f"only_{permission}", [permission]
        )
        browser = await hub.signed_in(f"b_{permission}", f"only_{permission}")
        unlimited(hub)
        token = await token_of(browser)
        await hub.db.execute("UPDATE hub SET modules_off = '{}'")  # what a form without ticks has switched off before
        for (method, path), needed in RULES.items():
            status = await knock(browser, method, path, token)
            assert (status != 403) == (permission in needed), (permission, method, path, status)
            assert status < 500, (permission, method, path)
    unlimited(hub)
    token = await token_of(stranger)
    for method, path in RULES:
        assert await knock(stranger, method, path, token) in (401, 403), path


async def test_a_measure_on_a_server_is_lifted_by_those_alone_who_may_take_one(hub: Hub) -> None:
    await hub.db.execute("INSERT INTO roles (name, permissions) VALUES ('accounts', '{moderate_accounts}')")
    order = moderate.Order(kind="limit", target_kind="domain", target="peer.example")
    measure = await moderate.take(hub.db, None, order)
    browser = await hub.signed_in("cy", "accounts")
    answer = await browser.post(f"/admin/measures/{measure.id}", {"deed": "end"}, form="/follow")
    assert answer.status == 403
    assert await measures.find_in_force(hub.db, "limit", "domain", "peer.example")


async def test_the_menu_shows_the_panel_to_those_who_find_something_there(hub: Hub, ana: Browser) -> None:
    assert 'href="/admin"' in (await ana.get("/")).text
    bo = await hub.signed_in("bo")
    assert 'href="/admin"' not in (await bo.get("/")).text
