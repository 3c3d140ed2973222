"""How often a client may call (case 125): by token, by account, by address; and that every answer says what is left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
import pytest
import pytest_asyncio
from aiohttp import web

from node.app import build_app
from node.mastodon.rates import OF_ACCOUNT, RATE
from node.settings import Settings
from node.store.access import bearers
from node.web.keys import LIMITER, SETTINGS
from schemas.limits import CLIENT_RATE_COUNT
from tests.node.mastodon.conftest import Client, ClientHub
from tests.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="module")
HOME = "/api/v1/timelines/home"
LEFT = "X-RateLimit-Remaining"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def counting(module_settings: Settings, hub: ClientHub) -> AsyncIterator[web.Application]:
    """The hub once more, on the same database, but counting."""
    listen = f"127.0.0.1:{free_port()}"
    app = build_app(msgspec.structs.replace(module_settings, base_url=f"http://{listen}", listen=listen), work=False)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(listen.rpartition(":")[2])).start()
    yield app
    await runner.cleanup()


async def counted_client(app: web.Application, hub: ClientHub) -> tuple[Client, bearers.Bearer]:
    """A client of somebody new, and what its token stands for."""
    token = (await hub.client_of(await hub.newcomer())).token or ""
    bearer = await bearers.find(hub.db, token)
    assert bearer is not None
    return Client(app[SETTINGS].base_url, hub.session, token), bearer


async def test_every_answer_says_what_is_left_and_refusals_do_too(counting: web.Application, hub: ClientHub) -> None:
    client, _ = await counted_client(counting, hub)
    read, missing = await client.get(HOME), await client.get("/api/v1/statuses/77")
    assert (read.status, missing.status) == (200, 404)
    assert int(missing.headers[LEFT]) == int(read.headers[LEFT]) - 1
    assert read.headers["X-RateLimit-Limit"] == str(CLIENT_RATE_COUNT)
    datetime.strptime(missing.headers["X-RateLimit-Reset"], "%Y-%m-%dT%H:%M:%S.%f%z")


async def test_a_token_that_calls_too_often_waits(counting: web.Application, hub: ClientHub) -> None:
    client, bearer = await counted_client(counting, hub)
    while not counting[LIMITER].wait("client", f"token {bearer.id}", RATE):
        pass
    answer = await client.get(HOME)
    assert (answer.status, answer.headers[LEFT]) == (429, "0")
    assert int(answer.headers["Retry-After"]) > 0


async def test_many_tokens_of_one_account_help_nobody(counting: web.Application, hub: ClientHub) -> None:
    client, bearer = await counted_client(counting, hub)
    assert bearer.viewer
    while not counting[LIMITER].wait("client", f"account {bearer.viewer.account.id}", OF_ACCOUNT):
        pass
    assert (await client.get(HOME)).status == 429


async def test_whoever_guesses_tokens_is_counted_by_address(counting: web.Application, hub: ClientHub) -> None:
    guesser = Client(counting[SETTINGS].base_url, hub.session, "no-such-token")
    assert (await guesser.get(HOME)).status == 401
    while not counting[LIMITER].wait("client", "127.0.0.1", RATE):
        pass
    assert (await guesser.get(HOME)).status == 429
