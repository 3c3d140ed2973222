"""Join, be let in, be welcomed: on a phone without scripts; and with them, the work that keeps programs out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from node.store.members import sign_ups as kept
from node.store.people import actors
from schemas.sign_ups import SignUps
from tests.node.pages.conftest import PASSWORD, Hub
from tests.node.pages.letters import last
from tests.pages.looking import PHONE, looking
from tests.pages.test_apps import wrong_with

pytestmark = pytest.mark.browser
WITHOUT_SCRIPTS: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "locale": "en-GB"}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
SCREENS = [
    pytest.param(WITHOUT_SCRIPTS, id="phone without scripts"),
    pytest.param(DESK, id="desk"),
]


async def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at one (PICTURES)."""
    if folder := os.environ.get("PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def sign_in(page: Page, name: str) -> None:
    await page.goto("/sign-in")
    await page.fill("#who", name)
    await page.fill("#password", PASSWORD)
    await page.locator("main form button").click()
    await page.wait_for_url("**/desk")


async def fill_in(page: Page) -> None:
    await page.get_by_label("Your name").fill("Nia Ndiaye")
    await page.fill("#name", "nia")
    await page.fill("#email", "nia@home.example")
    await page.fill("#password", PASSWORD)
    await page.get_by_label("What brings you to us?").fill("My bicycle, and people who mend things.")
    await page.get_by_label("I agree to these rules.").check()


@pytest.mark.parametrize("screen", SCREENS)
async def test_somebody_joins_is_let_in_and_welcomed(hub: Hub, chromium: Chromium, screen: dict[str, Any]) -> None:
    async with looking(chromium, hub, **screen) as page, looking(chromium, hub, **screen) as panel:
        await page.goto("/take-part")
        await page.get_by_role("link", name="Apply for membership").click()
        await picture(page, "join-phone")
        await fill_in(page)
        await page.get_by_role("button", name="Send it").click()
        await page.get_by_role("heading", name="Please look at your mail").wait_for()
        await page.goto((await last(hub, "application_confirm")).link("/join/confirm"))
        await page.get_by_role("button", name="Confirm this address").click()
        await page.get_by_text("Your application is with us now.").wait_for()
        await picture(page, "joined-phone")
        await sign_in(panel, "ana")
        await panel.goto("/admin")
        await panel.get_by_role("link", name="Look at it nia").click()
        await picture(panel, "application-phone")
        await panel.get_by_role("button", name="Take them in").click()
        await picture(panel, "application-sure-phone")
        await panel.get_by_label("Something of your own").fill("Come on Friday.")
        await panel.get_by_role("button", name="Take them in").click()
        await panel.get_by_text("They are members now").wait_for()
        await picture(panel, "applications-phone")
        await page.goto((await last(hub, "application_accepted")).link("/sign-in"))
        await page.fill("#who", "nia")
        await page.fill("#password", PASSWORD)
        await page.locator("main form button").click()
        await page.get_by_role("heading", name="Welcome, Nia Ndiaye!").wait_for()
        await picture(page, "welcome-phone")


async def test_with_scripts_an_open_hub_lets_in_at_once(hub: Hub, chromium: Chromium) -> None:
    await kept.put(hub.db, SignUps(mode="open"))
    async with looking(chromium, hub, **DESK) as page:
        await page.goto("/join")
        await fill_in(page)
        await picture(page, "join-desk")
        await page.get_by_role("button", name="Send it").click()
        await page.get_by_role("heading", name="Please look at your mail").wait_for()
        await page.goto((await last(hub, "application_confirm")).link("/join/confirm"))
        await page.get_by_role("button", name="Confirm this address").click()
        await page.get_by_text("You are a member now.").wait_for()
    assert await actors.find_local(hub.db, "nia")


@pytest.mark.full
async def test_these_pages_are_readable_for_all(hub: Hub, chromium: Chromium) -> None:
    async with looking(chromium, hub, viewport=PHONE) as page:
        wrong = {}
        await page.goto("/join?lang=de")
        wrong["/join"] = await wrong_with(page)
        await sign_in(page, "ana")
        for number, path in enumerate(
            ("/welcome", "/settings/invitations", "/admin/sign-ups", "/admin/applications", "/admin/members",
             "/admin/members/new", "/admin/members/import", "/admin/organisations")
        ):  # fmt: skip
            await page.goto(f"{path}?lang={('de', 'fr', 'en')[number % 3]}")
            wrong[path] = await wrong_with(page)
            await picture(page, path.replace("/", "-"))
    assert {path: found for path, found in wrong.items() if found} == {}
