"""A client app that another host serves, in a real browser: it gets in and reads all it needs, errors too, by what
browsers allow across hosts (Fetch, CORS; RFC 7636; RFC 6455)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from tests.files import image
from tests.node.pages.conftest import PASSWORD, Hub
from tests.ports import free_port

pytestmark = pytest.mark.browser

APP = Path(__file__).with_name("app_elsewhere.js")
HOST = "127.0.0.5"
PATIENCE = 60
"""A hang guard for what a stream brings at once."""


@pytest.fixture
async def elsewhere() -> AsyncIterator[str]:
    """The other host."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<title>Elsewhere</title><script src=/app.js></script>", content_type="text/html")

    async def script(_: web.Request) -> web.Response:
        return web.Response(text=APP.read_text(), content_type="text/javascript")

    app, port = web.Application(), free_port()
    app.router.add_get("/", page)
    app.router.add_get("/app.js", script)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    yield f"http://{HOST}:{port}/"
    await runner.cleanup()


async def ask(page: Page, method: str, path: str, **options: Any) -> dict[str, Any]:
    """What the app reads of an answer: status, JSON, and those headers that the browser hands out."""
    found = await page.evaluate("([method, path, options]) => app.ask(method, path, options)", [method, path, options])
    assert isinstance(found, dict)
    return found


async def get_in(hub: Hub, page: Page, elsewhere: str) -> None:
    """Register, go through the consent page, come back with a code, and change it for a token."""
    await page.goto(elsewhere)
    made = await page.evaluate("hub => app.register(hub)", hub.base)
    assert made["status"] == 200, made
    await page.evaluate("app.authorize()")
    await page.wait_for_url(lambda address: "/sign-in?" in address)
    await page.fill("#who", "ana")
    await page.fill("#password", PASSWORD)
    await page.locator("main form button").click()
    await page.get_by_role("button", name="Yes, let it in").click()
    await page.wait_for_url(lambda address: address.startswith(f"{elsewhere}?"))
    given = await page.evaluate("app.token()")
    assert (given["status"], given["json"]["scope"], given["state"]) == (200, "read write", "mine"), given


async def test_an_app_of_another_host_gets_in_and_reads_posts_and_listens(
    hub: Hub, chromium: Chromium, elsewhere: str
) -> None:
    page = await (await chromium.new_context(locale="en-GB")).new_page()
    await get_in(hub, page, elsewhere)
    for number in range(2):
        key = {"Idempotency-Key": f"key {number}"}
        sent = await ask(page, "POST", "/api/v1/statuses", json={"status": f"Bench {number}"}, headers=key)
        assert sent["json"]["account"]["username"] == "ana", sent
    home = await ask(page, "GET", "/api/v1/timelines/home?limit=1")
    assert [one["content"] for one in home["json"]] == ["<p>Bench 1</p>"]
    assert (
        f'<{hub.base}/api/v1/timelines/home?limit=1&max_id={home["json"][0]["id"]}>; rel="next"'
        in (home["headers"]["link"])
    )
    assert int(home["headers"]["x-ratelimit-limit"]) > int(home["headers"]["x-ratelimit-remaining"]) > 0
    assert home["headers"]["x-ratelimit-reset"].endswith("Z")
    await _attach(page)
    await _listen(page)


async def _attach(page: Page) -> None:
    medium = await page.evaluate("([bytes, alt]) => app.upload(bytes, alt)", [list(image(size=(60, 40))), "A bench"])
    assert (medium["status"], medium["json"]["description"]) == (200, "A bench"), medium
    assert await page.evaluate("address => app.drawn(address)", medium["json"]["url"]) == 60
    shown = await ask(page, "POST", "/api/v1/statuses", json={"status": "Look", "media_ids": [medium["json"]["id"]]})
    assert shown["json"]["media_attachments"][0]["type"] == "image"


async def _listen(page: Page) -> None:
    assert await page.evaluate("app.listen('user')") is True
    await ask(page, "POST", "/api/v1/statuses", json={"status": "Just now"})
    async with asyncio.timeout(PATIENCE):
        frame = await page.evaluate("app.hears('update', 'Just now')")
    assert frame["stream"] == ["user"]
    assert msgspec.json.decode(frame["payload"])["content"] == "<p>Just now</p>"


async def test_an_app_of_another_host_reads_why_it_is_refused(hub: Hub, chromium: Chromium, elsewhere: str) -> None:
    page = await (await chromium.new_context(locale="en-GB")).new_page()
    await get_in(hub, page, elsewhere)
    refused = [
        (401, "The access token is invalid", await ask(page, "GET", "/api/v1/timelines/home", token="nobody's")),
        (404, "Record not found", await ask(page, "GET", "/api/v1/statuses/424242424242")),
        (404, "Record not found", await ask(page, "PATCH", "/api/v1/nowhere", json={"a": 1})),
        (422, "Validation failed: Text can't be blank", await ask(page, "POST", "/api/v1/statuses", json={})),
    ]
    for status, error, answer in refused:
        assert (answer["status"], answer["json"]["error"]) == (status, error), answer
    assert "x-ratelimit-remaining" in refused[0][2]["headers"]
    again = await page.evaluate("app.token()")
    assert (again["status"], again["json"]["error"]) == (400, "invalid_grant"), "a code is good once"
    ended = await ask(page, "GET", "/api/v1/timelines/home")
    assert ended["status"] == 401, "what was given for a code that came again has ended"
