"""A form of ours may carry a file: from members who came through one of our pages, and not too many."""

from __future__ import annotations

import io

import aiohttp
import pytest
from aiohttp import web

from node.routes import add_routes
from node.web import uploads
from node.web.forms import posted
from node.web.limits import Rate
from node.web.uploads import receive_upload, takes_files
from schemas.limits import REQUEST_BYTES, UPLOAD_REQUEST_BYTES
from tests import files
from tests.node.pages.conftest import TOKEN, Browser, Hub

LARGE = files.image() + bytes(3 * REQUEST_BYTES)


@takes_files
async def with_file(request: web.Request) -> web.Response:
    """A form such as ours, with a picture."""
    fields = await posted(request)
    medium = await receive_upload(request, "image", alt=fields.get("image.alt", ""))
    return web.json_response({"words": fields.get("words"), "id": medium and medium.id, "alt": medium and medium.alt})


@takes_files
async def careless(request: web.Request) -> web.Response:
    """A form whose handler forgot to check where it came from."""
    medium = await receive_upload(request, "image")
    return web.json_response({"id": medium and medium.id})


async def without_file(request: web.Request) -> web.Response:
    """Any other form."""
    return web.json_response({"words": (await posted(request)).get("words")})


@pytest.fixture(autouse=True)
def forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three more addresses."""

    def and_ours(app: web.Application) -> None:
        add_routes(app)
        for handler in (with_file, careless, without_file):
            app.router.add_post(f"/forms/{handler.__name__}", handler)

    monkeypatch.setattr("node.app.add_routes", and_ours)


async def send(
    browser: Browser,
    form: str = "with_file",
    *,
    content: bytes | None = LARGE,
    checked: bool = True,
    words: str = "hello",
) -> tuple[int, str]:
    fields = aiohttp.FormData({"words": words, "image.alt": "a boat"}, default_to_multipart=True)
    if checked:
        token = TOKEN.search((await browser.get("/desk" if "session" in str(browser.cookies()) else "/sign-in")).text)
        assert token
        fields.add_field("form_token", token[1])
    if content is not None:
        fields.add_field("image", io.BytesIO(content), filename="a.png" if content else "")
    headers = {"Origin": browser.base}
    async with browser.session.post(f"{browser.base}/forms/{form}", data=fields, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_a_member_sends_a_picture_with_a_form(hub: Hub, ana: Browser) -> None:
    status, text = await send(ana)
    assert status == 200, text
    row = await hub.db.fetchrow("SELECT id, alt, state, owner_id FROM media")
    assert (row["alt"], row["state"]) == ("a boat", "ready")
    assert row["owner_id"] == await hub.db.fetchval("SELECT id FROM actors WHERE name = 'ana'")
    assert str(row["id"]) in text
    assert '"words": "hello"' in text


@pytest.mark.parametrize("content", [None, b""])
async def test_a_form_without_a_picture_is_a_form(ana: Browser, content: bytes | None) -> None:
    status, text = await send(ana, content=content)
    assert status == 200, text
    assert '"id": null' in text


async def test_a_form_that_came_from_elsewhere_is_refused_with_its_picture(hub: Hub, ana: Browser) -> None:
    assert (await send(ana, checked=False))[0] == 403
    assert await hub.db.fetchval("SELECT count(*) FROM media") == 0


async def test_a_picture_counts_only_if_the_form_was_checked(hub: Hub, ana: Browser) -> None:
    assert (await send(ana, "careless"))[0] == 401
    assert await hub.db.fetchval("SELECT count(*) FROM media") == 0


async def test_case_56_a_stranger_has_no_room_for_a_file(hub: Hub, stranger: Browser) -> None:
    stranger.keep(f"session-{hub.base.rpartition(':')[2]}", "made-up")
    assert (await send(stranger))[0] == 413


async def test_a_stranger_with_a_small_form_is_asked_to_sign_in(stranger: Browser) -> None:
    assert (await send(stranger, content=files.image()))[0] == 401


async def test_case_56_no_other_form_has_room_for_a_file(ana: Browser) -> None:
    assert (await send(ana, "without_file"))[0] == 413


async def test_case_56_a_file_has_its_largest_size(ana: Browser) -> None:
    assert (await send(ana, content=bytes(UPLOAD_REQUEST_BYTES + 1)))[0] == 413


async def test_a_file_that_is_not_taken_says_why(hub: Hub, ana: Browser) -> None:
    status, text = await send(ana, content=b"<svg/>")
    assert status == 422
    assert await hub.db.fetchval("SELECT count(*) FROM media") == 0
    assert "Please check" in text


async def test_nobody_uploads_too_many_files(ana: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "RATE", Rate(count=2, seconds=3600.0))
    statuses = [(await send(ana, content=files.image()))[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
