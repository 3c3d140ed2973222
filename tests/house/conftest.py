"""One hub that answers for all tests of a module, with a steward's browser and program, and a stranger's."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import msgspec
import pytest_asyncio
from aiohttp import web

from node.actions import setup
from node.actions.accounts import NewAccount, Ready
from node.actions.setup import Founding
from node.app import build_app
from node.secrets import passwords
from node.settings import Settings
from node.store.access import tokens
from node.store.members import accounts
from node.store.people import actors
from node.web.keys import NODE
from tests.drafts import json_of
from tests.factories import keys
from tests.node.pages.conftest import PASSWORD, TOKEN, Browser, Hub
from tests.ports import free_port

API = "/api/allmende/v1"
KINDS = ("event", "finding", "call", "post")


class House:
    """The hub, the steward's signed-in browser with a valid form token, and the token of the steward's program."""

    def __init__(self, hub: Hub, browser: Browser, form_token: str, bearer: str) -> None:
        self.hub, self.browser, self.form_token, self.bearer = hub, browser, form_token, bearer
        self.stranger = hub.browser()

    @property
    def program(self) -> dict[str, str]:
        """The headers with which the steward's program asks."""
        return {"Authorization": f"Bearer {self.bearer}"}

    async def ask(
        self, method: str, path: str, body: bytes | io.BytesIO | None = None, **headers: str
    ) -> aiohttp.ClientResponse:
        """One request without cookies; the answer is read."""
        return await self.send(self.stranger.session, method, path, body, **headers)

    async def send(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        body: bytes | io.BytesIO | None = None,
        **headers: str,
    ) -> aiohttp.ClientResponse:
        """One request from this session, following nothing."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        address = self.hub.base + path
        async with session.request(method, address, data=body, headers=named, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def publish(self, kind: str) -> str:
        """Publish one thing as the steward; its id."""
        async with self.browser.session.post(
            f"{self.hub.base}{API}/{kind}s", json=json_of(kind), headers=self.program
        ) as answer:
            assert answer.status == 201
            return str((await answer.json())["id"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(module_settings: Settings) -> AsyncIterator[House]:
    """The hub, founded."""
    async with AsyncExitStack() as stack:
        listen = f"127.0.0.1:{free_port()}"
        base = f"http://{listen}"
        settings = msgspec.structs.replace(module_settings, base_url=base, listen=listen, rate_limits=False)
        app = build_app(settings, work=False)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", settings.listen_port).start()
        db = await stack.enter_async_context(app[NODE].database.pool.acquire())
        hub = Hub(app, base, db)
        house = await _furnished(hub)
        yield house
        for browser in hub.browsers:
            await browser.session.close()


async def _furnished(hub: Hub) -> House:
    steward = NewAccount(name="ana", email="ana@hub.example", password=PASSWORD, role="steward", zone="Europe/Berlin")
    founding = Founding(
        name="Werkhof",
        language="en",
        languages=("en",),
        zone="Europe/Berlin",
        steward=steward,
        areas={"it": {"en": "IT"}},
    )
    ready = Ready(password_hash=await passwords.hashed(PASSWORD), keys=keys())
    async with hub.db.transaction():
        await setup.found(hub.db, hub.urls, founding, setup.Founded(steward=ready, keys=[keys()] * 4))
    actor = await actors.find_local(hub.db, "ana")
    account = await accounts.find_by_actor(hub.db, actor.id) if actor else None
    assert account
    browser = hub.browser()
    await browser.post("/sign-in", {"who": "ana", "password": PASSWORD})
    found = TOKEN.search((await browser.get("/new/post")).text)
    assert found
    return House(hub, browser, found[1], await tokens.insert(hub.db, account.id, ("read", "write")))
