"""What tests of talking to other servers share: a client that may call loopback, and an actor who signs."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
import pytest_asyncio
import uvloop

from federation.addresses import networks
from federation.client import GuardedClient
from federation.signatures.keys import SigningKey, load_private_key, make_rsa_pair
from federation.signing import KeySigner
from tests.peer import Peer, hostile_peer

LOOPBACK = networks(["127.0.0.0/8", "::1/128"])


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(obj: object) -> None:
    """A new event loop for each test here, since there are two kinds of them."""
    if inspect.iscoroutinefunction(obj):
        pytest.mark.asyncio(loop_scope="function")(obj)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The node runs on uvloop, which makes its sockets in its own way: the guard is held against both loops."""
    plain = {"asyncio": asyncio.new_event_loop}
    return plain | {"uvloop": uvloop.new_event_loop} if item.path.name.startswith("test_client") else plain


@pytest.fixture(scope="session")
def signer() -> KeySigner:
    key = load_private_key(make_rsa_pair().private_pem)
    return KeySigner(
        SigningKey(key_id="http://127.0.0.1:8080/actor#main-key", private_key=key), lambda: datetime.now(UTC)
    )


@pytest_asyncio.fixture(loop_scope="function")
async def client() -> AsyncIterator[GuardedClient]:
    async with GuardedClient(
        user_agent="Allmende/test", may_federate=lambda host: True, allowed_networks=LOOPBACK, plain_http=True
    ) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="function")
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer
