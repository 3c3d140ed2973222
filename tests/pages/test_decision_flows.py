"""Two people, an emergency that lapses, a role handed over: on a phone without scripts, and at a desk with them; and
readable for all."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from node.actions import decisions, moderate
from node.store.moderation import decision_rules, measures
from node.store.moderation.decision_rules import Rule
from node.store.people import actors
from tests.factories import a_remote_actor
from tests.node.pages.conftest import PASSWORD, Hub
from tests.pages.looking import PHONE, looking
from tests.pages.test_apps import wrong_with

pytestmark = pytest.mark.browser
ON_A_PHONE: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "locale": "en-GB"}
AT_A_DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "java_script_enabled": True, "locale": "en-GB"}
both = pytest.mark.parametrize("screen", [ON_A_PHONE, AT_A_DESK], ids=["phone", "desk"])
NEXT_YEAR = (datetime.now(UTC) + timedelta(days=365)).date().isoformat()


async def sign_in(page: Page, name: str) -> None:
    await page.context.clear_cookies()
    await page.goto("/sign-in")
    await page.fill("#who", name)
    await page.fill("#password", PASSWORD)
    await page.locator("main form button").click()
    await page.wait_for_url("**/desk")


async def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at one (PICTURES)."""
    if folder := os.environ.get("PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def cut_off(page: Page, *, at_once: bool) -> None:
    await page.goto("/admin/servers/bad.example")
    await page.locator("summary").get_by_text("Take a measure").click()
    await page.select_option("#kind", "suspend")
    await page.fill("#public_reason", "hate")
    if at_once:
        await page.check("#at_once")
    await page.get_by_role("button", name="Take this measure").click()
    await page.get_by_role("button", name="Suspend it").click()
    await page.wait_for_url("**/admin/servers/bad.example")


@both
async def test_two_people_decide(hub: Hub, chromium: Chromium, screen: dict[str, Any]) -> None:
    await hub.member("bo", "steward")
    cy = await a_remote_actor(hub.db, "cy", host="https://bad.example")
    async with looking(chromium, hub, **screen) as page:
        await sign_in(page, "ana")
        await cut_off(page, at_once=False)
        assert not (await actors.get(hub.db, cy.id)).host_suspended
        await sign_in(page, "bo")
        await page.goto("/admin/decisions")
        await picture(page, "decisions-phone")
        await page.get_by_role("link", name=re.compile("^Decide ")).click()
        await picture(page, "decision-phone")
        await page.get_by_role("button", name="Confirm").click()
        assert await page.get_by_text("In force", exact=True).first.is_visible()
        assert (await actors.get(hub.db, cy.id)).host_suspended
        await page.goto("/log")
        assert await page.get_by_text("Suspend · bad.example: hate").first.is_visible()
        await picture(page, "log-phone")


@both
async def test_an_emergency_lapses(hub: Hub, chromium: Chromium, screen: dict[str, Any]) -> None:
    await hub.member("bo", "steward")
    async with looking(chromium, hub, **screen) as page:
        await sign_in(page, "ana")
        await cut_off(page, at_once=True)
        await picture(page, "emergency-phone")
        assert await page.get_by_text("unless confirmed").first.is_visible()
        await hub.db.execute("UPDATE measures SET lapses_at = now()")
        assert await decisions.close_due(hub.db) == 1
        await page.goto("/admin/decisions")
        assert await page.get_by_text("Lapsed: nobody confirmed it in time").is_visible()
        assert await measures.find_in_force(hub.db, "suspend", "domain", "bad.example") is None
        await page.goto("/log")
        assert await page.locator("tbody").get_by_text("Measure undone: nobody confirmed it in time").is_visible()


@both
async def test_a_role_is_handed_over(hub: Hub, chromium: Chromium, screen: dict[str, Any]) -> None:
    for name, role in (("bo", "steward"), ("cy", "member")):
        await hub.member(name, role)
    async with looking(chromium, hub, **screen) as page:
        await sign_in(page, "ana")
        await page.goto("/admin/roles")
        await picture(page, "roles-phone")
        await (
            page.get_by_role("link", name="Change Steward, Ana")
            .or_(page.get_by_role("link", name="Change Steward, ana"))
            .click()
        )
        await page.locator("textarea[name=handover]").fill("Keys of the shed")
        await page.get_by_role("button", name="Save the list").click()
        await page.get_by_label("Hand it over to the member named below").check()
        await page.fill("#name", "cy")
        await page.fill("#ends_at", NEXT_YEAR)
        await picture(page, "mandate-phone")
        await page.get_by_role("button", name="Propose it").click()
        await sign_in(page, "bo")
        await page.goto("/admin/decisions")
        await page.get_by_role("link", name=re.compile("^Decide ")).click()
        await page.get_by_role("button", name="Confirm").click()
        await sign_in(page, "cy")
        await page.goto("/offices")
        assert await page.get_by_text("Keys of the shed").is_visible()
        await picture(page, "offices-phone")
        await page.get_by_role("button", name="Take the office").click()
        assert await page.get_by_role("status").first.inner_text() == "The office is yours now."
        assert (await page.goto("/admin/roles")).status == 200  # type: ignore[union-attr]
        await sign_in(page, "ana")
        assert (await page.goto("/admin/roles")).status == 403  # type: ignore[union-attr]


@pytest.mark.full
async def test_these_pages_are_readable_for_all(hub: Hub, chromium: Chromium) -> None:
    bo = await hub.member("bo", "steward")
    await decision_rules.put(hub.db, Rule(kind="suspend", how="vote", quorum=50, days=7))
    cy = await a_remote_actor(hub.db, "cy", host="https://bad.example")
    order = moderate.Order(kind="suspend", target_kind="actor", target=cy.uri, public_reason="hate")
    measure = await moderate.take(hub.db, bo, order)
    paths = [
        "/admin/decisions", f"/admin/decisions/{measure.id}", "/admin/rules-of-decision", "/admin/roles",
        "/admin/roles/new-role", "/admin/accounts", f"/admin/accounts/{cy.id}", "/offices", "/log/1", "/admin/log/1",
    ]  # fmt: skip
    wrong = dict[str, list[str]]()
    async with looking(chromium, hub, viewport={"width": 1280, "height": 800}) as page:
        await sign_in(page, "ana")
        await page.goto("/admin/roles")
        paths.append(str(await page.get_by_role("link", name="Change Steward").first.get_attribute("href")))
        for path in paths:
            await page.goto(f"{path}?lang=en")
            wrong[path] = await wrong_with(page)
            await picture(page, "desk" + path.replace("/", "-"))
    assert {path: said for path, said in wrong.items() if said} == {}
