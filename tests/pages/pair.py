"""Two hubs that run as processes of their own and follow each other, for flows that cross from one to the other; and
what their people have in front of them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import msgspec
from aiohttp import web
from argon2 import PasswordHasher
from playwright.async_api import Browser as Chromium
from playwright.async_api import Locator, Page, StorageState

from node.actions import follow, setup
from node.actions.accounts import NewAccount, Ready
from node.actions.setup import Founding
from node.remote import learn_actor
from node.secrets import passwords
from node.store.people import actors
from node.web.keys import NODE
from tests.conftest import database_of
from tests.databases import Databases
from tests.factories import keys
from tests.journeys.conftest import Hub as Process
from tests.journeys.conftest import eventually, open_folder, tell_end_of
from tests.node.pages.conftest import PASSWORD, Hub
from tests.pages.looking import looking
from tests.ports import free_port

ZONE = "Europe/Berlin"


class Way(msgspec.Struct, frozen=True):
    """How somebody walks through a flow: on which screen, with scripts or without, in which theme."""

    name: str
    theme: str
    options: dict[str, Any]


class Pair:
    """Bern and Lyon: each has a steward `ana`, and Lyon a member `lou`. Each follows the other."""

    def __init__(self, chromium: Chromium, bern: Hub, lyon: Hub) -> None:
        self.chromium, self.bern, self.lyon = chromium, bern, lyon
        self._signed_in: dict[tuple[str, str], StorageState] = {}

    @asynccontextmanager
    async def at(self, hub: Hub, way: Way, name: str | None = None) -> AsyncIterator[Page]:
        """A window on this hub's home, of somebody signed in or of a stranger."""
        state = await self._state(hub, name) if name else None
        async with looking(self.chromium, hub, storage_state=state, **way.options) as page:
            await page.goto("/")
            yield page

    async def _state(self, hub: Hub, name: str) -> StorageState:
        """The cookies of somebody who has signed in, once per hub and name."""
        if (hub.base, name) not in self._signed_in:
            async with looking(self.chromium, hub, locale="en-GB") as page:
                await sign_in(page, name)
                self._signed_in[hub.base, name] = await page.context.storage_state()
        return self._signed_in[hub.base, name]


@asynccontextmanager
async def pair_of_hubs(chromium: Chromium, databases: Databases) -> AsyncIterator[Pair]:
    """The two, while they run."""
    async with AsyncExitStack() as stack:
        bern, lyon = [await _hub(stack, databases, *one) for one in (("Bern", "127.0.0.2"), ("Lyon", "127.0.0.3"))]
        await lyon.member("lou")
        for one, other in ((bern, lyon), (lyon, bern)):
            await _follow(one, other)
        yield Pair(chromium, bern, lyon)


async def sign_in(page: Page, name: str) -> None:
    """Sign in with the password of these tests."""
    await page.goto("/sign-in")
    await page.fill("#who", name)
    await page.fill("#password", PASSWORD)
    await page.locator("main form button").click()
    await page.wait_for_url("**/desk*")


async def shows(page: Page, what: Locator) -> None:
    """Look at the page again until this is there: it comes from another hub."""

    async def there() -> bool:
        if await what.first.is_visible():
            return True
        await page.reload()
        return await what.first.is_visible()

    await eventually(there, f"{what} at {page.url}")


async def _hub(stack: AsyncExitStack, databases: Databases, name: str, address: str) -> Hub:
    url = stack.enter_context(database_of(databases))
    folder = open_folder()
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    stack.callback(tell_end_of, folder / "node.log")
    extra = {"ALLMENDE_DATABASE_URL": url, "ALLMENDE_RATE_LIMITS": "off"}
    process = Process(name=name, address=address, port=free_port(address), folder=folder, extra=extra)
    await process.start()
    stack.push_async_callback(process.stop)
    node = await stack.enter_async_context(process.node())
    db = await stack.enter_async_context(node.database.pool.acquire())
    hub = Hub(cast(web.Application, {NODE: node}), process.base_url, db)
    steward = NewAccount(name="ana", email="ana@hub.example", password=PASSWORD, role="steward", zone=ZONE)
    founding = Founding(
        name=name, description="We share.", language="en", languages=("en", "de"), zone=ZONE, steward=steward,
        areas={one: setup.AREAS[one] for one in ("housing", "it")},
    )  # fmt: skip
    ready = Ready(password_hash=await passwords.hashed(PASSWORD), keys=keys())
    async with db.transaction():
        await setup.found(db, node.urls, founding, setup.Founded(steward=ready, keys=[keys()] * 4))
    return hub


async def _follow(one: Hub, other: Hub) -> None:
    """One hub follows the other, and is let."""
    found = await learn_actor(one.node, f"{other.base}/actors/hub")
    us = await actors.hub(one.db)
    assert found
    async with one.db.transaction():
        await follow.follow(one.node, one.db, us, found)
    one.node.wake()
    asked = "SELECT state = 'accepted' FROM follows WHERE follower_id = $1 AND followed_id = $2"

    async def accepted() -> bool:
        return bool(await one.db.fetchval(asked, us.id, found.id))

    await eventually(accepted, f"{one.base} follows {other.base}")


CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that cost nothing: nobody attacks these."""
