"""A walk over all pages of the route table, as their readers meet them. What is wrong with any is said at the end;
pictures of all are left in tests/screenshots for people to look at."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from functools import cache
from html import unescape
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from aiohttp import web
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, Response

from node.routes import add_routes
from node.settings import Settings
from tests.node.pages.conftest import Browser, Hub
from tests.pages.furnishing import furnish
from tests.pages.html import invalid
from tests.pages.looking import LOOKS, PHONE, RULES, TOO_SMALL, WIDE, ZOOMED, found_by_axe, looking, sign_in

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 800}
PICTURES = Path(__file__).parents[1] / "screenshots"
TALLEST = 6_000
HANG_MS = 60_000
PAGE_BYTES, SCRIPT_BYTES = 100_000, 15_000
"""What a page may weigh without its pictures."""

NOT_PAGES = re.compile(
    r"/(api|oauth|static|media|look|\.well-known|nodeinfo|schemas|ns|actor|health|metrics|mirror|activities|stamps|contexts)\b"
    r"|.*(\.\w+|/(outbox|followers|followers_synchronization|following|featured|upcoming|replies|likes|shares"
    r"|attendees|organizers|html))$"
    r"|.*/lists/export/|.*/extract$|/@\{name\}/\{id\}|/actors/"
)
"""What is for servers and programs, or a file, or leads on to another address."""

LINKED = ("/@{name}", "/areas/{name}", "/events/{id}", "/findings/{id}", "/calls/{id}", "/posts/{id}",
          "/admin/reports/{id}")  # fmt: skip
"""What links surely lead to; to the others where furnish() has something for them."""

BY_LETTER = (
    "/setup",
    "/terms",
    "/password/new",
    "/confirm",
    "/join/confirm",
    "/rsvp/{token}",
    "/mail/off",
    "/authorize_interaction",
)
"""Pages behind a link that is sent, or that a hub may have: those who test these look at them."""


class Kind(msgspec.Struct, frozen=True):
    """How the hub looks, and who looks at it."""

    theme: str
    scheme: str
    language: str

    @property
    def folder(self) -> Path:
        """Where its pictures are kept."""
        return PICTURES / f"{self.theme}-{self.scheme}-{self.language}"


USUAL = Kind("commons", "light", "en")
ALL = [Kind(*one) for one in product(("commons", "example-coop"), ("light", "dark"), ("en", "de", "fr"))]


@cache
def patterns() -> list[str]:
    """The addresses of all pages, those with fewer gaps first."""
    app = web.Application()
    add_routes(app)
    found = {one.resource.canonical for one in app.router.routes() if one.resource and one.method == "GET"}
    pages = (one for one in found if not NOT_PAGES.match(one) and one not in BY_LETTER)
    return sorted(pages, key=lambda one: (one.count("{"), one))


def pattern_of(path: str) -> str | None:
    """Which of these an address fits."""
    plain = path.partition("?")[0].partition("#")[0]
    return next((one for one in patterns() if _shape(one).fullmatch(plain)), None)


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", pattern)
    return re.compile(r"[^/]+".join(re.escape(part) for part in parts))


class Walk:
    """One reader's way over all pages they find; `seen` by pattern, `wrong` by page."""

    def __init__(self, page: Page, kind: Kind, who: str, noted: list[str]) -> None:
        self.page, self.kind, self.who, self.noted = page, kind, who, noted
        self.seen, self.wrong, self.html = set[str](), dict[str, list[str]](), dict[str, str]()
        self._weights = dict[str, tuple[str, int]]()
        self._waiting = list[str]()
        self._numbers = dict[str, int]()
        page.on("response", self._weigh)

    async def go(self, paths: list[str], skip: set[str]) -> None:
        """Look at these pages, at all that need no more than their address, at one of each sort that links lead to."""
        known = [one for one in patterns() if "{" not in one and one not in skip]
        self._waiting = [*paths, *[one for one in known if await self._opens(one)]]
        met = set(self._waiting)
        while self._waiting:
            path = self._waiting.pop(0)
            for link in await self.look_at(path):
                pattern = pattern_of(link)
                coming = self.seen | skip | {pattern_of(one) for one in self._waiting}
                if pattern and "{" in pattern and pattern not in coming and link not in met:
                    met.add(link)
                    self._waiting.append(link)

    async def _opens(self, path: str) -> bool:
        """Whether this reader may see this page: otherwise it leads to where one signs in."""
        asked = self.page.request.get(path, max_redirects=0, headers={"Accept": "text/html"}, timeout=HANG_MS)
        return (await asked).status == 200

    async def look_at(self, path: str) -> list[str]:
        """Look at one page at both widths; the links on it."""
        self._weights.clear()
        await self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        answer = await self.page.goto(path)
        assert answer
        if answer.status >= 500 or "text/html" not in answer.headers.get("content-type", ""):
            self.wrong[path] = [f"{answer.status} {answer.headers.get('content-type')}"]
            return []
        if answer.status == 200 and self.page.url.endswith("/sign-in") == (path == "/sign-in"):
            self.seen.add(pattern_of(path) or path)
        self.html[f"{self.who} {path}"] = await answer.text()
        wrong = [one async for one in self._wrong_with(path, answer)] + self.noted
        self.noted.clear()
        if wrong:
            self.wrong[path] = wrong
        links: list[str] = await self.page.evaluate(
            "[...document.querySelectorAll('main a')].map(one => one.getAttribute('href') || '')"
        )
        return [one for one in links if one.startswith("/")]

    async def _wrong_with(self, path: str, answer: Response) -> AsyncIterator[str]:
        for one in await self._framed(answer):
            yield one
        for one in self._heavy():
            yield one
        for size, rules in ((PHONE, RULES), (ZOOMED, None), (DESK, LOOKS)):
            await self.page.set_viewport_size(size)  # type: ignore[arg-type]
            if await self.page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                yield f"wider than {size['width']}: {await self.page.evaluate(WIDE)}"
            if size is PHONE:
                for one in await self.page.evaluate(TOO_SMALL):
                    yield one
            if rules:
                for one in await found_by_axe(self.page, rules):
                    yield f"{size['width']} {one}"
                await self._picture(path, size["width"])

    async def _framed(self, answer: Response) -> list[str]:
        """What is wrong with its title, heading and policy."""
        wrong = []
        if (headings := await self.page.locator("h1").count()) != 1:
            wrong.append(f"{headings} h1")
        title = await self.page.title()
        home = urlsplit(self.page.url).path == "/"
        if not (title == "Werkhof" if home else title.endswith(" – Werkhof") and len(title) > len(" – Werkhof")):
            wrong.append(f"title: {title}")
        policy = answer.headers.get("content-security-policy", "")
        if "default-src" not in policy or "unsafe-inline" in policy:
            wrong.append(f"policy: {policy}")
        inline = "document.querySelectorAll('[style], style, script:not([src], [type$=json])').length"
        if await self.page.evaluate(inline):
            wrong.append("style or script within the page")
        return wrong

    def _weigh(self, answer: Response) -> None:
        size = int(answer.headers.get("content-length", "0"))
        self._weights[answer.url] = (answer.request.resource_type, size)

    def _heavy(self) -> Iterator[str]:
        weights = [(kind, size) for kind, size in self._weights.values() if kind != "image"]
        if (total := sum(size for _, size in weights)) > PAGE_BYTES:
            yield f"{total} bytes"
        if (scripts := sum(size for kind, size in weights if kind == "script")) > SCRIPT_BYTES:
            yield f"{scripts} bytes of script"

    async def _picture(self, path: str, width: int) -> None:
        named = re.sub(r"\d{6,}", lambda found: str(self._numbers.setdefault(found[0], len(self._numbers) + 1)), path)
        name = re.sub(r"[^\w@.]+", "-", re.sub(r"(?<=[-/])[0-9a-f]{16,}", "key", named)).strip("-") or "home"
        folder = self.kind.folder / str(width)
        folder.mkdir(parents=True, exist_ok=True)
        height = await self.page.evaluate("document.documentElement.scrollHeight")
        await self.page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
        await self.page.screenshot(path=folder / f"{name[:60]}-{self.who}.jpg", type="jpeg", quality=70)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nobody reads as fast as this."""
    return msgspec.structs.replace(settings, rate_limits=False)


@pytest.mark.parametrize(
    "kind",
    [pytest.param(one, id=one.folder.name, marks=() if one == USUAL else pytest.mark.full) for one in ALL],
)
@pytest.mark.timeout(2400)  # a whole walk in one test
async def test_every_page(hub: Hub, chromium: Chromium, kind: Kind) -> None:
    furnished = await furnish(hub)
    await hub.db.execute("UPDATE hub SET look = $1", {"theme": "" if kind.theme == "commons" else kind.theme})
    wrong, html, seen = dict[str, list[str]](), dict[str, str](), set[str]()
    for who, paths in (("stranger", furnished.for_all), ("ana", furnished.for_ana)):
        options = {"color_scheme": kind.scheme, "locale": kind.language}
        noted = list[str]()
        async with looking(chromium, hub, noted=noted, viewport=PHONE, **options) as page:
            if who == "ana":
                await sign_in(page)
            page.set_default_timeout(HANG_MS)
            walk = Walk(page, kind, who, noted)
            await walk.go([f"/?lang={kind.language}", *paths], seen)
            seen |= walk.seen
            html |= walk.html
            wrong |= {f"{who} {path}": found for path, found in walk.wrong.items()}
    wrong |= invalid(html, hub.node.settings.data)
    assert not wrong, "\n".join(f"{path}: {one}" for path, found in wrong.items() for one in found)
    assert {one for one in patterns() if "{" not in one or one in LINKED} <= seen


async def _read_as(browser: Browser, who: str, paths: list[str]) -> dict[str, str]:
    """These pages, all that need no more than their address, and one of each sort that links lead to, as they come."""
    waiting, seen, html = [*paths, *[one for one in patterns() if "{" not in one]], set[str | None](), dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        page = await browser.get(path)
        assert page.status < 500, path
        if "text/html" in page.headers["Content-Type"]:
            html[f"{who} {path}"] = page.text
        seen.add(pattern_of(path))
        for link in re.findall(r'<a[^>]*href="(/[^"]*)"', page.text.partition("<main")[2]):
            pattern = pattern_of(link)
            if pattern and "{" in pattern and pattern not in seen | {pattern_of(one) for one in waiting}:
                waiting.append(unescape(link))
    return html


@pytest.mark.full
async def test_what_members_and_editors_get_is_valid(hub: Hub) -> None:
    furnished, html = await furnish(hub), dict[str, str]()
    for role in ("member", "editor"):
        reader = await hub.signed_in(f"the-{role}".replace("-", "_"), role)
        html |= await _read_as(reader, role, [*furnished.for_all, *furnished.for_ana])
    assert len(html) > 2 * len([one for one in patterns() if "{" not in one])
    assert invalid(html, hub.node.settings.data) == {}
