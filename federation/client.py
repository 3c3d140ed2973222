"""The one way out: a guarded HTTP client for everything this node asks of other servers or sends to them.

Each request and each redirect hop is checked (federate with that host? address? scheme?), every byte is counted,
every wait has an end (cases 43–54, 64, 65)."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from types import TracebackType
from typing import Literal, Protocol, Self
from urllib.parse import urljoin

import aiohttp
import msgspec
import yarl
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDictProxy

from federation.addresses import Address, BadAddress, Network, in_networks, is_literal, parse
from federation.compression import ACCEPTED, decoder
from federation.connections import AddressRefused, Connections
from federation.outcomes import Failure, FetchError, FetchFailed, FetchRefused, Refusal
from federation.posting import Posted, post
from federation.signatures.pending import Scheme
from schemas.limits import ADDRESSES_CACHED, DOCUMENT_BYTES, HTTP_REDIRECTS, HTTP_TOTAL_SECONDS

MayFederate = Callable[[str], bool | Awaitable[bool]]
"""Asked with a canonical host before every request and hop; only the node knows the answer."""

Redirects = Literal["none", "same-origin", "any"]


class Signer(Protocol):
    """Someone who signs requests: an actor with a private key."""

    def sign(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, scheme: Scheme
    ) -> Mapping[str, str]:
        """The headers to add (Date, Digest, Signature …); ValueError if this request cannot be signed."""
        ...


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """How to sign one request. Without `query` the signature covers the path only, as some peers expect."""

    signer: Signer
    scheme: Scheme = Scheme.DRAFT
    query: bool = True


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One request: what to send, and how much answer and time it is worth. `peer`: whether the host must be one we
    federate with, as all but the push services of members' telephones must."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    signing: Signing | None = None
    redirects: Redirects = "any"
    peer: bool = True
    max_bytes: int = DOCUMENT_BYTES
    seconds: float = HTTP_TOTAL_SECONDS


class Incoming:
    """An answer whose headers are here and whose body is still on the wire."""

    def __init__(self, response: aiohttp.ClientResponse | Posted, url: Address, max_bytes: int) -> None:
        self._response = response
        self._max_bytes = max_bytes
        self.status = response.status
        self.url = url.document
        self.headers: CIMultiDictProxy[str] = response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, decompressed, piece by piece; never more than the limit, before or after decompression."""
        if (self._response.content_length or 0) > self._max_bytes:
            raise FetchRefused(Refusal.SIZE)
        decode = decoder(", ".join(self.headers.getall("Content-Encoding", [])))
        received = given = 0
        async for raw in self._response.content.iter_any():
            received += len(raw)
            if received > self._max_bytes:
                raise FetchRefused(Refusal.SIZE)
            for piece in decode.feed(raw):
                given += len(piece)
                if given > self._max_bytes:
                    raise FetchRefused(Refusal.SIZE, "decompressed")
                yield piece
        if received:
            decode.finish()

    async def read(self) -> bytes:
        """The whole body, decompressed and within the limit."""
        return b"".join([piece async for piece in self.chunks()])

    async def discard(self, max_bytes: int, seconds: float) -> None:
        """Read over a short body that nobody wants, so that the connection can serve again; give up on any other."""
        if self._response.content.at_eof():
            return
        try:
            async with asyncio.timeout(seconds):
                while max_bytes > 0 and not self._response.content.at_eof():
                    max_bytes -= len(await self._response.content.read(max_bytes))
        except (TimeoutError, aiohttp.ClientError):
            return

    def close(self) -> None:
        """No more is read; a connection on which something is left cannot serve again."""
        self._response.close()


