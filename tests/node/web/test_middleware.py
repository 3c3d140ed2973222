"""Errors in the form the asker reads, headers on every answer, and limits before anything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import structlog
from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from node.errors import Forbidden, Gone, Invalid, NodeError, NotFound, TooMany
from node.settings import Settings
from node.web import middleware
from node.web.keys import ERROR_PAGE, LIMITER, SETTINGS
from node.web.limits import Limiter
from schemas.limits import REQUEST_RATE_COUNT
from schemas.problems import Problem

RAISED: dict[str, Exception] = {
    "missing": NotFound(),
    "gone": Gone(),
    "forbidden": Forbidden("You may not act as {name}.", name="hub"),
    "invalid": Invalid([Problem(field="event.starts", reason="This is empty.")]),
    "often": TooMany(7),
    "bug": ZeroDivisionError("division by zero"),
    "away": asyncpg.ConnectionDoesNotExistError("closed"),
    "wrong": asyncpg.DataError("out of range"),
    "framework": web.HTTPBadRequest(),
}
ACTIVITY = {"Accept": "application/activity+json"}

Client = TestClient[web.Request, web.Application]


async def nothing(request: web.Request) -> web.Response:
    raise NotFound


async def show(request: web.Request) -> web.Response:
    if (what := request.match_info["what"]) in RAISED:
        raise RAISED[what]
    if what == "redirect":
        raise web.HTTPSeeOther("/")
    return web.Response(text="<p>hello</p>", content_type="text/html")


async def error_page(request: web.Request, error: NodeError) -> web.Response:
    if "broken" in request.query:
        raise RuntimeError("the theme is broken")
    return web.Response(text=f"<h1>{error.status}</h1>", status=error.status, content_type="text/html")


def an_app(settings: Settings, path: str = "/page/{what}") -> web.Application:
    app = web.Application(middlewares=[middleware.access, middleware.errors, middleware.limits])
    app[SETTINGS], app[LIMITER], app[ERROR_PAGE] = settings, Limiter(), error_page
    app.on_response_prepare.append(middleware.security_headers)
    app.router.add_route("*", "/{what}", show)
    app.router.add_get(path, nothing)
    app.router.add_get("/api/{what}", show)
    return app


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with TestClient(TestServer(an_app(Settings(base_url="https://hub.example")))) as client:
        yield client


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("missing", 404),
        ("gone", 410),
        ("forbidden", 403),
        ("invalid", 422),
        ("often", 429),
        ("bug", 500),
        ("away", 503),
        ("wrong", 500),
        ("framework", 400),
    ],
)
async def test_an_error_is_a_page_a_problem_or_json_by_who_asks(client: Client, what: str, status: int) -> None:
    page = await client.get(f"/{what}")
    assert (page.status, await page.text()) == (status, f"<h1>{status}</h1>")
    problem = await client.get(f"/{what}", headers=ACTIVITY)
    assert (problem.status, problem.content_type) == (status, "application/problem+json")
    assert (await problem.json())["status"] == status
    api = await client.get(f"/api/{what}")
    assert (api.status, api.content_type) == (status, "application/json")
    assert set(await api.json()) == {"error", "problems"} if what == "invalid" else {"error"}
    assert {answer.headers["Cache-Control"] for answer in (page, problem, api)} == {"no-store"}


async def test_words_are_filled_in_and_in_the_readers_language(client: Client) -> None:
    assert (await (await client.get("/forbidden", headers=ACTIVITY)).json())["title"] == "You may not act as hub."
    german = await (await client.get("/api/missing", headers={"Accept-Language": "de"})).json()
    assert german["error"] != "There is nothing here."


async def test_case_142_a_bug_shows_no_trace(client: Client) -> None:
    answer = await client.get("/bug", headers=ACTIVITY)
    assert "division" not in await answer.text()


async def test_who_goes_away_in_the_middle_of_a_body_is_no_trouble_of_ours() -> None:
    body = StreamReader(BaseProtocol(asyncio.get_running_loop()), 9, loop=asyncio.get_running_loop())
    body.set_exception(ConnectionResetError())

    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    with structlog.testing.capture_logs() as said:
        answer = await middleware.errors(make_mocked_request("POST", "/inbox", payload=body), handler)
    assert (answer.status, said) == (400, [])


async def test_wait_is_said_in_seconds(client: Client) -> None:
    assert (await client.get("/often")).headers["Retry-After"] == "7"


async def test_a_broken_theme_still_answers(client: Client) -> None:
    assert (await client.get("/missing?broken=1")).status == 404


async def test_a_redirect_passes(client: Client) -> None:
    answer = await client.get("/redirect", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")


async def test_every_answer_has_its_security_headers(client: Client) -> None:
    for path, policy in (("/page", middleware.PAGE_POLICY), ("/missing", middleware.PAGE_POLICY)):
        headers = (await client.get(path)).headers
        assert headers["Content-Security-Policy"] == policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"] == middleware.STRICT_TRANSPORT
        assert "Server" not in headers
    machine = (await client.get("/missing", headers=ACTIVITY)).headers
    assert machine["Content-Security-Policy"] == middleware.DATA_POLICY


async def test_case_54_a_compressed_body_is_refused_whatever_it_is(client: Client) -> None:
    for encoding in ("gzip", "br", "made-up"):
        answer = await client.post("/page", data=b"x", headers={"Content-Encoding": encoding})
        assert answer.status == 415


async def test_who_asks_too_often_waits_and_who_may_is_served() -> None:
    async with TestClient(TestServer(an_app(Settings()))) as client:
        served = 0
        while (answer := await client.get("/page")).status == 200:
            served += 1
        assert served >= REQUEST_RATE_COUNT
        assert (answer.status, int(answer.headers["Retry-After"]) > 0) == (429, True)
    async with TestClient(TestServer(an_app(Settings(rate_limits=False)))) as client:
        assert {(await client.get("/page")).status for _ in range(REQUEST_RATE_COUNT + 5)} == {200}


@pytest.mark.parametrize("path", ["/rsvp/{token}", "/appeal/{id}/{key}"])
async def test_case_86_an_access_line_holds_no_key_of_a_link(path: str) -> None:
    async with TestClient(TestServer(an_app(Settings(), path))) as client:
        with structlog.testing.capture_logs() as lines:
            await client.get(path.replace("{id}", "7").replace("{token}", "s3cret").replace("{key}", "s3cret"))
            await client.get(path.replace("{id}", "7").replace("{token}", "s3cr%65t").replace("{key}", "s3cr%65t"))
    assert [one["path"] for one in lines if one["event"] == "request"] == [path, path]
    assert "s3cr" not in str(lines)


async def test_case_86_an_access_line_holds_no_query_and_no_control_characters(client: Client) -> None:
    with structlog.testing.capture_logs() as lines:
        await client.get("/page?token=secret", headers={"User-Agent": "x\u202e\x9b31m" + "y" * 500})
    (line,) = [one for one in lines if one["event"] == "request"]
    assert (line["path"], line["status"]) == ("/page", 200)
    assert "secret" not in str(line)
    assert line["agent"].startswith("x\\u202e\\x9b31m")
    assert len(line["agent"]) < 200
