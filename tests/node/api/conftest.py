"""A hub that answers on loopback, and programs that speak its JSON to it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from node.app import build_app
from node.node import Node
from node.settings import Settings
from node.store.access import tokens
from node.store.db import Db
from node.web.keys import NODE
from schemas.records import Viewer
from tests.factories import a_member, the_hub

BASE = "/api/allmende/v1"


class Answer(msgspec.Struct, frozen=True):
    """What came back: status, headers, and the JSON if there was any."""

    status: int
    headers: Any
    json: Any


class Program:
    """Speaks to the hub with a token, or as a stranger without one."""

    def __init__(self, session: aiohttp.ClientSession, server: TestServer, token: str | None) -> None:
        self._session, self._server = session, server
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def ask(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """One request; `path` is below the API's base unless it begins with /api or /schemas."""
        address = self._server.make_url(path if path.startswith(("/api", "/schemas")) else BASE + path)
        sent = raw if raw is not None else msgspec.json.encode(body) if body is not None else None
        usual = {"Content-Type": "application/json"} if sent is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = io.BytesIO(sent) if sent is not None else None
        async with self._session.request(method, address, data=data, headers=self._headers | usual | named) as response:
            text = await response.read()
            json = msgspec.json.decode(text) if "json" in response.content_type and text else None
            return Answer(response.status, response.headers, json)

    async def get(self, path: str, **headers: str) -> Answer:
        """Ask for something."""
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Send something."""
        return await self.ask("POST", path, body, **headers)


class Hub:
    """The running hub, and how to get to know members and their programs."""

    def __init__(self, app: web.Application, server: TestServer, session: aiohttp.ClientSession, db: Db) -> None:
        self.app, self.server, self.session, self.db = app, server, session, db
        self.node: Node = app[NODE]
        self.stranger = self.program(None)

    def program(self, token: str | None) -> Program:
        """A program with this token."""
        return Program(self.session, self.server, token)

    async def member(self, name: str = "", **more: Any) -> Viewer:
        """A new member."""
        return await a_member(self.db, name, **more)

    async def program_of(self, who: Viewer, *scopes: str, acting_as: int | None = None) -> Program:
        """A program with a token of this member."""
        token = await tokens.insert(self.db, who.account.id, scopes or ("read", "write"), acting_actor_id=acting_as)
        return self.program(token)


@pytest.fixture
async def hub(settings: Settings, db: Db) -> AsyncIterator[Hub]:
    """A hub with its actor, answering on a free port; it delivers nothing, so that a test can see what is owed."""
    app = build_app(msgspec.structs.replace(settings, rate_limits=False), work=False)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        await the_hub(db)
        yield Hub(app, server, session, db)


@pytest.fixture
async def ana(hub: Hub) -> Viewer:
    """A member."""
    return await hub.member("ana")


@pytest.fixture
async def program(hub: Hub, ana: Viewer) -> Program:
    """Her program."""
    return await hub.program_of(ana)