class GuardedClient:
    """Use as an async context manager; one per process. `tls` and `resolver` replace the system's in tests."""

    def __init__(
        self,
        *,
        user_agent: str,
        may_federate: MayFederate,
        allowed_networks: Sequence[Network] = (),
        plain_http: bool = False,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._may_federate = may_federate
        self._allowed = allowed_networks
        self._resolver = resolver
        self._tls = tls
        self.plain_http = plain_http

    async def __aenter__(self) -> Self:
        self._connections = Connections(self._allowed, resolver=self._resolver, tls=self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connections.close()

    @asynccontextmanager
    async def send(self, request: Outgoing) -> AsyncIterator[Incoming]:
        """Send a request, follow its redirects, and give the answer while its body is read.

        Everything inside the block shares the deadline. Raises FetchRefused and FetchFailed; a status of 4xx
        or 5xx is an answer like any other.
        """
        async with deadline(request.seconds), self.sent(request) as incoming:
            yield incoming

    @asynccontextmanager
    async def sent(self, request: Outgoing) -> AsyncIterator[Incoming]:
        """The same for a caller who has a `deadline` of its own around several requests."""
        incoming = await self._follow(request)
        try:
            yield incoming
        finally:
            incoming.close()

    async def ask(self, request: Outgoing) -> Incoming:
        """The same, without the cost of a block, for a caller who also closes the answer whatever happens."""
        try:
            return await self._follow(request)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _in_our_words(error) from error

    async def _follow(self, request: Outgoing) -> Incoming:
        url = _address(request.url)
        visited: set[str] = set()
        while True:
            await self._check(url, peer=request.peer)
            visited.add(url.document)
            response = await self._send_once(request, url)
            location = response.headers.get("Location")
            if request.redirects == "none" or location is None or response.status not in (301, 302, 303, 307, 308):
                return Incoming(response, url, request.max_bytes)
            response.close()
            url = _next_hop(url, location, request.redirects)
            if url.document in visited:
                raise FetchRefused(Refusal.LOOP, url.document)
            if len(visited) > HTTP_REDIRECTS:
                raise FetchRefused(Refusal.REDIRECTS)

    async def _check(self, url: Address, *, peer: bool) -> None:
        if url.scheme == "http" and not (self.plain_http and url.port != 443):
            # On port 443 the rule for sockets would let it through to public addresses.
            raise FetchRefused(Refusal.PLAIN, url.origin)
        if is_literal(url.host) and not in_networks(url.host.strip("[]"), self._allowed):
            raise FetchRefused(Refusal.LITERAL, url.host)
        answer = self._may_federate(url.host) if peer else True
        if not (answer if isinstance(answer, bool) else await answer):
            raise FetchRefused(Refusal.BLOCKED, url.host)

    async def _send_once(self, request: Outgoing, url: Address) -> aiohttp.ClientResponse | Posted:
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": ACCEPTED, **request.headers}
        if (signing := request.signing) is not None:
            covered = url.document if signing.query else url.document.partition("?")[0]
            headers |= _signed(signing, request, covered, headers)
        wire = _on_the_wire(url.document)
        if request.method == "POST" and request.body is not None and request.redirects == "none":
            return await post(self._connections.connector(), wire, headers, request.body)
        return await self._connections.session().request(
            request.method,
            wire,
            headers=headers,
            data=request.body,
            allow_redirects=False,
        )


def _signed(signing: Signing, request: Outgoing, url: str, headers: Mapping[str, str]) -> Mapping[str, str]:
    try:
        return signing.signer.sign(request.method, url, headers, request.body, signing.scheme)
    except ValueError as error:
        raise FetchRefused(Refusal.ADDRESS, "cannot be signed") from error


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """Bound a stretch of talking to a peer, and say what went wrong in our own words: FetchFailed, FetchRefused."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _in_our_words(error) from error


def _in_our_words(error: aiohttp.ClientError | TimeoutError) -> FetchError:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return FetchFailed(Failure.DNS)
        case aiohttp.ClientSSLError() | aiohttp.ServerFingerprintMismatch():
            return FetchFailed(Failure.TLS)
        case aiohttp.ClientConnectorError(os_error=AddressRefused(reason=reason)):
            return FetchRefused(reason)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return FetchFailed(Failure.CONNECT)
        case TimeoutError():
            return FetchFailed(Failure.TIMEOUT)
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError():
            return FetchFailed(Failure.DISCONNECTED)
        case aiohttp.InvalidURL():
            return FetchRefused(Refusal.ADDRESS)
        case _:
            return FetchFailed(Failure.HTTP)


@lru_cache(ADDRESSES_CACHED)
def _on_the_wire(url: str) -> yarl.URL:
    """As the library wants it; it keeps with it what it works out of it."""
    return yarl.URL(url, encoded=True)


def _address(url: str) -> Address:
    try:
        return parse(url)
    except BadAddress as error:
        raise FetchRefused(Refusal.ADDRESS, str(error)) from error


def _next_hop(url: Address, location: str, redirects: Redirects) -> Address:
    target = _address(urljoin(url.document, location))
    if url.scheme == "https" and target.scheme == "http":
        raise FetchRefused(Refusal.DOWNGRADE, target.document)
    if redirects == "same-origin" and target.origin != url.origin:
        raise FetchRefused(Refusal.ORIGIN, target.origin)
    return target
