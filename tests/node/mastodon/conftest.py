"""One hub that answers for all tests of a module, and the client apps that people use with it.

A test file that shares the hub says `pytestmark = pytest.mark.asyncio(loop_scope="module")`. What one test makes the
others may see: who needs an empty timeline asks `hub.newcomer()` for somebody new.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import msgspec
import pytest_asyncio
from aiohttp import web

from node.actions import setup
from node.actions.accounts import NewAccount, Ready
from node.actions.publish import publish
from node.actions.setup import Founding
from node.app import build_app
from node.secrets import passwords
from node.settings import Settings
from node.store.access import apps, tokens
from node.store.access.apps import App
from node.store.db import Db
from node.web.keys import NODE
from schemas.records import Actor, Post, Viewer
from tests.drafts import a_draft
from tests.factories import keys
from tests.node.pages.conftest import PASSWORD, Hub
from tests.ports import free_port

EVERYTHING = ("read", "write", "follow", "push", "profile")
_numbers = itertools.count(1)


class Answer(msgspec.Struct, frozen=True):
    """What came back: status, headers, and the JSON if it was JSON."""

    status: int
    headers: Any
    json: Any
    text: str

    @property
    def links(self) -> dict[str, str]:
        """The addresses of the Link header by their relation."""
        parts = [part.split(";") for part in self.headers.get("Link", "").split(", ") if part]
        return {relation.split('"')[1]: address.strip("<> ") for address, relation in parts}


class Client:
    """A client app with a token, or a stranger without one."""

    def __init__(self, base: str, session: aiohttp.ClientSession, token: str | None) -> None:
        self.base, self.session, self.token = base, session, token
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **sent: Any) -> Answer:
        """One request, following nothing. `sent` as aiohttp takes it: `params=`, `json=`, `data=` (a form)."""
        address = path if path.startswith("http") else self.base + path
        options = {"headers": self._headers | (headers or {}), "allow_redirects": False} | sent
        async with self.session.request(method, address, **options) as answer:
            text = await answer.text()
            json = msgspec.json.decode(text) if answer.content_type.endswith("json") and text else None
            return Answer(answer.status, answer.headers, json, text)

    async def get(self, path: str, **params: Any) -> Answer:
        """Read; what is named is the query. For names such as `id[]`: `get(path, **{"id[]": [1, 2]})`."""
        return await self.ask("GET", path, params=_pairs(params))

    async def post(self, path: str, json: Any = None, **sent: Any) -> Answer:
        """Do something, with a JSON body or else a form (`data=`)."""
        return await self.ask("POST", path, **({"json": json} if json is not None else {}), **sent)

    async def put(self, path: str, json: Any = None, **sent: Any) -> Answer:
        """Change something."""
        return await self.ask("PUT", path, **({"json": json} if json is not None else {}), **sent)

    async def patch(self, path: str, json: Any = None, **sent: Any) -> Answer:
        """Change something."""
        return await self.ask("PATCH", path, **({"json": json} if json is not None else {}), **sent)

    async def delete(self, path: str, json: Any = None, **sent: Any) -> Answer:
        """Take something away."""
        return await self.ask("DELETE", path, **({"json": json} if json is not None else {}), **sent)


class ClientHub(Hub):
    """The hub, with its members and their clients."""

    def __init__(self, app: web.Application, base: str, db: Db, session: aiohttp.ClientSession) -> None:
        super().__init__(app, base, db)
        self.session = session
        self.stranger = Client(base, session, None)

    async def newcomer(self, role: str = "member", **more: Any) -> Viewer:
        """A new member whose name nobody had before."""
        return await self.member(f"member{next(_numbers)}", role, **more)

    async def client_of(self, who: Viewer, *scopes: str, acting_as: Actor | None = None) -> Client:
        """A client with a token of this member (all scopes if none is named); an editor's may act as the hub."""
        acting = acting_as.id if acting_as else None
        token = await tokens.insert(self.db, who.account.id, scopes or EVERYTHING, acting_actor_id=acting)
        return self.client(token)

    def client(self, token: str | None) -> Client:
        """A client with this token."""
        return Client(self.base, self.session, token)

    async def app_named(self, name: str = "", *scopes: str, **more: Any) -> tuple[App, str]:
        """A registered app and its secret, with all scopes if none is named."""
        new = {"redirect_uris": ("urn:ietf:wg:oauth:2.0:oob",)} | more
        return await apps.insert(self.db, name=name or f"app{next(_numbers)}", scopes=scopes or EVERYTHING, **new)

    async def publish(self, who: Viewer, text: str = "The benches are ready.", **changes: Any) -> Post:
        """Publish a post, or with `kind="event"` and the like another thing, as the member would."""
        kind = changes.pop("kind", "post")
        fields = {"text": text} | changes if kind == "post" else changes
        async with self.db.transaction():
            return await publish(self.node, self.db, who, a_draft(kind, **fields))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(module_settings: Settings) -> AsyncIterator[ClientHub]:
    """The hub `Werkhof` with two areas and the steward `sol`; it delivers nothing and counts no requests."""
    async with AsyncExitStack() as stack:
        listen = f"127.0.0.1:{free_port()}"
        settings = msgspec.structs.replace(
            module_settings, base_url=f"http://{listen}", listen=listen, rate_limits=False, test_signups=True
        )
        app = build_app(settings, work=False)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", settings.listen_port).start()
        db = await stack.enter_async_context(app[NODE].database.pool.acquire())
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        hub = ClientHub(app, settings.base_url, db, session)
        await _found(hub)
        yield hub
        for browser in hub.browsers:
            await browser.session.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ana(hub: ClientHub) -> Viewer:
    """A member."""
    return await hub.member("ana")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bo(hub: ClientHub) -> Viewer:
    """Another member."""
    return await hub.member("bo")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(hub: ClientHub, ana: Viewer) -> Client:
    """Ana's client, with all scopes."""
    return await hub.client_of(ana)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bos_client(hub: ClientHub, bo: Viewer) -> Client:
    """Bo's client, with all scopes."""
    return await hub.client_of(bo)


async def _found(hub: ClientHub) -> None:
    steward = NewAccount(name="sol", email="sol@hub.example", password=PASSWORD, role="steward", zone="Europe/Berlin")
    founding = Founding(
        name="Werkhof",
        description="We share workshops.",
        language="en",
        languages=("en", "de"),
        zone="Europe/Berlin",
        areas={one: setup.AREAS[one] for one in ("housing", "it")},
        steward=steward,
    )
    ready = Ready(password_hash=await passwords.hashed(PASSWORD), keys=keys())
    async with hub.db.transaction():
        await setup.found(hub.db, hub.urls, founding, setup.Founded(steward=ready, keys=[keys()] * 4))


def _pairs(params: dict[str, Any]) -> list[tuple[str, str]]:
    values = {name: value if isinstance(value, list | tuple) else [value] for name, value in params.items()}
    return [(name, str(one).lower() if isinstance(one, bool) else str(one)) for name in values for one in values[name]]
