"""HTTP as load programs speak it: as little as there can be, since they share processors with whom they measure.

A caller sends requests that are written out beforehand; a listener takes requests and gives them to one function."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

import httptools

IDLE = "the connection ended before there was an answer"

Take = Callable[[str, str, str, bytes], bytes | None]
"""Method, host, path and body of a request; the answer, written out, or None where there never is one."""


def written(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A POST as it goes over the wire (RFC 9112)."""
    parts = urlsplit(url)
    lines = [f"{name}: {value}" for name, value in headers.items() if name.lower() != "host"]
    head = [f"POST {parts.path} HTTP/1.1", f"Host: {headers.get('Host', parts.netloc)}", *lines]
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body


def answer(status: int, body: bytes = b"", content_type: str = "text/plain") -> bytes:
    """An answer as it goes over the wire."""
    head = f"HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Caller(asyncio.Protocol):
    """One connection to the server of `url`, opened when there is something to send, for one request at a time."""

    def __init__(self, url: str, local_address: str | None = None) -> None:
        parts = urlsplit(url)
        self._place = parts.hostname or "", parts.port or 80
        self._local = (local_address, 0) if local_address else None
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[tuple[int, bytes]] | None = None

    async def post(self, request: bytes) -> tuple[int, bytes]:
        """Send what was `written`; status and body of the answer. Raises OSError where there is none."""
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            host, port = self._place
            self._transport, _ = await loop.create_connection(lambda: self, host, port, local_addr=self._local)
        self._answered = loop.create_future()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio.Protocol."""
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        """Part of asyncio.Protocol."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        status = self._parser.get_status_code()
        body, self._body = b"".join(self._body), []
        if self._transport is not None and not self._parser.should_keep_alive():
            self._transport.close()
        if self._answered is not None and not self._answered.done() and status >= 200:
            self._answered.set_result((status, body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Part of asyncio.Protocol."""
        self._transport = None
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionResetError(IDLE))


class Taker(asyncio.Protocol):
    """One connection from somebody else, for one request after the other; among `connections` while it is open."""

    def __init__(self, take: Take, connections: set[asyncio.Transport]) -> None:
        self._take = take
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self._transport)
        self._parser = httptools.HttpRequestParser(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Part of asyncio.Protocol."""
        self._connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """Part of asyncio.Protocol."""
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """Called by the parser."""
        self._url, self._host, self._body = b"", b"", list[bytes]()

    def on_url(self, url: bytes) -> None:
        """Called by the parser."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        if name.lower() == b"host":
            self._host = value

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        method = self._parser.get_method().decode()
        answered = self._take(method, self._host.decode(), self._url.decode(), b"".join(self._body))
        if answered is not None:
            self._transport.write(answered)
