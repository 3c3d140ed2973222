"""What members do on pages with things and with their profile, in a real browser: without scripts, on a phone, readable
for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium

from node.store.people import actors
from node.wording.showing import page_path
from tests import files
from tests.node.pages.conftest import Hub
from tests.node.pages.test_reading import a_thing
from tests.pages.looking import LONG_PHONE, PHONE, found_by_axe, looking, sign_in
from tests.pages.test_apps import wrong_with

pytestmark = pytest.mark.browser

WITHOUT_SCRIPTS: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "locale": "en-GB"}


async def test_a_member_reacts_answers_keeps_and_reports_without_scripts(hub: Hub, chromium: Chromium) -> None:
    post = await a_thing(hub, "finding", title="Twelve are enough")
    async with looking(chromium, hub, **WITHOUT_SCRIPTS) as page:
        await sign_in(page)
        await page.goto(page_path(post))
        for name in ("Like", "Pass on", "Bookmark"):
            await page.locator("#reactions").get_by_role("button", name=name).first.click()
        pressed = page.locator("#reactions [aria-pressed=true]")
        assert [await one.inner_text() for one in await pressed.all()] == ["Like", "Pass on", "Bookmark"]
        await page.fill("#reply-text", "We saw the same.")
        await page.get_by_role("button", name="Reply").click()
        await page.wait_for_url("**/posts/*")
        await page.goto("/desk")
        await page.locator("main").get_by_role("link", name="Bookmarks").click()
        await page.get_by_role("link", name="Twelve are enough").click()
        assert await page.get_by_text("We saw the same.").is_visible()
        await page.get_by_role("link", name="Report this").click()
        await page.get_by_label("Something else").check()
        await page.fill("#comment", "It is about somebody else.")
        await page.get_by_role("button", name="Send the report").click()
        assert await page.get_by_role("status").first.inner_text() == (
            "Thank you. Those who look after this hub will see to it and tell you what they did."
        )


async def test_a_member_presents_themselves_without_scripts(hub: Hub, chromium: Chromium, tmp_path: Path) -> None:
    picture = tmp_path / "me.png"
    picture.write_bytes(files.image(size=(500, 500)))
    async with looking(chromium, hub, **WITHOUT_SCRIPTS) as page:
        await sign_in(page)
        await page.locator("main").get_by_role("link", name="Profile").click()
        await page.fill("#display_name", "Ana Meier")
        await page.set_input_files("#icon-file", picture)
        await page.get_by_role("button", name="Look at it first").click()
        assert await page.get_by_text("It is not saved yet.").is_visible()
        await page.get_by_role("button", name="Save the changes").last.click()
        assert await page.get_by_role("status").first.inner_text() == "Saved. Those who follow are told of it."
        await page.get_by_role("link", name="See it as others do").click()
        assert await page.get_by_role("heading", level=1).inner_text() == "Ana Meier"
    found = await actors.find_local(hub.db, "ana")
    assert found
    assert found.icon_id


@pytest.mark.full
async def test_these_pages_are_readable_for_all(hub: Hub, chromium: Chromium) -> None:
    post, wrong = await a_thing(hub, "call"), dict[str, list[str]]()
    await hub.db.execute("UPDATE hub SET rules = $1", [{"id": "1", "text": "Be kind."}])
    paths = ("/settings/profile", "/settings/profile?as=hub", "/bookmarks", f"/report?post={post.id}", page_path(post))
    async with looking(chromium, hub, viewport=LONG_PHONE) as page:
        await sign_in(page)
        for number, path in enumerate(paths):
            await page.goto(f"{path}{'&' if '?' in path else '?'}lang={('de', 'fr', 'en')[number % 3]}")
            wrong[path] = await wrong_with(page)
        await page.goto("/settings/profile?lang=en")
        await page.fill("#zone", "Moon/Sea")
        await page.get_by_role("button", name="Look at it first").click()
        wrong["refused"] = await found_by_axe(page)
    assert {path: found for path, found in wrong.items() if found} == {}
