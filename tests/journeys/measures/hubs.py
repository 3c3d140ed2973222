"""A whole node for these tests, with its people's clients, and what happens between several of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from yarl import URL

from node.actions import setup
from node.actions.accounts import NewAccount, Ready
from node.actions.setup import Founding
from node.remote import learn_actor
from node.secrets import passwords
from node.store.db import Db
from node.store.people import actors
from schemas.records import Viewer
from tests.factories import keys
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.pages.conftest import PASSWORD

PATIENCE = 180.0
"""A hang guard: what is waited for comes within a second or two."""
WAITING = """
    SELECT (SELECT count(*) FROM arrivals WHERE done_at IS NULL)
         + (SELECT count(*) FROM deliveries WHERE dead_at IS NULL)
         + (SELECT count(*) FROM jobs WHERE dead_at IS NULL AND (attempts > 0 OR next_at <= now() + interval '2 s'))
"""
AGAIN = """
    WITH one AS (UPDATE arrivals SET next_at = now() WHERE done_at IS NULL AND attempts > 0 AND next_at > now()),
         two AS (UPDATE deliveries SET next_at = now() WHERE dead_at IS NULL AND attempts > 0 AND next_at > now()),
         three AS (UPDATE hosts SET open_until = now() WHERE open_until > now())
    UPDATE jobs SET next_at = now() WHERE dead_at IS NULL AND attempts > 0 AND next_at > now()
"""
"""On a loaded machine something may have taken too long; the back-off is not what is tested."""


class Whole(ClientHub):
    """A hub with its workers. `asked`: who asked it for what, by User-Agent and path."""

    def __init__(
        self, app: web.Application, base: str, db: Db, session: aiohttp.ClientSession, asked: list[tuple[str, str]]
    ) -> None:
        super().__init__(app, base, db, session)
        self.asked = asked

    @property
    def host(self) -> str:
        """As it stands in handles."""
        return URL(self.base).authority

    @property
    def domain(self) -> str:
        """What a measure on it is on."""
        return str(URL(self.base).host)

    async def account_of(self, name: str) -> int:
        """The account of a member."""
        found: int = await self.db.fetchval(
            "SELECT a.id FROM accounts a JOIN actors one ON one.id = a.actor_id WHERE one.name = $1", name
        )
        return found

    async def one(self, question: str, *about: object) -> Any:
        """One value of its database."""
        return await self.db.fetchval(question, *about)

    def was_asked_by(self, other: Whole) -> list[str]:
        """What another hub has asked it for since `asked` was cleared; deliveries are posts to its inbox."""
        return [path for agent, path in self.asked if f"(+{other.base})" in agent and not path.endswith("inbox")]


class Person(msgspec.Struct, frozen=True):
    """A member of one of the hubs and their app."""

    hub: Whole
    viewer: Viewer
    client: Client

    @property
    def uri(self) -> str:
        """Their id."""
        return self.viewer.actor.uri

    @property
    def id(self) -> int:
        """Their number at home."""
        return self.viewer.actor.id

    @property
    def handle(self) -> str:
        """As others write it."""
        return f"@{self.viewer.actor.name}@{self.hub.host}"

    async def says(self, text: str, **more: Any) -> Any:
        """Publish a status; as it came back."""
        answer = await self.client.post("/api/v1/statuses", {"status": text} | more)
        assert answer.status == 200, answer.text
        return answer.json

    async def does(self, path: str, json: Any = None, method: str = "POST") -> Any:
        """A deed that must come off at home."""
        answer = await self.client.ask(method, path, json=json if json is not None else {})
        assert answer.status in (200, 201, 202), (path, answer.status, answer.text)
        return answer.json


class Three:
    """The three, and the people who live there all the time."""

    def __init__(self, here: Whole, there: Whole, beyond: Whole) -> None:
        self.here, self.there, self.beyond = here, there, beyond
        self.all = (here, there, beyond)
        self.ana: Person
        self.bo: Person
        self.cy: Person
        self.di: Person

    async def meet(self) -> None:
        """Ana, bo and di live here, cy beyond; ana and cy follow bo, bo follows cy, and di nobody."""
        self.ana, self.bo = await a_person(self.here), await a_person(self.here)
        self.di, self.cy = await a_person(self.here), await a_person(self.beyond)
        for one, other in ((self.ana, self.bo), (self.bo, self.cy), (self.cy, self.ana)):
            await one.does(f"/api/v1/accounts/{await number_at(one, other)}/follow")
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing waits anywhere."""

        async def quiet() -> bool:
            busy = [hub for hub in self.all if await hub.one(WAITING)]
            for hub in busy:
                await hub.db.execute(AGAIN)
                hub.node.wake()
            return not busy

        for _ in range(2):  # what one has just done may be on its way to another
            await eventually(quiet, "nothing waits")


async def eventually(check: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for an effect in another node."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await check():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"waited in vain: {what}")


async def a_person(hub: Whole, role: str = "member") -> Person:
    """Somebody new there, who is to be found."""
    viewer = await hub.newcomer(role)
    await hub.db.execute("UPDATE actors SET discoverable = true, indexable = true WHERE id = $1", viewer.actor.id)
    return Person(hub, viewer, await hub.client_of(viewer))


async def know(hub: Whole, uri: str) -> int:
    """Have a hub learn an actor; its number there."""
    actor = await learn_actor(hub.node, uri)
    assert actor is not None, uri
    return actor.id


async def number_at(one: Person, other: Person) -> int:
    """The number of somebody where `one` lives."""
    return other.id if one.hub is other.hub else await know(one.hub, other.uri)


async def post_at(hub: Whole, uri: str) -> int:
    """The number of a post at a hub that has it."""
    found: int | None = await hub.one("SELECT id FROM posts WHERE uri = $1", uri)
    assert found is not None, f"{uri} is not at {hub.base}"
    return found


async def found(hub: Whole, name: str) -> None:
    """Set a hub up, with the steward `sol`."""
    steward = NewAccount(name="sol", email="sol@hub.example", password=PASSWORD, role="steward", zone="Europe/Berlin")
    founding = Founding(
        name=name,
        description="We share workshops.",
        language="en",
        languages=("en", "de"),
        zone="Europe/Berlin",
        areas={},
        steward=steward,
    )
    ready = Ready(password_hash=await passwords.hashed(PASSWORD), keys=keys())
    async with hub.db.transaction():
        await setup.found(hub.db, hub.urls, founding, setup.Founded(steward=ready, keys=[keys()] * 4))
    assert await actors.hub(hub.db)
