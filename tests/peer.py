"""Another server: real, small, on loopback, with its own key, and as badly behaved as a test asks for.

    async with hostile_peer("127.0.0.7") as peer:
        peer.serve("/notes/1", {"id": peer.url("/notes/1"), "type": "Note"})
        answer = await peer.post(hub_inbox, {"type": "Follow", …})
        assert peer.requests("/inbox")

It has an actor with WebFinger and NodeInfo, takes everything at its inboxes, and writes down all that it receives.
A route is what `serve`, `redirect`, `stream`, `bomb` or `answer_with` put there; later calls replace earlier ones.
"""

import asyncio
import gzip
import ipaddress
import json
import socket
import ssl
import tempfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import aiohttp
import brotli
import yarl
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from federation.signatures.keys import KeyPair, SigningKey, load_private_key, make_rsa_pair
from federation.signatures.pending import Scheme
from federation.signing import KeySigner

AS2 = "https://www.w3.org/ns/activitystreams"
ACTIVITY_JSON = "application/activity+json"
JRD_JSON = "application/jrd+json"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    """A request as it came; `target` is path and query."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What another server answered to this peer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Peer:
    """See the top of the file. `actor`, `jrd` and `nodeinfo` may be changed at any time."""

    base_url: str
    keys: KeyPair
    session: aiohttp.ClientSession
    name: str = "mallory"
    received: list[Received] = field(default_factory=list)
    bytes_sent: int = 0
    actor: dict[str, Any] = field(default_factory=dict)
    jrd: dict[str, Any] = field(default_factory=dict)
    nodeinfo: dict[str, Any] = field(default_factory=dict)
    routes: dict[str, Handler] = field(default_factory=dict)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.actor = {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": self.actor_id,
            "type": "Person",
            "preferredUsername": self.name,
            "name": self.name.title(),
            "inbox": self.inbox,
            "outbox": self.url(f"/users/{self.name}/outbox"),
            "followers": self.url(f"/users/{self.name}/followers"),
            "endpoints": {"sharedInbox": self.url("/inbox")},
            "publicKey": {"id": self.key_id, "owner": self.actor_id, "publicKeyPem": self.keys.public_pem},
        }
        self.jrd = {
            "subject": f"acct:{self.handle}",
            "links": [{"rel": "self", "type": ACTIVITY_JSON, "href": self.actor_id}],
        }
        self.nodeinfo = {
            "version": "2.1",
            "software": {"name": "hostile", "version": "1.0"},
            "protocols": ["activitypub"],
            "openRegistrations": False,
            "usage": {"users": {}},
            "metadata": {},
        }

    def url(self, path: str) -> str:
        """An address on this peer."""
        return self.base_url + path

    @property
    def actor_id(self) -> str:
        """The id of its actor."""
        return self.url(f"/users/{self.name}")

    @property
    def key_id(self) -> str:
        """The id of its key."""
        return f"{self.actor_id}#main-key"

    @property
    def inbox(self) -> str:
        """The inbox of its actor."""
        return f"{self.actor_id}/inbox"

    @property
    def domain(self) -> str:
        """Host and port, as they stand in handles."""
        return self.base_url.partition("://")[2]

    @property
    def handle(self) -> str:
        """name@domain of its actor."""
        return f"{self.name}@{self.domain}"

    # What it answers

    def serve(
        self,
        path: str,
        body: Any,
        *,
        status: int = 200,
        content_type: str = ACTIVITY_JSON,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Answer `path` with bytes, text or JSON; returns the address. With a `?` in it, only for that query."""
        data = (
            body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        )

        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(body=data, status=status, headers={"Content-Type": content_type, **(headers or {})})

        return self.answer_with(path, answer)

    def redirect(self, path: str, to: str, *, status: int = 302) -> str:
        """Answer `path` with a redirect."""
        return self.serve(path, b"", status=status, headers={"Location": to})

    def redirect_chain(self, path: str, hops: int, end: str) -> str:
        """A chain of that many redirects which ends at `end`."""
        for hop in range(1, hops):
            self.redirect(f"{path}/{hop}", self.url(f"{path}/{hop + 1}") if hop + 1 < hops else end)
        return self.redirect(path, self.url(f"{path}/1") if hops > 1 else end)

    def stream(
        self,
        path: str,
        piece: bytes,
        *,
        times: int | None = None,
        pause: float = 0.0,
        content_type: str = ACTIVITY_JSON,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Answer with `piece` again and again, for ever unless `times` is given, and count the bytes sent."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": content_type, **(headers or {})})
            await response.prepare(request)
            sent = 0
            while times is None or sent < times:
                await response.write(piece)
                self.bytes_sent += len(piece)
                sent += 1
                await asyncio.sleep(pause)
            return response

        return self.answer_with(path, answer)

    def bomb(self, path: str, encoding: str, size: int, *, content_type: str = ACTIVITY_JSON) -> str:
        """Answer with `size` blanks, compressed as `encoding` (gzip, deflate, br) says."""
        blanks = b" " * size
        pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": partial(brotli.compress, quality=5)}[encoding]
        return self.serve(path, pack(blanks), content_type=content_type, headers={"Content-Encoding": encoding})

    def answer_with(self, path: str, handler: Handler) -> str:
        """Answer `path` by a function of your own; returns the address."""
        self.routes[path] = handler
        return self.url(path)

    # What it was asked

    def requests(self, path: str) -> list[Received]:
        """All requests for a path, whatever their query."""
        return [one for one in self.received if one.target.partition("?")[0] == path]

    async def wait_for(self, path: str, count: int = 1, *, seconds: float = 30.0) -> list[Received]:
        """Wait until so many requests for a path have come; TimeoutError if they do not."""
        async with asyncio.timeout(seconds), self.arrived:
            await self.arrived.wait_for(lambda: len(self.requests(path)) >= count)
        return self.requests(path)

    # What it asks

    def sign(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        scheme: Scheme = Scheme.DRAFT,
        key_id: str | None = None,
        now: datetime | None = None,
    ) -> dict[str, str]:
        """The headers of a request signed with this peer's key, `headers` included; key id and time may be lies."""
        key = SigningKey(key_id=key_id or self.key_id, private_key=load_private_key(self.keys.private_pem))
        signer = KeySigner(key, lambda: now or datetime.now(UTC))
        given = dict(headers or {})
        return {**given, **signer.sign(method, url, given, body, scheme)}

    async def post(
        self,
        inbox: str,
        activity: Mapping[str, Any] | bytes,
        *,
        headers: Mapping[str, str] | None = None,
        signed: bool = True,
        **signing: Any,
    ) -> Answer:
        """POST an activity (or any bytes) to an inbox, signed unless told otherwise; `signing` goes to `sign`.

        `headers` come last and win: so a digest, date or signature can be spoilt.
        """
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        own = self.sign("POST", inbox, body, **signing) if signed else {}
        return await self.request("POST", inbox, {"Content-Type": ACTIVITY_JSON, **own, **(headers or {})}, body)

    async def get(self, url: str, *, accept: str = ACTIVITY_JSON, signed: bool = True, **signing: Any) -> Answer:
        """GET an address, signed unless told otherwise."""
        own = self.sign("GET", url, **signing) if signed else {}
        return await self.request("GET", url, {"Accept": accept, **own})

    async def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send exactly this; redirects are not followed."""
        async with self.session.request(
            method, yarl.URL(url, encoded=True), headers=headers, data=body, allow_redirects=False
        ) as response:
            return Answer(response.status, response.headers, await response.read())

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in request.raw_headers)
        async with self.arrived:
            self.received.append(Received(request.method, request.raw_path, headers, body))
            self.arrived.notify_all()
        path = request.raw_path.partition("?")[0]
        handler = self.routes.get(request.raw_path) or self.routes.get(path)
        return await handler(request) if handler else self._default(request.method, path)

    def _default(self, method: str, path: str) -> web.Response:
        documents = {
            f"/users/{self.name}": (self.actor, ACTIVITY_JSON),
            "/.well-known/webfinger": (self.jrd, JRD_JSON),
            "/.well-known/nodeinfo": (self._nodeinfo_index(), JRD_JSON),
            "/nodeinfo/2.1": (self.nodeinfo, "application/json"),
        }
        if method == "POST" and path.endswith("/inbox"):
            return web.Response(status=202)
        if path not in documents:
            return web.Response(status=404)
        document, kind = documents[path]
        return web.Response(body=json.dumps(document).encode(), headers={"Content-Type": kind})

    def _nodeinfo_index(self) -> dict[str, Any]:
        rel = "http://nodeinfo.diaspora.software/ns/schema/2.1"
        return {"links": [{"rel": rel, "href": self.url("/nodeinfo/2.1")}]}


@asynccontextmanager
async def hostile_peer(host: str = "127.0.0.7", *, tls: bool = False, port: int = 0) -> AsyncIterator[Peer]:
    """A peer on its own loopback address and a free port; with `tls` under the certificate that `trust(host)` knows."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        scheme = "https" if tls else "http"
        shown = f"[{host}]" if ":" in host else host
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            peer = Peer(f"{scheme}://{shown}:{listening.getsockname()[1]}", _keys(host), session)
            app = web.Application(client_max_size=64 * 1024 * 1024)
            app.router.add_route("*", "/{path:.*}", peer._answer)
            runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
            await runner.setup()
            try:
                await web.SockSite(runner, listening, ssl_context=server_tls(host) if tls else None).start()
                yield peer
            finally:
                await runner.cleanup()


@asynccontextmanager
async def raw_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], host: str = "127.0.0.8"
) -> AsyncIterator[str]:
    """A server that speaks whatever `talk` writes, HTTP or not; yields its base URL."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield f"http://{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def trust(host: str) -> ssl.SSLContext:
    """A client's TLS context that knows the certificate of the TLS peer on `host`, and no other."""
    certificate, _ = _certificate(host)
    return ssl.create_default_context(cadata=certificate.decode())


@cache
def _keys(host: str) -> KeyPair:
    return make_rsa_pair()


def server_tls(host: str) -> ssl.SSLContext:
    """The TLS context of a server on `host`; `trust(host)` is its other side."""
    certificate, key = _certificate(host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(certificate + key)
        context.load_cert_chain(file.name)
    return context


@cache
def _certificate(host: str) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    start = datetime.now(UTC) - timedelta(hours=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private
