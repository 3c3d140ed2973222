"""What members do behind their own door, in a browser: write, vote, take their data along, leave and stay; without
scripts on a phone, and on a wide screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium

from node.store.people import actors
from schemas.things import Poll, PollOption
from tests.factories import a_post
from tests.node.pages.conftest import PASSWORD, Hub
from tests.pages.looking import PHONE, looking, sign_in
from tests.pages.test_apps import wrong_with

pytestmark = pytest.mark.browser

LONG_PHONE = {"width": 360, "height": 9000}
PHONES: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "locale": "en-GB"}
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}


async def a_poll(hub: Hub) -> None:
    author = await hub.member("cy")
    await hub.member("dan", "steward")
    options = (PollOption(name="Monday"), PollOption(name="Friday"))
    poll = Poll(options=options, ends_at=datetime.now(UTC) + timedelta(days=1))
    await a_post(hub.db, author.actor, text="Which day suits you?", poll=poll, type="Question")


@pytest.mark.parametrize("context", [PHONES, WIDE], ids=["phone without scripts", "wide"])
async def test_a_member_writes_votes_takes_data_along_leaves_and_stays(
    hub: Hub, chromium: Chromium, context: dict[str, Any]
) -> None:
    await a_poll(hub)
    async with looking(chromium, hub, **context) as page:
        await sign_in(page)
        await page.locator("main").get_by_role("link", name="Timeline").first.click()
        await page.get_by_label("What do you want to say?").fill("The saw is sharp again.")
        await page.locator(".send").get_by_role("button", name="Publish").click()
        assert await page.get_by_text("The saw is sharp again.").is_visible()
        await page.locator(".tabs").get_by_role("link", name="This hub").click()
        await page.get_by_label("Friday").check()
        await page.get_by_role("button", name="Vote").click()
        assert await page.get_by_text("your vote", exact=True).is_visible()
        await page.goto("/settings/data")
        await page.get_by_role("button", name="Put my data together").click()
        assert await page.locator("progress").is_visible()
        await page.get_by_role("main").get_by_role("link", name="Delete my account").click()
        await page.get_by_label("Your password").fill(PASSWORD)
        await page.get_by_label("I know that this cannot be undone").check()
        await page.get_by_role("button", name="Delete my account").click()
        assert await page.get_by_text("will be deleted on").is_visible()
        await page.goto("/desk")
        await page.get_by_role("link", name="Keep my account").click()
        await page.get_by_role("button", name="Keep my account").click()
        assert await page.get_by_text("You stay.").is_visible()
    assert await hub.db.fetchval("SELECT count(*) FROM votes") == 1
    assert not await hub.db.fetchval("SELECT count(*) FROM leavings")


@pytest.mark.full
async def test_these_pages_are_readable_for_all(hub: Hub, chromium: Chromium) -> None:
    await a_poll(hub)
    ana = await actors.find_local(hub.db, "ana")
    assert ana
    await a_post(hub.db, ana, kind="event", text="A workshop")
    wrong: dict[str, list[str]] = {}
    paths = ("/timeline?tab=hub", "/notifications", "/calendar/mine", "/settings/data", "/settings/leave", "/desk")
    async with looking(chromium, hub, viewport=LONG_PHONE) as page:
        await sign_in(page)
        for number, path in enumerate(paths):
            await page.goto(f"{path}{'&' if '?' in path else '?'}lang={('de', 'fr', 'en')[number % 3]}")
            wrong[path] = await wrong_with(page)
    assert {path: found for path, found in wrong.items() if found} == {}
