"""The main flows by keyboard alone: what is needed is reached, and where the focus is is seen, covered by nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from node.store.moderation import reports
from tests.factories import a_remote_actor, an_event_detail
from tests.node.pages.conftest import PASSWORD, Hub
from tests.node.pages.letters import last
from tests.node.pages.test_reading import a_thing
from tests.pages.looking import DESK, PHONE, looking, sign_in

pytestmark = pytest.mark.browser

COVERED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), bar = document.querySelector(".bar");
    if (one === document.body || one.matches("main, .skip")) return "";
    const style = getComputedStyle(one);
    const shown = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
    if (!shown) return "no focus to be seen: " + one.outerHTML.slice(0, 90);
    if (box.bottom < 0 || box.top > innerHeight) return "out of sight: " + one.outerHTML.slice(0, 90);
    const top = bar && !bar.contains(one) && bar.checkVisibility() ? bar.getBoundingClientRect().top : innerHeight;
    return box.top >= top ? "covered: " + one.outerHTML.slice(0, 90) : "";
}"""
"""What is wrong with where the focus is (WCAG 2.2, 2.4.7 and 2.4.11)."""

PRESSES = 150


async def press_to(page: Page, selector: str) -> None:
    """Go on by the Tab key until the focus is on this; it can be seen wherever it comes past."""
    for _ in range(PRESSES):
        await page.keyboard.press("Tab")
        assert await page.evaluate(COVERED) == ""
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} at {page.url}")


async def press(page: Page, selector: str) -> None:
    """Go to a link or a button by keyboard, press it, and be where it leads."""
    await press_to(page, selector)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_keys_alone_sign_in_publish_and_answer(hub: Hub, chromium: Chromium) -> None:
    async with looking(chromium, hub, viewport=PHONE, locale="en-GB") as page:
        await page.goto("/")
        await press(page, ".bar a[href='/sign-in']")
        await press_to(page, "#who")
        await page.keyboard.type("ana")
        await press_to(page, "#password")
        await page.keyboard.type(PASSWORD)
        await press(page, "main form button")
        assert page.url.endswith("/desk")
        await press(page, ".bar a[href='/new']")
        await press(page, "a[href='/new/event']")
        await press_to(page, "#versions-0-name")
        await page.keyboard.type("Repair café")
        await press_to(page, "#starts")
        await page.keyboard.type("11112030")  # reads the same with the month first
        await page.keyboard.press("ArrowRight")
        await page.keyboard.type("0730P")  # the letter only counts where noon divides the day
        assert (await page.input_value("#starts")).startswith("2030-11-11T")
        await press_to(page, "#place-name")
        await page.keyboard.type("Great hall")
        await press(page, "main form p.row button")
        assert await page.locator("h1").inner_text() == "Repair café"
        await press(page, "button[value=going]")
        assert await page.get_by_role("status").first.inner_text() == "You are coming. See you there!"


async def test_keys_alone_handle_a_report(hub: Hub, chromium: Chromium) -> None:
    cy = await a_remote_actor(hub.db, "cy", host="https://other.example", display_name="Cy")
    kept = await reports.insert(hub.db, cy.id, reporter_id=None, host=None, uri=None, posts=[], content="Advertising",
                                category="spam")  # fmt: skip
    assert kept
    async with looking(chromium, hub, viewport=PHONE) as page:
        await sign_in(page)
        await page.goto("/admin")
        await press(page, f"main a.button[href='/admin/reports/{kept.id}']")
        await press(page, "button[value=mine]")
        await press_to(page, "#answer")
        await page.keyboard.type("We had a look.")
        await press(page, "button[value=close]")
        assert await page.locator("button[value=reopen]").count()


async def test_keys_alone_answer_by_mail(hub: Hub, chromium: Chromium) -> None:
    event = await a_thing(hub, event=an_event_detail())
    async with looking(chromium, hub, viewport=PHONE, locale="en-GB") as page:
        await page.goto(f"/events/{event.id}")
        await press_to(page, "#rsvp ~ details summary")
        await page.keyboard.press("Enter")
        await press_to(page, "#name")
        await page.keyboard.type("Kai")
        await press_to(page, "#email")
        await page.keyboard.type("kai@post.example")
        await press(page, "form[action$='/answer-by-mail'] button")
        await page.goto((await last(hub, "rsvp")).link("/rsvp/"))
        await press(page, "main form button")
        assert await page.get_by_text("You are coming").is_visible()


async def test_keys_alone_answer_a_call_and_document_an_event(hub: Hub, chromium: Chromium) -> None:
    cy = (await hub.member("cy")).actor
    call = await a_thing(hub, "call", title="Who can build a roof?", actor=cy)
    event = await a_thing(hub, event=an_event_detail(datetime.now(UTC) - timedelta(days=2)))
    async with looking(chromium, hub, viewport=DESK, locale="en-GB") as page:
        await sign_in(page)
        await page.goto(f"/calls/{call.id}")
        await press(page, f"a[href='/calls/{call.id}/answer']")
        await press_to(page, "#content")
        await page.keyboard.type("I have built three.")
        await press(page, "main form button")
        assert await page.get_by_text("You have answered").is_visible()
        await page.goto(f"/events/{event.id}")
        await press(page, "a[href^='/new/finding?from=']")
        await press_to(page, "#claim")
        await page.keyboard.type("Whoever mends together knows the street.")
        await press(page, "main form > p.row button.button")
        assert "/findings/" in page.url
