"""Looking at pages as their readers do, in Chromium: what axe says, what is too small or too wide, what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from playwright.async_api import Browser as Chromium
from playwright.async_api import ConsoleMessage, Page, Request

from tests.node.pages.conftest import PASSWORD, Hub

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,  # a letter's, in which nothing runs that could answer
}


def _only(*rules: str) -> dict[str, Any]:
    return {"runOnly": {"type": "rule", "values": list(rules)}, "resultTypes": ["violations"], "iframes": False}


FOUND = """async ([where, rules]) => (await axe.run(where || document, rules)).violations
    .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`))"""
"""What is wrong, without all that is right: that is a hundred times as much to hand over."""

LOOKS = _only("color-contrast", "link-in-text-block", "target-size")
"""What colours and sizes can spoil: the rest was looked at before."""
COLOURS = _only("color-contrast", "link-in-text-block")
WORDS = _only("target-size", "landmark-unique", "valid-lang", "label-title-only", "frame-title-unique")
"""What another language can spoil."""
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 900}
LONG_PHONE = {"width": 360, "height": 9000}
"""So long that the bar at its foot lies over nothing."""
ZOOMED = {"width": 320, "height": 256}
"""1280 × 1024 at 400 %: WCAG 2.2, 1.4.10."""


TOO_SMALL = """() => [...document.querySelectorAll("button, input, select, textarea, summary, .button, nav a")]
    .filter(one => one.type !== "hidden" && !one.matches(".unseen, .trap *, [type=checkbox], [type=radio]"))
    .filter(one => one.checkVisibility())
    .map(one => [one.getBoundingClientRect(), one.outerHTML.slice(0, 90)])
    .filter(([box]) => box.height < 44 || box.width < 36)
    .map(([box, html]) => `${box.height} × ${box.width} ${html}`)"""


WIDE = """() => [...document.querySelectorAll("body :not(svg, svg *)")]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


BARE = """() => [...document.querySelectorAll("main .button, main .card, main input:not([type=hidden])")]
    .filter(one => one.checkVisibility() && !one.matches(".unseen, [type=checkbox], [type=radio]"))
    .filter(one => getComputedStyle(one).borderTopStyle === "none")
    .map(one => one.outerHTML.slice(0, 90))"""
"""What would have no outline where a reader's own colours stand for all of ours."""


def is_news(message: ConsoleMessage) -> bool:
    """Whether the console says more than a hint, or that a page asked for is not there."""
    return message.type in ("error", "warning") and "status of 4" not in message.text


def gone_on(request: Request) -> bool:
    """Whether a request ended because the reader went on to another page."""
    return "ERR_ABORTED" in (request.failure or "")


@asynccontextmanager
async def looking(
    chromium: Chromium, hub: Hub, *, noted: list[str] | None = None, **options: Any
) -> AsyncIterator[Page]:
    """A window that notes what goes wrong while one looks: what the console says, what fails, what is asked of others.
    At the end nothing may have, unless the caller has it `noted` for itself."""
    context = await chromium.new_context(base_url=hub.base, reduced_motion="reduce", **options)
    page = await context.new_page()
    wrong: list[str] = [] if noted is None else noted
    page.on("console", lambda message: wrong.append(message.text) if is_news(message) else None)
    page.on("requestfailed", lambda request: None if gone_on(request) else wrong.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if request.url.startswith(hub.base) else wrong.append(request.url))
    yield page
    await context.close()
    assert noted is not None or wrong == []


async def sign_in(page: Page) -> None:
    await page.goto("/sign-in")
    await page.fill("#who", "ana")
    await page.fill("#password", PASSWORD)
    await page.locator("main form button").click()
    assert page.url.endswith("/desk")


async def found_by_axe(page: Page, rules: dict[str, Any] = RULES, without: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong by these rules, in all of the page but the parts that these selectors mean."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    where = {"exclude": [[one] for one in without]} if without else None
    found: list[str] = await page.evaluate(FOUND, [where, rules])
    return found
