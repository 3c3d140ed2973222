"""Letting an app in and looking after one's lock, in a real browser: without scripts, on a phone, readable for all; and
passkeys, which need a script and a device."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from node.store.access import apps, factors, tokens
from node.store.people import actors
from tests.node.pages.conftest import PASSWORD, Hub
from tests.pages.looking import LONG_PHONE, PHONE, TOO_SMALL, WIDE, found_by_axe, sign_in
from tests.ports import free_port

pytestmark = pytest.mark.browser

PAGES = ("/settings/security", "/settings/apps", "/settings/security/totp", "/settings/security/passkeys")
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def base() -> str:
    """Passkeys are bound to a name: browsers take none for a bare address."""
    return f"http://localhost:{free_port()}"


@pytest.fixture
async def back() -> AsyncIterator[str]:
    """Where an app in a browser waits for its code."""

    async def arrived(_: web.Request) -> web.Response:
        return web.Response(text="<title>Back</title>", content_type="text/html")

    app, port = web.Application(), free_port()
    app.router.add_get("/back", arrived)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/back"
    await runner.cleanup()


async def wish(hub: Hub, back: str, **more: str) -> str:
    app, _ = await apps.insert(
        hub.db, name="Donaudampfschifffahrtsgesellschaftsleser", redirect_uris=(back,), scopes=("read", "write")
    )
    sent = {"client_id": app.client_id, "redirect_uri": back, "response_type": "code", "state": "s t"}
    return f"/oauth/authorize?{urlencode(sent | {'scope': 'read write:statuses'} | more)}"


async def wrong_with(page: Page) -> list[str]:
    """What axe finds, what is wider than the screen, what is too small to tap."""
    found = await found_by_axe(page) + await page.evaluate(TOO_SMALL)
    if await page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
        found += await page.evaluate(WIDE)
    return found


async def test_a_member_lets_an_app_in_without_scripts_on_a_phone(hub: Hub, chromium: Chromium, back: str) -> None:
    options: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "locale": "de-DE"}
    page = await (await chromium.new_context(base_url=hub.base, **options)).new_page()
    for decision, expected in (("Ja, hereinlassen", "code"), ("Nein", "error")):
        await page.goto(await wish(hub, back, lang="de"))
        if "/sign-in" in page.url:
            await page.fill("#who", "ana")
            await page.fill("#password", PASSWORD)
            await page.locator("main form button").click()
        assert await page.get_by_role("heading", level=1).inner_text() == (
            "Donaudampfschifffahrtsgesellschaftsleser hereinlassen?"
        )
        await page.get_by_label("Als der Hub: Werkhof").check()
        await page.get_by_role("button", name=decision).click()
        await page.wait_for_url(f"{back}?*")
        answer = parse_qs(urlsplit(page.url).query)
        assert expected in answer
        assert answer["state"] == ["s t"]
    acting = await hub.db.fetchval("SELECT name FROM authorization_codes JOIN actors ON id = acting_actor_id")
    assert acting == "hub"


@pytest.mark.full
async def test_these_pages_are_readable_for_all(hub: Hub, chromium: Chromium) -> None:
    ana = await actors.find_local(hub.db, "ana")
    assert ana
    account_id = await hub.db.fetchval("SELECT id FROM accounts WHERE actor_id = $1", ana.id)
    await tokens.insert(hub.db, account_id, ("read", "write:statuses"), name="Herd")
    oob = await wish(hub, "urn:ietf:wg:oauth:2.0:oob")
    context = await chromium.new_context(base_url=hub.base, viewport=LONG_PHONE, reduced_motion="reduce")
    page, wrong = await context.new_page(), dict[str, list[str]]()
    await sign_in(page)
    for number, path in enumerate((*PAGES, oob)):
        language = ("de", "fr", "en")[(number + 1) % 3]
        await page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        wrong[f"{path} {language}"] = await wrong_with(page)
    await page.goto(f"{oob}&lang=en")
    await page.get_by_role("button", name="Yes, let it in").click()
    wrong["code"] = await wrong_with(page)
    await page.goto("/oauth/authorize?client_id=nobody")
    wrong["refused"] = await wrong_with(page)
    assert {path: found for path, found in wrong.items() if found} == {}


async def test_a_passkey_is_made_asked_for_and_forgotten(hub: Hub, chromium: Chromium) -> None:
    context = await chromium.new_context(base_url=hub.base, viewport=LONG_PHONE, reduced_motion="reduce")
    page = await context.new_page()
    device = await context.new_cdp_session(page)
    await device.send("WebAuthn.enable")
    key = (await device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY}))["authenticatorId"]
    await sign_in(page)
    await page.goto("/settings/security/passkeys")
    await page.fill("#name", "Blue key")
    await page.fill("#password_now", PASSWORD)
    await page.get_by_role("button", name="Add a passkey").click()
    await page.get_by_role("heading", name="Your recovery codes").wait_for()
    codes = await page.locator("code.whole").all_inner_texts()
    assert len(codes) == 10
    assert await page.get_by_text("Blue key").is_visible()

    async def first_step() -> None:
        await context.clear_cookies()
        await page.goto("/sign-in?return_to=/events")
        await page.fill("#who", "ana")
        await page.fill("#password", PASSWORD)
        await page.locator("main form button").click()

    await first_step()
    assert await found_by_axe(page) == []
    await page.get_by_role("button", name="Use a passkey").click()
    await page.wait_for_url("**/events")
    made = (await factors.list_passkeys(hub.db, await hub.db.fetchval("SELECT id FROM accounts")))[0]
    assert made.used_at is not None
    # Another device, with none of the keys: nothing happens, and a recovery code opens.
    await device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    await first_step()
    await page.fill("#code", codes[0])
    await page.get_by_role("button", name="Sign in").last.click()
    await page.wait_for_url("**/events")
    await page.goto("/settings/security")
    await page.get_by_text("Forget this passkey").first.click()
    await page.fill(f"#passkey-{made.id}-password", PASSWORD)
    await page.get_by_role("button", name="Forget this passkey").click()
    assert await page.get_by_role("status").first.inner_text() == "The passkey is forgotten."
    assert not (await factors.of(hub.db, made.account_id)).any
    await context.close()
