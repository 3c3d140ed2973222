"""Events from a phone, without scripts: answered without an account, with what the organisers ask, and ticked off; all
pages around them readable for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser as Chromium

from node.actions import rsvp_links
from node.store.events import rsvp_terms
from node.store.hub import hub as hubs
from node.store.notices import mails
from schemas.attending import Question, Terms
from schemas.records import Post
from tests.factories import an_event_detail
from tests.node.pages.conftest import Hub
from tests.node.pages.test_attendees import a_guest
from tests.node.pages.test_reading import a_thing
from tests.pages.looking import LONG_PHONE, PHONE, looking, sign_in
from tests.pages.test_apps import wrong_with

pytestmark = pytest.mark.browser

WITHOUT_SCRIPTS: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, "locale": "en-GB"}
ASKED = Terms(
    companions=2,
    questions=(
        Question(id="food", label="What do you eat?", required=True),
        Question(id="day", label="Which day?", kind="choice", options=("Friday", "Saturday")),
    ),
)


async def an_event(hub: Hub, **detail: Any) -> Post:
    event = await a_thing(hub, "event", title="Repair café", event=an_event_detail(**detail))
    await rsvp_terms.put(hub.db, event.id, ASKED)
    return event


async def test_somebody_without_an_account_answers_and_is_ticked_off(hub: Hub, chromium: Chromium) -> None:
    event = await an_event(hub)
    async with looking(chromium, hub, **WITHOUT_SCRIPTS) as page:
        await page.goto(f"/events/{event.id}")
        await page.get_by_text("Answer by mail, without an account").click()
        await page.get_by_label("Your name").fill("Kai")
        await page.get_by_label("Your mail address").fill("kai@post.example")
        await page.get_by_role("button", name="Send me the link").click()
        assert await page.get_by_role("heading", level=1).inner_text() == "Look into your mail"
        (letter,) = await mails.list_latest(hub.db, None, 1)
        await page.goto(str(letter.facts["link"]).removeprefix(hub.base))
        await page.get_by_label("Who comes with you?").select_option("1")
        await page.get_by_role("button", name="Confirm my answer").click()
        assert await page.get_by_role("link", name="What do you eat?").is_visible(), "a question that must be answered"
        await page.get_by_label("What do you eat?").fill("Everything")
        await page.get_by_role("button", name="Confirm my answer").click()
        assert await page.get_by_text("You are coming").is_visible()
        await sign_in(page)
        await page.goto(f"/events/{event.id}/check-in?q=kai")
        await page.get_by_role("button", name="Kai").click()
        assert await page.get_by_text("2 of 2 are here").is_visible()
        await page.get_by_role("button", name="Kai").click()
        assert await page.get_by_text("0 of 2 are here").is_visible()


KEPT = """async () => {
    const parts = [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map(one => one.href ?? one.src);
    const shelf = await caches.open('door');
    await navigator.serviceWorker.ready;
    for (const one of [location.href, ...parts]) {
        while (!await shelf.match(one, { ignoreVary: true })) await new Promise(done => setTimeout(done, 50));
    }
}"""
"""Wait until the worker is there, and the page with its looks lies in the browser."""


async def test_ticks_at_the_door_outlive_a_bad_network(hub: Hub, chromium: Chromium) -> None:
    event = await an_event(hub)
    for name in ("Kai", "Lu"):
        await a_guest(hub, event, name)
    address = f"/events/{event.id}/check-in"
    here = "SELECT count(*) FROM rsvps WHERE checked_in_at IS NOT NULL"
    noted: list[str] = []
    async with looking(chromium, hub, noted=noted, viewport=PHONE) as page:
        await sign_in(page)
        await page.goto(address)
        await page.evaluate(KEPT)
        await cut_off(hub)
        await page.get_by_role("button", name="Kai").click()
        await page.get_by_text("1 of 2 are here").wait_for()
        await page.get_by_text("Not yet sent: 1.").wait_for()
        await page.goto(address)
        await page.get_by_text("1 of 2 are here").wait_for()  # it opens without network and remembers
        await page.get_by_label("Search by name").fill("lu")
        assert [await page.get_by_role("button", name=one).is_visible() for one in ("Kai", "Lu")] == [False, True]
        assert await hub.db.fetchval(here) == 0
        await web.TCPSite(hub.runner, "127.0.0.1", hub.node.settings.listen_port).start()
        await page.evaluate("dispatchEvent(new Event('online'))")
        await page.get_by_text("Not yet sent: 1.").wait_for(state="hidden")
        assert await hub.db.fetchval(here) == 1
        await page.reload()
        await page.get_by_text("1 of 2 are here").wait_for()
        assert [one for one in noted if "ERR_CONNECTION" not in one and not one.endswith(address)] == []


async def cut_off(hub: Hub) -> None:
    """The hub is not there any more for anybody, until it listens again."""
    for site in list(hub.runner.sites):
        await site.stop()
    assert hub.runner.server
    for connection in hub.runner.server.connections:
        connection.force_close()


@pytest.mark.full
async def test_these_pages_are_readable_for_all(hub: Hub, chromium: Chromium) -> None:
    event, wrong = await an_event(hub, capacity=30), dict[str, list[str]]()
    kai = await a_guest(hub, event, answers={"food": "Everything"})
    await a_guest(hub, event, "Lu", state="waiting")
    await hub.db.execute("UPDATE rsvps SET checked_in_at = now() WHERE id = $1", kai.id)
    start, link = f"/events/{event.id}", f"/rsvp/{rsvp_links.token((await hubs.get(hub.db)).secret, kai.id)}"
    mine = [f"{start}/{name}" for name in ("answer", "people", "check-in", "questions", "cancel")]
    async with looking(chromium, hub, viewport=LONG_PHONE) as page:
        for number, path in enumerate((start, f"{start}/answer", f"{start}/poster", link)):
            await page.goto(f"{path}?lang={('de', 'fr', 'en')[number % 3]}")
            for folded in await page.locator("main details > summary").all():
                await folded.click()
            wrong[path] = await wrong_with(page)
        await sign_in(page)
        for number, path in enumerate((*mine, "/new/event/import", "/new/event")):
            await page.goto(f"{path}?lang={('en', 'de', 'fr')[number % 3]}")
            wrong[f"{path} (ana)"] = await wrong_with(page)
    assert {path: problems for path, problems in wrong.items() if problems} == {}
