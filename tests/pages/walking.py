"""One reader's way over all pages of the route table: each is loaded once and looked at in all the ways that matter."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from playwright.async_api import Page, Response

from node.routes import add_routes
from tests.pages.looking import BARE, COLOURS, LOOKS, RULES, TOO_SMALL, WIDE, WORDS, ZOOMED, found_by_axe

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
PAPER = {"width": 700, "height": 990}
"""What is left of an A4 sheet between its margins."""
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

PLAIN = {"media": "screen", "color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
DARK, FORCED = {"color_scheme": "dark"}, {"forced_colors": "active"}
FRAME = (".top", ".foot", ".bar")
"""What stands around every page, looked at where a reader sees it first, and where it shows where one is."""
CURRENT = "!!document.querySelector(':is(.top nav, .top .you, .bar) [aria-current]')"
LINKS = "[...document.querySelectorAll('main a')].map(one => one.getAttribute('href') || '')"
FRAMED = """() => [document.querySelectorAll("h1").length, document.title,
    document.querySelectorAll("[style], style, script:not([src], [type$=json])").length]"""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One way to look at a page that is there: how wide, what the device asks for beyond PLAIN, what axe reads, and
    under which name a picture is kept."""

    size: dict[str, int]
    wish: dict[str, str] = {}
    rules: dict[str, Any] | None = None
    picture: str = ""


USUAL = (
    Look(size=PHONE, rules=RULES, picture="light"),
    Look(size=ZOOMED),
    Look(size=DESK, rules=LOOKS, picture="light"),
)
BEYOND = (
    Look(size=DESK, wish=DARK, rules=COLOURS, picture="dark"),
    Look(size=DESK, wish={"contrast": "more"}, rules=COLOURS),
    Look(size=PAPER, wish={"media": "print"}, rules=COLOURS, picture="print"),
    Look(size=PHONE, wish=DARK, rules=COLOURS, picture="dark"),
    Look(size=PHONE, wish=DARK | {"contrast": "more"}, rules=COLOURS, picture="contrast"),
    Look(size=PHONE, wish=FORCED),
)
TRANSLATED = (
    Look(size=PHONE, rules=WORDS, picture="light"),
    Look(size=ZOOMED),
    Look(size=DESK, rules=WORDS, picture="light"),
)
"""What another language can spoil: lengths, not colours."""


class Kind(msgspec.Struct, frozen=True):
    """How the hub looks, in which language it is read, and in which ways each page is looked at."""

    theme: str
    language: str
    looks: tuple[Look, ...]

    def __str__(self) -> str:
        return f"{self.theme}-{self.language}{'-beyond' if BEYOND[0] in self.looks else ''}"

    def folder(self, look: Look) -> Path:
        """Where pictures are kept."""
        return PICTURES / f"{self.theme}-{look.picture}-{self.language}" / str(look.size["width"])


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
        self._framed_before = set[int]()
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
        """Look at one page; the links on it."""
        self._weights.clear()
        await self._turn_to(self.kind.looks[0])
        answer = await self.page.goto(path)
        assert answer
        if answer.status >= 500 or "text/html" not in answer.headers.get("content-type", ""):
            self.wrong[path] = [f"{answer.status} {answer.headers.get('content-type')}", *self.noted]
            self.noted.clear()
            return []
        if answer.status == 200 and self.page.url.endswith("/sign-in") == (path == "/sign-in"):
            self.seen.add(pattern_of(path) or path)
        self.html[f"{self.who} {path}"] = await answer.text()
        wrong = [one async for one in self._wrong_with(path, answer)] + self.noted
        self.noted.clear()
        if wrong:
            self.wrong[path] = wrong
        links: list[str] = await self.page.evaluate(LINKS)
        return [one for one in links if one.startswith("/")]

    async def _turn_to(self, look: Look) -> None:
        await self.page.emulate_media(**(PLAIN | look.wish))  # type: ignore[arg-type]
        await self.page.set_viewport_size(look.size)  # type: ignore[arg-type]

    async def _wrong_with(self, path: str, answer: Response) -> AsyncIterator[str]:
        for one in await self._framed(answer):
            yield one
        for one in self._heavy():
            yield one
        for look in self.kind.looks:
            await self._turn_to(look)
            async for one in self._looked_at(look):
                yield f"{look.size['width']} {' '.join(look.wish.values())} {one}"
            if look.picture:
                await self._picture(path, look)

    async def _looked_at(self, look: Look) -> AsyncIterator[str]:
        if await self.page.evaluate("document.documentElement.scrollWidth") > look.size["width"]:
            yield f"too wide: {await self.page.evaluate(WIDE)}"
        if look.size is PHONE and not look.wish:
            for one in await self.page.evaluate(TOO_SMALL):
                yield one
        if look.wish is FORCED:  # of these colours axe knows nothing
            for one in await self.page.evaluate(BARE):
                yield f"no outline: {one}"
        if look.rules:
            for one in await found_by_axe(self.page, look.rules, await self._known(look)):
                yield one

    async def _known(self, look: Look) -> tuple[str, ...]:
        """The parts of the page that were looked at so before."""
        number = self.kind.looks.index(look)
        if number in self._framed_before and not await self.page.evaluate(CURRENT):
            return FRAME
        self._framed_before.add(number)
        return ()

    async def _framed(self, answer: Response) -> list[str]:
        """What is wrong with its title, heading and policy."""
        wrong = []
        headings, title, inline = await self.page.evaluate(FRAMED)
        if headings != 1:
            wrong.append(f"{headings} h1")
        home = urlsplit(self.page.url).path == "/"
        if not (title == "Werkhof" if home else title.endswith(" – Werkhof") and len(title) > len(" – Werkhof")):
            wrong.append(f"title: {title}")
        policy = answer.headers.get("content-security-policy", "")
        if "default-src" not in policy or "unsafe-inline" in policy:
            wrong.append(f"policy: {policy}")
        if inline:
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

    async def _picture(self, path: str, look: Look) -> None:
        named = re.sub(r"\d{6,}", lambda found: str(self._numbers.setdefault(found[0], len(self._numbers) + 1)), path)
        name = re.sub(r"[^\w@.]+", "-", re.sub(r"(?<=[-/])[0-9a-f]{16,}", "key", named)).strip("-") or "home"
        folder = self.kind.folder(look)
        folder.mkdir(parents=True, exist_ok=True)
        height = await self.page.evaluate("document.documentElement.scrollHeight")
        await self.page.set_viewport_size({"width": look.size["width"], "height": min(height, TALLEST)})
        await self.page.screenshot(path=folder / f"{name[:60]}-{self.who}.jpg", type="jpeg", quality=70)
