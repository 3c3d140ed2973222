"""Pages as those meet them who use no mouse, no scripts, no colours of ours, or paper. What holds for every page
stands in `test_every_page.py`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium

from tests.factories import an_event_detail
from tests.node.pages.conftest import PASSWORD, Hub
from tests.node.pages.test_reading import a_thing
from tests.pages.looking import BARE, LOOKS, PHONE, WIDE, found_by_axe, looking, sign_in

pytestmark = pytest.mark.browser


async def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(hub: Hub, chromium: Chromium) -> None:
    await a_thing(hub)
    async with looking(chromium, hub, viewport=PHONE) as page:
        await page.goto("/")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.querySelector('main').contains(document.activeElement)")
        hidden = """() => { const box = document.activeElement.getBoundingClientRect();
            const bar = document.querySelector(".bar").getBoundingClientRect();
            return box.bottom > bar.top && !document.querySelector(".bar").contains(document.activeElement)
                ? document.activeElement.outerHTML.slice(0, 90) : "" }"""
        for _ in range(40):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement === document.body"):
                break
            assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            assert await page.evaluate(hidden) == ""  # WCAG 2.2, 2.4.11


async def test_a_meeting_is_published_and_answered_without_scripts(hub: Hub, chromium: Chromium) -> None:
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    async with looking(chromium, hub, viewport=PHONE, java_script_enabled=False, locale="de-DE") as page:
        await page.goto("/?lang=de")
        await page.locator(".bar").get_by_text("Anmelden").click()
        await page.fill("#who", "ana")
        await page.fill("#password", PASSWORD)
        await page.locator("main").get_by_role("button", name="Anmelden").click()
        await page.locator(".bar").get_by_text("Neu").click()
        await page.get_by_role("link", name="Eine Veranstaltung").click()
        await page.fill("#versions-0-name", "Jahresplanung")
        await page.fill("#starts", f"{day}T18:30")
        await page.fill("#place-name", "Werkhof")
        await page.locator("#place-name").press("Enter")  # presses the form's first button, which publishes
        await page.wait_for_url("**/events/*")
        await page.get_by_role("button", name="Ich komme").click()
        assert await page.get_by_role("status").first.inner_text() == "Du kommst. Bis dann!"
        await page.get_by_role("link", name="Veranstaltung absagen").click()
        await page.get_by_role("button", name="Ja, absagen").click()
        assert await page.get_by_text("Diese Veranstaltung ist abgesagt.").is_visible()


@pytest.mark.parametrize("wish", [{"forced_colors": "active"}, {"contrast": "more", "color_scheme": "dark"}], ids=str)
async def test_colours_that_readers_ask_for_hide_nothing(hub: Hub, chromium: Chromium, wish: dict[str, Any]) -> None:
    event = await a_thing(hub, event=an_event_detail())
    async with looking(chromium, hub, viewport=PHONE, **wish) as page:
        await sign_in(page)
        for path in ("/", f"/events/{event.id}", "/events?view=month", "/new/event"):
            await page.goto(path)
            assert await found_by_axe(page, LOOKS) == []
            assert await page.evaluate(BARE) == []


async def test_on_paper_there_is_the_text_and_nothing_to_press(hub: Hub, chromium: Chromium) -> None:
    event = await a_thing(hub, event=an_event_detail())
    async with looking(chromium, hub, viewport=PHONE) as page:
        await sign_in(page)
        await page.goto(f"/events/{event.id}")
        await page.emulate_media(media="print")
        assert await page.get_by_role("heading", level=1).is_visible()
        for gone in (".bar", ".tongues", ".foot .columns", ".button", "form"):
            assert not await page.locator(gone).locator("visible=true").count(), gone
        await page.goto("/admin/members")
        assert await page.locator(".board tbody tr").first.is_visible()
        assert not await page.locator("button").locator("visible=true").count()


async def test_nothing_moves_for_those_who_ask_for_that(hub: Hub, chromium: Chromium) -> None:
    moving = """() => [document.documentElement, ...document.querySelectorAll("*")].filter(one => {
        const style = getComputedStyle(one);
        const glides = style.scrollBehavior !== "auto" || parseFloat(style.transitionDuration);
        return glides || style.animationName !== "none";
    }).length"""
    async with looking(chromium, hub, viewport=PHONE) as page:
        await page.goto("/")
        assert await page.evaluate(moving) == 0
        await page.emulate_media(reduced_motion="no-preference")
        assert await page.evaluate(moving) > 0


async def test_text_twice_as_large_has_room_at_every_width(hub: Hub, chromium: Chromium) -> None:
    await a_thing(hub, event=an_event_detail())
    wide = []
    async with looking(chromium, hub, viewport=PHONE) as page:
        await sign_in(page)
        for language in ("en", "de", "fr"):
            await page.goto(f"/?lang={language}")
            for size in ("100%", "200%"):
                await page.evaluate("size => document.documentElement.style.fontSize = size", size)
                for width in (320, 360, 480, 640, 768, 895, 896, 1024, 1135, 1136, 1280, 1440, 1920):
                    await page.set_viewport_size({"width": width, "height": 800})
                    if await page.evaluate("document.documentElement.scrollWidth") > width:
                        wide.append((language, size, width, await page.evaluate(WIDE)))
    assert wide == []
