"""Three whole nodes in this process, each with its own database, address and workers, that talk to each other by HTTP:
Here, whose moderators take measures; There, on whom they are taken; and Beyond, which nobody measures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from shutil import rmtree

import aiohttp
import pytest_asyncio
from aiohttp import web

from node.app import build_app
from node.settings import Settings
from node.store.servers import known_hubs
from node.web.keys import NODE
from tests.conftest import LOOPBACK, database_of
from tests.databases import Databases
from tests.journeys.conftest import open_folder
from tests.journeys.measures.hubs import Three, Whole, found, know
from tests.ports import free_port

ADDRESSES = {"here": "127.0.0.1", "there": "127.0.0.2", "beyond": "127.0.0.3"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def three(databases: Databases) -> AsyncIterator[Three]:
    """The hubs, founded; Here shows what There publishes in its calendar and lists."""
    async with AsyncExitStack() as stack:
        made = [await _start(stack, databases, name, address) for name, address in ADDRESSES.items()]
        hubs = Three(*made)
        hub_there = await know(hubs.here, f"{hubs.there.base}/actors/hub")
        sol = await hubs.here.account_of("sol")
        await known_hubs.decide(hubs.here.db, hub_there, "approved", sol)
        await hubs.meet()
        yield hubs
        for browser in hubs.here.browsers + hubs.there.browsers + hubs.beyond.browsers:
            await browser.session.close()


async def _start(stack: AsyncExitStack, databases: Databases, name: str, address: str) -> Whole:
    folder = open_folder()
    stack.callback(rmtree, folder, ignore_errors=True)
    url = stack.enter_context(database_of(databases))
    port = free_port(address)
    settings = Settings(
        data=folder,
        database_url=url,
        allow_networks=LOOPBACK,
        base_url=f"http://{address}:{port}",
        listen=f"{address}:{port}",
        rate_limits=False,
    )
    app = build_app(settings)
    asked: list[tuple[str, str]] = []

    async def note(request: web.Request, _: web.StreamResponse) -> None:
        asked.append((request.headers.get("User-Agent", ""), request.path_qs))

    app.on_response_prepare.append(note)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, address, port).start()
    db = await stack.enter_async_context(app[NODE].database.pool.acquire())
    session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
    hub = Whole(app, settings.base_url, db, session, asked)
    await found(hub, name)
    return hub
