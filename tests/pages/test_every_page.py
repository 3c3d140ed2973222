"""A walk over all pages of the route table, as their readers meet them. What is wrong with any is said at the end;
pictures of all are left in tests/screenshots for people to look at."""

from __future__ import annotations

import re
from html import unescape

import msgspec
import pytest
from playwright.async_api import Browser as Chromium

from node.settings import Settings
from tests.node.pages.conftest import Browser, Hub
from tests.pages.furnishing import furnish
from tests.pages.html import invalid
from tests.pages.looking import looking, sign_in
from tests.pages.walking import BEYOND, HANG_MS, PHONE, TRANSLATED, USUAL, Kind, Walk, pattern_of, patterns

pytestmark = pytest.mark.browser

LINKED = ("/@{name}", "/areas/{name}", "/events/{id}", "/findings/{id}", "/calls/{id}", "/posts/{id}",
          "/admin/reports/{id}")  # fmt: skip
"""What links surely lead to; to the others where furnish() has something for them."""

FIRST = Kind("commons", "en", USUAL)
OTHERS = [
    Kind("commons", "en", BEYOND),
    Kind("example-coop", "en", (*USUAL, *BEYOND)),
    *(Kind(theme, language, TRANSLATED) for theme in ("commons", "example-coop") for language in ("de", "fr")),
]
"""Colours are the same in every language, and words as long on every ground: each is looked at once in each theme."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nobody reads as fast as this."""
    return msgspec.structs.replace(settings, rate_limits=False)


@pytest.mark.parametrize("kind", [FIRST, *[pytest.param(one, marks=pytest.mark.full) for one in OTHERS]], ids=str)
@pytest.mark.timeout(2400)  # a whole walk in one test
async def test_every_page(hub: Hub, chromium: Chromium, kind: Kind) -> None:
    furnished = await furnish(hub)
    await hub.db.execute("UPDATE hub SET look = $1", {"theme": "" if kind.theme == "commons" else kind.theme})
    wrong, html, seen = dict[str, list[str]](), dict[str, str](), set[str]()
    for who, paths in (("stranger", furnished.for_all), ("ana", furnished.for_ana)):
        noted = list[str]()
        async with looking(chromium, hub, noted=noted, viewport=PHONE, locale=kind.language) as page:
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
