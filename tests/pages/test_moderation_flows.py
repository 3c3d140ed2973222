"""What those who look after the hub do on a telephone without scripts, and at a desk with them, as they would do it:
read, tap, type."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from node.actions import appeal, moderate
from node.jobs import lists as list_jobs
from node.store.moderation import cases, domain_lists, measures, reports
from node.store.people import actors, follows
from node.store.posts import posts
from node.store.servers import held, hosts
from tests.factories import a_remote_actor, a_remote_object
from tests.node.pages.conftest import PASSWORD, Hub
from tests.pages.looking import WIDE
from tests.peer import hostile_peer

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
ON_A_PHONE = {"viewport": PHONE, "java_script_enabled": False, "locale": "en"}
AT_A_DESK = {"viewport": DESK, "java_script_enabled": True, "locale": "en"}


@pytest.fixture(params=[ON_A_PHONE, AT_A_DESK], ids=["phone", "desk"])
def screen(request: pytest.FixtureRequest, hub: Hub) -> dict[str, Any]:
    """What a browser context is made with."""
    return {"base_url": hub.base, **request.param}


@pytest.fixture
async def page(chromium: Chromium, hub: Hub, screen: dict[str, Any]) -> AsyncIterator[Page]:
    """What the steward holds, signed in."""
    await hub.member("mo", "moderator")
    context = await chromium.new_context(**screen)
    page = await context.new_page()
    await sign_in(page, "ana")
    yield page
    await context.close()


async def sign_in(page: Page, name: str) -> None:
    await page.goto("/sign-in")
    await page.fill("[name=who]", name)
    await page.fill("[name=password]", PASSWORD)
    await tap(page, "main button")


async def tap(page: Page, what: str) -> None:
    """Tap on something that leads to another page, and be there."""
    async with page.expect_navigation():
        await page.click(what)


async def looked_at(page: Page, name: str) -> None:
    """Where PICTURES names a folder, leave a picture there for people to look at."""
    folder = os.environ.get("PICTURES")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


async def test_a_report_is_handled(page: Page, hub: Hub) -> None:
    about = await a_remote_actor(hub.db, "cy", host="https://other.example", display_name="Cy")
    asked = await posts.upsert_remote(hub.db, a_remote_object(about, text="Who needs boots?"), about)
    assert asked
    said = await posts.upsert_remote(
        hub.db, a_remote_object(about, text="Buy my boots now, only today!", in_reply_to=asked.uri), about
    )
    bo = await hub.member("bo", language="de")
    assert said
    kept = await reports.insert(hub.db, about.id, reporter_id=bo.actor.id, host=None, uri=None, posts=[said.uri],
                                content="They send this to everybody.", category="spam")  # fmt: skip
    assert kept
    await page.goto("/admin")
    await looked_at(page, "today")
    await tap(page, "text=Look at it")
    await looked_at(page, "report")
    await tap(page, "text=I take it")
    await page.click("summary:has-text('Take a measure')")

    await page.select_option("#kind", "limit")
    await page.fill("#ends_at", "2099-01-01")
    await page.fill("#public_reason", "Advertising.")
    await tap(page, "text=Take this measure")
    assert await page.locator("text=In force").count()
    await tap(page, "a:has-text('Something was done')")
    assert "Danke" in await page.input_value("#answer")
    await tap(page, "text=Close the report")
    assert (await cases.get(hub.db, kept.id)).outcome == "acted"
    assert await measures.find_in_force(hub.db, "limit", "actor", about.uri)
    await looked_at(page, "report-closed")
    await page.goto("/admin/reports?state=all")
    await looked_at(page, "reports")


async def test_a_server_is_limited_and_its_relations_are_seen_first(page: Page, hub: Hub) -> None:
    cy = await a_remote_actor(hub.db, "cy", host="https://other.example")
    await follows.insert(hub.db, cy.id, (await actors.hub(hub.db)).id, "https://other.example/f", accepted=True)
    await hosts.remember_scheme(hub.db, "other.example", "draft")
    await page.goto("/admin/servers")
    await looked_at(page, "servers")
    await tap(page, "a:text-is('other.example')")
    await page.click("summary:has-text('Take a measure')")

    await page.select_option("#kind", "suspend")
    await tap(page, "text=Take this measure")
    assert await page.locator("h1:has-text('Suspend other.example?')").count()
    await looked_at(page, "cut")
    await tap(page, "button:has-text('Limit')")
    assert await measures.find_in_force(hub.db, "limit", "domain", "other.example")
    await looked_at(page, "server")


async def test_a_hub_asks_first_and_a_server_is_let_in(page: Page, hub: Hub) -> None:
    await page.goto("/admin/federation")
    await page.check("[value=ask]")
    await tap(page, "button:has-text('Switch')")
    await hosts.ask_about(hub.db, "new.example")
    await held.insert(hub.db, "new.example", "{}", "x")
    await page.goto("/admin/federation")
    await looked_at(page, "modes")
    await tap(page, "tr:has-text('new.example') button:has-text('Let it in')")
    assert await page.locator("text=It is let in.").count() and page.url.endswith("/admin/federation")
    await hub.node.policy.refresh(hub.db)
    assert hub.node.policy.may_federate("new.example")


async def test_a_list_is_subscribed_to_and_a_draft_accepted(page: Page, hub: Hub) -> None:
    async with hostile_peer() as peer:
        peer.serve("/list.csv", b"#domain,#severity\nnoise.test,silence\nevil.test,suspend\n", content_type="text/csv")
        await page.goto("/admin/lists")
        await page.fill("#name", "Friends’ list")
        await page.fill("#url", peer.url("/list.csv"))
        await tap(page, "button:has-text('Read it')")
        number = (await domain_lists.list_all(hub.db, 1))[0].id
        await list_jobs.fetch_list(hub.node, number)
        await list_jobs.read_list(hub.node, number)
    await page.reload()
    await looked_at(page, "list")
    await tap(page, "text=See the drafts")
    await looked_at(page, "drafts")
    await page.check("tr:has-text('noise.test') [type=checkbox]")
    await tap(page, "button:has-text('Accept them')")
    await looked_at(page, "drafts-sure")
    await tap(page, "button:has-text('Accept them')")
    assert [one.target for one in await measures.list_in_force(hub.db, "domain")] == ["noise.test"]


async def test_a_suspended_member_appeals_without_signing_in(
    chromium: Chromium, page: Page, hub: Hub, screen: dict[str, Any]
) -> None:
    bo = await hub.member("bo")
    order = moderate.Order(
        kind="suspend", target_kind="actor", target=bo.actor.uri, public_reason="Advertising.", at_once=True
    )
    async with hub.db.transaction():
        measure = await moderate.take(hub.db, None, order)
    context = await chromium.new_context(**screen)
    theirs = await context.new_page()
    await theirs.goto("/appeal")
    await theirs.fill("#who", "bo")
    await theirs.fill("#password", PASSWORD)
    await tap(theirs, "text=Show what is in force")
    await tap(theirs, "text=See it and appeal")
    await theirs.fill("#content", "It was a joke among friends.")
    await looked_at(theirs, "appeal")
    await tap(theirs, "text=Send the appeal")
    await page.goto("/admin")
    await tap(page, "#appeals + ul a")
    await looked_at(page, "appeal-panel")
    await page.fill("#answer", "You are right.")
    await tap(page, "text=Lift the measure")
    assert (await measures.get(hub.db, measure.id)).state == "ended"
    await theirs.reload()
    assert await theirs.locator("text=You are right.").count()
    await context.close()
    assert await appeal.measured(hub.db, measure.id)


@pytest.mark.parametrize("view", [PHONE, DESK], ids=["phone", "desk"])
async def test_nothing_of_the_federation_rooms_lies_outside_the_screen(
    chromium: Chromium, hub: Hub, view: dict[str, int]
) -> None:
    long = "a-very-long-name-of-a-server-that-somebody-chose.example"
    cy = await a_remote_actor(hub.db, "cy", host=f"https://{long}")
    named = [f"https://{long}/" + "x" * 90]
    kept = await reports.insert(hub.db, cy.id, reporter_id=None, host=None, uri=None, posts=named, content="x" * 90)
    assert kept
    await hosts.ask_about(hub.db, long)
    await hosts.note_error(hub.db, long, "status 403")
    context = await chromium.new_context(viewport=view, base_url=hub.base, locale="en")  # type: ignore[arg-type]
    page = await context.new_page()
    await sign_in(page, "ana")
    wide = {}
    for path in ("", "/reports", f"/reports/{kept.id}", "/servers", f"/servers/{long}", "/federation", "/lists",
                 "/drafts", "/circle", f"/desk?q={long}", "/replies", "/appeals"):  # fmt: skip
        await page.goto(f"/admin{path}")
        if found := await page.evaluate(WIDE):
            wide[path] = found
        await looked_at(page, f"{view['width']}{path.partition('?')[0].replace('/', '-')}")
    assert wide == {}
    await context.close()
