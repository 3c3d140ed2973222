"""Clients that listen: a WebSocket, or server-sent events, and what they heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from tests.node.mastodon.conftest import Client

PATIENCE = 20.0
"""A hang guard: what is waited for comes within a second."""

STREAMING = "/api/v1/streaming"


class Ear:
    """One open WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def say(self, kind: str, stream: str, **more: Any) -> None:
        """Subscribe or unsubscribe."""
        await self.socket.send_json({"type": kind, "stream": stream, **more})

    async def message(self) -> Any:
        """The next message, whatever it is."""
        return msgspec.json.decode(await asyncio.wait_for(self.socket.receive_str(), PATIENCE))

    async def heard(self, count: int = 1) -> list[tuple[str, str, Any]]:
        """The next events: stream, event, and the payload decoded (an id of a deleted post is its text)."""
        found = []
        for _ in range(count):
            one = await self.message()
            payload = one.get("payload")
            what = msgspec.json.decode(payload) if payload and payload[0] == "{" else payload
            found.append((":".join(one["stream"]), one["event"], what))
        return found

    async def until(self, event: str, count: int = 1) -> list[tuple[str, Any]]:
        """The next events of this name, whatever comes between: stream and payload."""
        found: list[tuple[str, Any]] = []
        while len(found) < count:
            found += [(stream, what) for stream, name, what in await self.heard() if name == event]
        return found

    async def end(self) -> int | None:
        """Wait until the other side closes; the code it gives."""
        async with asyncio.timeout(PATIENCE):
            async for _ in self.socket:
                pass
        return self.socket.close_code


@asynccontextmanager
async def listening(client: Client, *streams: str, **more: Any) -> AsyncIterator[Ear]:
    """A WebSocket of this client. The subscriptions of messages are in force once an error message sent after them
    has come back."""
    headers = {"Authorization": f"Bearer {client.token}"}
    async with client.session.ws_connect(client.base + STREAMING, headers=headers, **more) as socket:
        ear = Ear(socket)
        for stream in streams:
            name, _, argument = stream.partition(" ")
            named = {"list": argument} if name == "list" else {"tag": argument} if argument else {}
            await ear.say("subscribe", name, **named)
        await ear.say("subscribe", "nonsense")
        assert (await ear.message())["error"] == "Unknown stream type"
        yield ear


@asynccontextmanager
async def reading_events(client: Client, path: str, **params: Any) -> AsyncIterator[AsyncIterator[tuple[str, str]]]:
    """Server-sent events of this client: pairs of event and data."""
    headers = {"Authorization": f"Bearer {client.token}"} if client.token else {}
    address = f"{client.base}{STREAMING}/{path}"
    async with client.session.get(address, headers=headers, params=params) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        yield _events(response)


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str]]:
    event = ""
    while line := (await asyncio.wait_for(response.content.readline(), PATIENCE)).decode():
        name, _, value = line.rstrip("\n").partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            yield event, value
