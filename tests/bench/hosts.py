"""Other servers for load programs: many hosts on loopback addresses, one key for all.

They serve their actors, take everything at their inboxes and count it. Requests are signed before the clock starts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from federation.signatures.draft import sign
from federation.signatures.keys import SigningKey, load_private_key, make_rsa_pair
from federation.signatures.message import UnsignedRequest
from tests.bench.wire import Taker, answer, written
from tests.ports import free_port

AS2 = "https://www.w3.org/ns/activitystreams"
ACTIVITY_JSON = "application/activity+json"
SITES = 500
"""Of more hosts than these, one listener takes what goes to any of them."""


@dataclass(frozen=True)
class Request:
    """A signed POST, ready to be sent."""

    headers: dict[str, str]
    body: bytes

    def to(self, url: str) -> bytes:
        """As it goes over the wire to that inbox."""
        return written(url, self.headers, self.body)


@dataclass(frozen=True)
class Received:
    """What came to an inbox, and when."""

    address: str
    inbox: str
    moment: float
    body: bytes = b""


@dataclass
class Hosts:
    """`count` hosts at 127.1.x.y, all on one port, each with actors /u/0, /u/1, … and an inbox per actor. Those of
    `hanging` take requests and never answer. `place` makes their addresses."""

    count: int
    place: Callable[[int], str] = lambda number: f"127.1.{number // 250}.{number % 250 + 1}"
    received: list[Received] = field(default_factory=list)
    hanging: frozenset[str] = frozenset()
    port: int = field(default_factory=lambda: free_port("127.1.0.1"))

    def __post_init__(self) -> None:
        pair = make_rsa_pair()
        self._public = pair.public_pem
        self._key = load_private_key(pair.private_pem)

    def address(self, number: int) -> str:
        """The address of a host."""
        return self.place(number)

    def actor(self, host: int, number: int) -> str:
        """An actor's id."""
        return f"http://{self.address(host)}:{self.port}/u/{number}"

    def signed(self, actor: str, inbox: str, activity: dict[str, Any]) -> Request:
        """An activity as its actor sends it."""
        body = msgspec.json.encode({"@context": AS2, "actor": actor} | activity)
        key = SigningKey(key_id=f"{actor}#main-key", private_key=self._key)
        headers = sign(UnsignedRequest(method="POST", url=inbox, body=body), key, datetime.now(UTC))
        return Request({**headers, "Content-Type": ACTIVITY_JSON}, body)

    def document(self, actor: str) -> dict[str, Any]:
        """The actor as its host serves it."""
        return {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": actor,
            "type": "Person",
            "preferredUsername": f"u{actor.rpartition('/')[2]}",
            "inbox": f"{actor}/inbox",
            "outbox": f"{actor}/outbox",
            "followers": f"{actor}/followers",
            "url": actor,
            "indexable": True,
            "publicKey": {"id": f"{actor}#main-key", "owner": actor, "publicKeyPem": self._public},
        }

    def take(self, method: str, host: str, path: str, body: bytes) -> bytes | None:
        """Show an actor, or count what came to an inbox."""
        if method == "GET":
            return answer(200, msgspec.json.encode(self.document(f"http://{host}{path}")), ACTIVITY_JSON)
        address = host.partition(":")[0]
        if address in self.hanging:
            return None
        self.received.append(Received(address, f"{host}{path}", time.monotonic(), body))
        return answer(202)


@asynccontextmanager
async def hosts(count: int, **options: Any) -> AsyncIterator[Hosts]:
    """Hosts that answer for as long as the block lasts."""
    made = Hosts(count, **options)
    loop = asyncio.get_running_loop()
    places = ["0.0.0.0"] if count > SITES else [made.address(number) for number in range(count)]
    connections: set[asyncio.Transport] = set()
    listening = [await loop.create_server(lambda: Taker(made.take, connections), place, made.port) for place in places]
    try:
        yield made
    finally:
        for one in listening:
            one.close()
        for connection in tuple(connections):
            connection.abort()  # one whose other end was cut off would stay open for ever
        await asyncio.sleep(0)
