"""Every page as its reader meets it: axe finds nothing, nothing scrolls sideways, nothing is asked of other servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Literal

import msgspec
import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, Request

from node.store import actors, follows, jobs, notifications, rsvps
from schemas.things import CallDetail, FindingDetail, Link, Place, Version
from tests.factories import a_remote_actor, an_event_detail
from tests.node.pages.conftest import PASSWORD, Hub
from tests.node.pages.test_reading import a_thing

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
LOOKS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]},
    "resultTypes": ["violations"],
}
"""What colours and sizes can spoil: the rest was looked at before."""
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
KINDS = ("event", "finding", "call", "post")
DEEDS = ("edit", "cancel", "delete")
LISTS = (
    "/",
    "/map",
    "/events?view=month",
    "/search?q=planning",
    "/take-part",
    "/contact",
    "/events",
    "/calls",
    "/findings",
    "/@hub",
    "/areas/housing",
    "/tags/mending",
    "/about",
    "/hubs",
)
MINE = (
    "/desk",
    "/notifications",
    "/follow",
    "/settings/mail",
    "/admin/mail",
    "/admin/queue",
    "/admin",
    "/admin/servers/peer.example",
    "/admin/log",
    "/@bo@peer.example",
    "/new",
)
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 900}
LONG_PHONE = {"width": 360, "height": 9000}
"""So long that the bar at its foot lies over nothing."""
ZOOMED = {"width": 320, "height": 256}
"""1280 × 1024 at 400 %: WCAG 2.2, 1.4.10."""


TOO_SMALL = """() => [...document.querySelectorAll("button, input, select, textarea, summary, .button, nav a")]
    .filter(one => one.type !== "hidden" && !one.matches(".unseen, [type=checkbox], [type=radio]"))
    .filter(one => one.checkVisibility())
    .map(one => [one.getBoundingClientRect(), one.outerHTML.slice(0, 90)])
    .filter(([box]) => box.height < 44 || box.width < 36)
    .map(([box, html]) => `${box.height} × ${box.width} ${html}`)"""


WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


class Seen(msgspec.Struct, frozen=True):
    """The paths to look at: as a stranger, and as somebody who has signed in."""

    public: list[str]
    own: list[str]


async def furnish(hub: Hub) -> Seen:
    """Put something of every sort into the hub."""
    place = Place(name="Great hall", street="Lane 1", postal_code="04177", locality="Leipzig", country="DE",
                  latitude=51.3, longitude=12.3)  # fmt: skip
    both = [
        Version(language="en", name="Planning the year", summary="All are invited", content="<h2>Why</h2><p>So.</p>"),
        Version(language="de", name=LONG, content="<ul><li>Suppe</li></ul><p><a href='https://x.example'>mehr</a></p>"),
    ]
    soon = datetime.now(UTC) + timedelta(days=3)
    event = await a_thing(hub, versions=both, event=an_event_detail(soon, place=place, capacity=2, zone="Asia/Tokyo"))
    gone = await a_thing(
        hub, title="Off", event=an_event_detail(soon, status="cancelled", online_url="https://m.example")
    )
    await a_thing(hub, title="Over", event=an_event_detail(soon - timedelta(days=30)))
    call = await a_thing(hub, "call", title=LONG, call=CallDetail(
        skills=("carpentry", LONG), effort="two weekends", effort_hours=3, place=place, deadline=soon, places=3,
        contact="roof@example.org"))  # fmt: skip
    finding = await a_thing(hub, "finding", title="Enough", finding=FindingDetail(
        claim="Twelve are enough.", reasons=("Near.", "Seen."), scope="Villages", born_of=event.uri,
        sources=(Link(url="https://x.example", name="A study"),), contributors=("Ana",),
        license="https://creativecommons.org/licenses/by/4.0/"))  # fmt: skip
    post = await a_thing(hub, "post", title="Hello there")
    ana = await actors.find_local(hub.db, "ana")
    assert ana
    await a_thing(hub, "post", actor=ana, title="I agree", in_reply_to=event.uri)
    bo = await a_remote_actor(hub.db, "bo", display_name="Bo " + LONG)
    await follows.insert(hub.db, bo.id, ana.id, "https://peer.example/f/1", accepted=False)
    for kind in ("follow_request", "like"):
        await notifications.tell_actor(hub.db, ana.id, kind, from_id=bo.id)  # type: ignore[arg-type]
    await rsvps.put(hub.db, event.id, ana.id, "going", "button")
    await jobs.add(hub.db, "recheck", {"uri": "https://peer.example/x"}, host="peer.example")
    things = [f"/{one.kind}s/{one.id}" for one in (event, gone, call, finding, post)]
    forms = [
        *(f"/new/{kind}" for kind in ("event", "finding", "call", "post")),
        *(f"{things[0]}/{one}" for one in DEEDS),
    ]
    forms += [f"{things[2]}/answer", f"{things[2]}/close"]
    public = [*LISTS, "/sign-in", "/nowhere", "/desk", f"/interact?uri={event.uri}", *things]
    return Seen(public, [*MINE, *forms, *things[:3]])


def gone_on(request: Request) -> bool:
    """Whether a request ended because the reader went on to another page."""
    return "ERR_ABORTED" in (request.failure or "")


@asynccontextmanager
async def looking(chromium: Chromium, hub: Hub, **options: Any) -> AsyncIterator[Page]:
    """A window that notes what goes wrong while one looks."""
    context = await chromium.new_context(base_url=hub.base, reduced_motion="reduce", **options)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if "status of 4" not in message.text else None)
    page.on("requestfailed", lambda request: None if gone_on(request) else wrong.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if request.url.startswith(hub.base) else wrong.append(request.url))
    yield page
    await context.close()
    assert wrong == []


async def sign_in(page: Page) -> None:
    await page.goto("/sign-in")
    await page.fill("#who", "ana")
    await page.fill("#password", PASSWORD)
    await page.locator("main form button").click()
    assert page.url.endswith("/desk")


async def found_by_axe(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    await page.evaluate(AXE)
    result = await page.evaluate("rules => axe.run(document, rules)", rules)
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"]]


def said(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}: {one}" for path, found in wrong.items() for one in found)


def all_of(seen: Seen) -> Iterator[tuple[Literal["stranger", "ana"], list[str]]]:
    yield "stranger", seen.public
    yield "ana", seen.own


async def test_axe_finds_nothing_on_any_page(hub: Hub, chromium: Chromium) -> None:
    seen, wrong = await furnish(hub), {}
    for who, paths in all_of(seen):
        async with looking(chromium, hub, viewport=LONG_PHONE) as page:
            if who == "ana":
                await sign_in(page)
            for path in paths:
                await page.goto(path)
                if found := await found_by_axe(page):
                    wrong[f"{who} {path}"] = found
    assert not wrong, said(wrong)


async def test_axe_finds_nothing_in_the_dark_on_a_large_screen(hub: Hub, chromium: Chromium) -> None:
    seen, wrong = await furnish(hub), {}
    async with looking(chromium, hub, viewport=DESK, color_scheme="dark") as page:
        await sign_in(page)
        for path in (*LISTS[:4], *seen.own[-3:], "/new/event", "/desk", "/about"):
            await page.goto(path)
            if found := await found_by_axe(page, LOOKS):
                wrong[path] = found
    assert not wrong, said(wrong)


async def test_no_page_scrolls_sideways_in_any_language(hub: Hub, chromium: Chromium) -> None:
    seen, wide = await furnish(hub), {}
    for who, paths in all_of(seen):
        async with looking(chromium, hub, viewport=PHONE) as page:
            if who == "ana":
                await sign_in(page)
            for number, path in enumerate(paths):
                language = ("de", "fr", "en")[number % 3]
                await page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
                for size in (PHONE, ZOOMED):
                    await page.set_viewport_size(size)
                    if await page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                        wide[f"{who} {language} {path}"] = await page.evaluate(WIDE)
    assert not wide, said(wide)


async def test_what_can_be_tapped_on_a_phone_is_large_enough(hub: Hub, chromium: Chromium) -> None:
    seen = await furnish(hub)
    wrong = {}
    async with looking(chromium, hub, viewport=PHONE) as page:
        await sign_in(page)
        for path in [*seen.own, "/", "/events"]:
            await page.goto(path)
            if found := await page.evaluate(TOO_SMALL):
                wrong[path] = found
    assert not wrong, said(wrong)


async def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(hub: Hub, chromium: Chromium) -> None:
    await furnish(hub)
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


async def test_a_page_is_light(hub: Hub, chromium: Chromium) -> None:
    await furnish(hub)
    async with looking(chromium, hub, viewport=PHONE) as page:
        sizes: list[int] = []
        page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", "0"))))
        await page.goto("/")
        assert sum(sizes) < 100_000
        assert await page.evaluate("document.scripts.length") == 0
