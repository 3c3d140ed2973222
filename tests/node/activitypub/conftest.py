"""A whole node in this process, listening on loopback, and a peer that knocks at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from aiohttp import web

from federation.build.urls import Urls
from node.activitypub.signed import KEYS, Keys
from node.app import build_app
from node.node import Node
from node.settings import Settings
from node.web.keys import NODE
from schemas.records import Actor
from tests.factories import the_hub
from tests.peer import Peer, hostile_peer
from tests.ports import free_port

ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """A node that answers; `hub` is its hub actor."""

    node: Node
    hub: Actor
    keys: Keys
    app: web.Application

    @property
    def inbox(self) -> str:
        """Its shared inbox."""
        return self.node.urls.shared_inbox

    def url(self, path: str) -> str:
        """An address on it."""
        return self.node.urls.base_url + path


@asynccontextmanager
async def serving(settings: Settings, *, work: bool) -> AsyncIterator[Served]:
    """Run the application of `settings` on a free port."""
    port = free_port(ADDRESS)
    settings = msgspec.structs.replace(settings, base_url=f"http://{ADDRESS}:{port}", listen=f"{ADDRESS}:{port}")
    app = build_app(settings, work=work)
    runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, ADDRESS, port).start()
        async with app[NODE].database.pool.acquire() as db:
            hub = await the_hub(db, Urls(settings.base_url))
        yield Served(node=app[NODE], hub=hub, keys=app[KEYS], app=app)
    finally:
        await runner.cleanup()


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[Served]:
    """A node that answers but does no work: what is kept stays where a test can look at it."""
    async with serving(settings, work=False) as served:
        yield served


@pytest.fixture
async def working(settings: Settings) -> AsyncIterator[Served]:
    """A node that answers and works."""
    async with serving(settings, work=True) as served:
        yield served


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """Another server."""
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


def a_follow(peer: Peer, served: Served, number: int = 1) -> dict[str, Any]:
    """The peer's actor asks to follow the hub."""
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": peer.url(f"/follows/{number}"),
        "type": "Follow",
        "actor": peer.actor_id,
        "object": served.hub.uri,
    }


async def talk(served: Served, rest: bytes, source: str = "127.0.0.66") -> bytes:
    """The status line after a POST to the inbox from this address that goes on like this and never ends."""
    host, port = served.node.settings.authority.split(":")
    reader, writer = await asyncio.open_connection(host, int(port), local_addr=(source, 0))
    try:
        writer.write(b"POST /inbox HTTP/1.1\r\nHost: " + f"{host}:{port}".encode() + b"\r\n" + rest)
        await writer.drain()
        return await reader.readline()
    finally:
        writer.close()
