"""One POST on a connection of aiohttp's, without its session: what that prepares each request for (redirects, cookies,
proxies, bodies in parts) costs a delivery more than the exchange itself."""

import asyncio
import re
from collections.abc import Mapping
from functools import lru_cache

import aiohttp
import yarl
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.helpers import TimerNoop
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import StreamReader
from multidict import CIMultiDictProxy

from schemas.limits import DNS_CACHE_HOSTS, HTTP_CONNECT_SECONDS, HTTP_HEADER_BYTES, HTTP_HEADERS, HTTP_READ_SECONDS

_CONNECTING = aiohttp.ClientTimeout(total=None, sock_connect=HTTP_CONNECT_SECONDS)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Posted:
    """An answer whose body is still on the wire. When that is read the connection can serve again."""

    def __init__(self, connection: Connection, message: RawResponseMessage, content: StreamReader) -> None:
        self._connection = connection
        self.status: int = message.code
        self.headers: CIMultiDictProxy[str] = message.headers
        self.content = content
        content.on_eof(connection.release)

    @property
    def content_length(self) -> int | None:
        """How long the body is, if the headers say it; the parser let only digits through."""
        length = self.headers.get("Content-Length")
        return None if length is None else int(length)

    def close(self) -> None:
        """No more is read; a connection on which something is left is closed."""
        self._connection.close()


async def post(connector: aiohttp.BaseConnector, url: yarl.URL, headers: Mapping[str, str], body: bytes) -> Posted:
    """Send `body` and give the answer, whatever it is. Raises what a session would: aiohttp.ClientError, TimeoutError,
    and ValueError for a header with control characters."""
    request = _head(url, headers, len(body), last=connector.force_close) + body
    try:
        connection = await connector.connect(_towards(url.origin()), [], _CONNECTING)
    except TimeoutError as error:
        raise aiohttp.ConnectionTimeoutError from error
    try:
        return await _exchange(connection, request)
    except BaseException:
        connection.close()
        raise


async def _exchange(connection: Connection, request: bytes) -> Posted:
    protocol = connection.protocol
    if protocol is None or (transport := protocol.transport) is None or transport.is_closing() or protocol.should_close:
        raise aiohttp.ServerDisconnectedError  # also where something was said before anything was asked
    protocol.set_response_params(
        timer=TimerNoop(),
        read_until_eof=True,
        auto_decompress=False,
        read_timeout=HTTP_READ_SECONDS,
        max_line_size=HTTP_HEADER_BYTES,
        max_field_size=HTTP_HEADER_BYTES,
        max_headers=HTTP_HEADERS,
    )
    transport.write(request)
    protocol.start_timeout()
    try:
        message, content = await protocol.read()
        while 100 <= message.code < 200 and message.code != 101:  # "wait", "here are hints": the answer comes later
            message, content = await protocol.read()
    except HttpProcessingError as error:
        raise aiohttp.ClientError("no HTTP") from error
    if transport.get_write_buffer_size():  # answered unread: what is sent next would wait in our memory behind it
        protocol.force_close()
    return Posted(connection, message, content)


@lru_cache(DNS_CACHE_HOSTS)  # it takes some KiB
def _towards(origin: yarl.URL) -> ClientRequest:
    """What tells the connector where to; it is never sent."""
    return ClientRequest("POST", origin, loop=asyncio.get_running_loop())


def _head(url: yarl.URL, headers: Mapping[str, str], length: int, *, last: bool) -> bytes:
    fields = {"Host": url.host_port_subcomponent or "", "Accept": "*/*", **headers, "Content-Length": str(length)}
    if last:
        fields["Connection"] = "close"
    lines = [f"POST {url.raw_path_qs} HTTP/1.1", *[f"{name}: {value}" for name, value in fields.items()]]
    if any(map(_CONTROL.search, lines)):
        raise ValueError("a header with control characters")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
