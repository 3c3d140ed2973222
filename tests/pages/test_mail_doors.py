"""Links out of letters, opened in a real browser: their pages hold forms, and those must be taken for ours."""

from __future__ import annotations

from playwright.async_api import Browser as Chromium
from playwright.async_api import ViewportSize

from tests.node.pages.conftest import Hub
from tests.node.pages.letters import last

NEW = "another long phrase"
PHONE: ViewportSize = {"width": 360, "height": 640}


async def test_a_forgotten_password_is_set_anew(hub: Hub, chromium: Chromium) -> None:
    context = await chromium.new_context(base_url=hub.base, java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto("/password/forgotten")
    await page.fill("[name=who]", "ana")
    await page.click("main form button")
    letter = await last(hub, "reset_password")
    await page.goto(letter.link("/password/new"))
    await page.fill("[name=password]", NEW)
    await page.fill("[name=password_again]", NEW)
    await page.click("main form button")
    await page.goto("/sign-in")
    await page.fill("[name=who]", "ana")
    await page.fill("[name=password]", NEW)
    await page.click("main form button")
    assert await page.is_visible("text=My desk")
