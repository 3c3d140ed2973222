"""The loop in a real browser: finding → call → event → finding, each step one tap, without scripts on a phone; versions
side by side and the desk of a call on a wide screen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from node.actions.answer import answer
from node.actions.match import match_call
from node.store.posts import posts
from tests import files
from tests.node.pages.conftest import Hub
from tests.node.pages.test_call_desk import CALL
from tests.node.pages.test_loop import made
from tests.pages.looking import DESK, LONG_PHONE, PHONE, looking, sign_in
from tests.pages.test_apps import wrong_with

pytestmark = pytest.mark.browser
WITHOUT_SCRIPTS: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "locale": "en-GB"}
SHOTS = os.environ.get("SHOTS", "")


async def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where the run asks for pictures."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def write_finding(page: Page, tmp_path: Path) -> None:
    """A finding with a picture, as the first link of the chain."""
    picture = tmp_path / "car.png"
    picture.write_bytes(files.image(size=(900, 600)))
    await page.goto("/new/finding")
    await page.fill('[name="versions.0.name"]', "Twelve households carry a car")
    await page.fill(
        '[name="versions.0.text"]', "## What we saw\n\nEverybody drives less.\n\n[The numbers](https://example.org)"
    )
    await page.fill('[name="claim"]', "A shared car pays from twelve households on.")
    await page.fill('[name="contributors"]', "@ana\nMaria from next door")
    await page.set_input_files('[name="new.file"]', picture)
    await page.fill('[name="new.alt"]', "A red car under a tree")
    await page.fill('[name="new.credit"]', "Ana Peeters")
    await page.fill('[name="new.license"]', "CC-BY-4.0")
    await page.get_by_role("button", name="Publish").last.click()


async def test_three_taps_lead_around_the_loop_without_scripts(hub: Hub, chromium: Chromium, tmp_path: Path) -> None:
    async with looking(chromium, hub, **WITHOUT_SCRIPTS) as page:
        await sign_in(page)
        await write_finding(page, tmp_path)
        await shot(page, "360-finding")
        await page.get_by_role("link", name="Start a call from this").click()
        await shot(page, "360-new-call")
        await page.check('[name="remote"]')
        await page.get_by_role("button", name="Publish").last.click()
        await shot(page, "360-call")
        await page.get_by_role("link", name="Make an event of it").click()
        await page.fill('[name="starts"]', "2031-05-03T10:00")
        await page.fill('[name="place.name"]', "Great hall")
        await page.get_by_role("button", name="Publish").last.click()
        await hub.db.execute("UPDATE events SET starts_at = now() - interval '2 days', ends_at = NULL")
        await page.reload()
        await shot(page, "360-event")
        await page.get_by_role("link", name="Document it").click()
        await page.fill('[name="claim"]', "We share two cars now.")
        await page.get_by_role("button", name="Publish").last.click()
        links = page.locator(".chain li")
        assert await links.count() == 4
        assert "you are here" in await links.last.inner_text()
        await shot(page, "360-chain")
        await links.first.get_by_role("link").click()
        await page.locator(".cover a").first.click()
        assert await page.get_by_role("heading", level=1).inner_text() == "Picture 1 of 1"
        await shot(page, "360-picture")
        await page.get_by_role("link", name="All pictures").click()
        assert await page.get_by_text("A red car under a tree").is_visible()
        await shot(page, "360-pictures")


async def test_versions_stand_side_by_side_on_a_wide_screen(hub: Hub, chromium: Chromium, tmp_path: Path) -> None:
    async with looking(chromium, hub, viewport=DESK, locale="en-GB") as page:
        await sign_in(page)
        await write_finding(page, tmp_path)
        finding = page.url
        await page.goto(f"{finding}/edit")
        await page.get_by_role("button", name="Add another language").click()
        await page.select_option('[name="versions.1.language"]', "de")
        await page.fill('[name="versions.1.name"]', "Zwölf Haushalte tragen ein Auto")
        await page.fill('[name="versions.1.text"]', "Alle fahren weniger.")
        await page.get_by_role("button", name="Compare the versions").click()
        left, right = [await one.bounding_box() for one in await page.locator(".abreast > fieldset").all()]
        assert left
        assert right
        assert (left["y"], left["x"] < right["x"]) == (right["y"], True)
        assert await page.locator("#compared .state").count() == 3
        await shot(page, "1280-versions")
        await page.get_by_role("button", name="Save the changes").last.click()
        await page.goto(f"{finding}/edit")
        await page.fill('[name="versions.0.text"]', "## What we saw\n\nEverybody drives less, and walks more.")
        await page.fill('[name="correction"]', "We had left out walking.")
        await page.get_by_role("button", name="Save the changes").last.click()
        await page.goto(f"{finding}?version=de")
        assert await page.get_by_text("This version is older than").is_visible()
        await shot(page, "1280-older")
        await page.goto(f"{finding}/edit")
        await shot(page, "1280-behind")
        await page.goto(f"{finding}/retract")
        await page.fill('[name="reason"]', "We counted wrongly.")
        await page.get_by_role("button", name="Yes, retract it").click()
        await shot(page, "1280-retracted")


@pytest.mark.full
async def test_the_desk_and_the_matches_are_readable_for_all(hub: Hub, chromium: Chromium) -> None:
    call = await made(hub, CALL, "flo")
    as_hub = "UPDATE posts SET actor_id = (SELECT id FROM actors WHERE role_here = 'hub') WHERE id = $1"
    await hub.db.execute(as_hub, call.id)
    call = (await posts.get_many(hub.db, [call.id], None))[call.id]
    for name in ("bo", "cy"):
        await answer(hub.node, hub.db, (await hub.member(name)).actor, call.id, f"<p>{name} knows how to build.</p>")
    wrong: dict[str, list[str]] = {}
    async with looking(chromium, hub, viewport=LONG_PHONE) as page:
        await sign_in(page)
        await page.goto("/settings/matching")
        await page.fill('[name="skills"]', "carpentry, cooking")
        await shot(page, "360-matching")
        await page.get_by_role("button", name="Save the changes").click()
        await match_call(hub.node, call.id)
        own = ("/desk", f"/calls/{call.id}", f"/calls/{call.id}/desk")
        paths = (*own, "/settings/matching", "/new/finding", "/new/call?lang=de")
        for path in paths:
            await page.goto(path)
            wrong[path] = await wrong_with(page)
            await shot(page, "360" + path.replace("/", "-").replace(str(call.id), "id"))
    async with looking(chromium, hub, viewport=DESK) as page:
        await sign_in(page)
        for path in own:
            await page.goto(path)
            await shot(page, "1280" + path.replace("/", "-").replace(str(call.id), "id"))
    assert {path: found for path, found in wrong.items() if found} == {}
