"""Connections to other servers: each is allowed or refused by the real address it goes to, and all are counted.

A resolver hook would miss IP literals and second answers (cases 43, 44, 46); the socket factory sees every connect."""

import errno
import socket
import ssl
import weakref
from collections.abc import Sequence

import aiohttp
from aiohttp.abc import AbstractResolver

from federation.addresses import Network, connection_refusal
from federation.one_answer import hear_one_answer
from federation.outcomes import Refusal
from federation.undocumented import check
from schemas.limits import (
    DNS_CACHE_HOSTS,
    DNS_CACHE_SECONDS,
    HTTP_CONNECT_SECONDS,
    HTTP_CONNECTIONS,
    HTTP_CONNECTIONS_PER_HOST,
    HTTP_HEADER_BYTES,
    HTTP_HEADERS,
    HTTP_KEEPALIVE_SECONDS,
    HTTP_KEPT_SOCKETS,
    HTTP_READ_SECONDS,
)


class AddressRefused(OSError):
    """No socket is made for this address. An OSError, so that the next address of the host is tried."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(errno.EACCES, str(reason))
        self.reason = reason


class Connections:
    """Two pools on one gate: one keeps connections for the next request, one, used when many are open, does not."""

    def __init__(
        self,
        allowed: Sequence[Network],
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        check()
        self._allowed = allowed
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._open_at_most = 0
        """All that were opened since they were last counted, as if none of them had been closed."""
        self._keeping = self._session(resolver, tls, keep=True)
        self._closing = self._session(resolver, tls, keep=False)

    def session(self) -> aiohttp.ClientSession:
        """The session for the next request; idle connections can never use up the node's file descriptors."""
        if self._open_at_most >= HTTP_KEPT_SOCKETS:
            self._open_at_most = self.open_sockets()
        return self._keeping if self._open_at_most < HTTP_KEPT_SOCKETS else self._closing

    def connector(self) -> aiohttp.BaseConnector:
        """What the session for the next request takes its connections from."""
        connector = self.session().connector
        if connector is None:
            raise aiohttp.ClientConnectionError("the session is closed")
        return connector

    def open_sockets(self) -> int:
        """How many sockets are open now, idle ones included; the cost goes by their number."""
        return sum(sock.fileno() != -1 for sock in self._sockets)

    async def close(self) -> None:
        """Close all connections."""
        await self._keeping.close()
        await self._closing.close()

    def _session(
        self, resolver: AbstractResolver | None, tls: ssl.SSLContext | None, *, keep: bool
    ) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            socket_factory=self._socket,
            resolver=resolver,
            ssl=tls or True,
            limit=HTTP_CONNECTIONS,
            limit_per_host=HTTP_CONNECTIONS_PER_HOST,
            dns_cache_max_size=DNS_CACHE_HOSTS,
            ttl_dns_cache=DNS_CACHE_SECONDS,
            force_close=not keep,
            keepalive_timeout=HTTP_KEEPALIVE_SECONDS if keep else None,
        )
        hear_one_answer(connector)
        # Deadlines for the whole are the caller's; decompression, redirects and cookies are not left to the library.
        return aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=HTTP_HEADER_BYTES,
            max_headers=HTTP_HEADERS,
            max_line_size=HTTP_HEADER_BYTES,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=HTTP_CONNECT_SECONDS, sock_read=HTTP_READ_SECONDS),
        )

    def _socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        refusal = connection_refusal(str(address[0]), int(address[1]), self._allowed)
        if refusal is not None:
            raise AddressRefused(refusal)
        sock = socket.socket(family=family, type=kind, proto=protocol)
        self._sockets.add(sock)
        self._open_at_most += 1
        return sock
