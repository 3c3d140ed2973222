"""Delivering to inboxes that take it, refuse it, hang, redirect or talk too much."""

import asyncio
import json

import pytest
from aiohttp import web

from federation.client import GuardedClient
from federation.deliver import Delivered, Gone, Outcome, Refused, TryLater, deliver
from federation.knocking import RecentSchemes
from federation.outcomes import Failure, Refusal
from federation.signatures.pending import Scheme
from federation.signing import KeySigner
from tests.federation.conftest import LOOPBACK
from tests.peer import Peer, hostile_peer, raw_server

BODY = json.dumps({"id": "http://127.0.0.1:8080/activities/1", "type": "Follow"}).encode()


@pytest.fixture
def memory() -> RecentSchemes:
    return RecentSchemes()


async def test_an_activity_is_delivered_byte_for_byte_and_signed(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer
) -> None:
    sync = {"Collection-Synchronization": 'collectionId="x", url="y", digest="z"'}
    outcome = await deliver(client, peer.inbox, BODY, signer, memory, headers=sync)
    assert outcome == Delivered(status=202)
    (request,) = peer.received
    assert (request.method, request.body) == ("POST", BODY)
    assert request.header("Content-Type") == "application/activity+json"
    signature = request.header("Signature") or ""
    assert 'headers="(request-target) host date digest collection-synchronization"' in signature


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Delivered(status=200)),
        (204, Delivered(status=204)),
        (301, TryLater(reason=Failure.STATUS, status=301)),
        (308, TryLater(reason=Failure.STATUS, status=308)),
        (400, Refused(reason=Failure.STATUS, status=400)),
        (401, TryLater(reason=Failure.STATUS, status=401)),
        (403, Refused(reason=Failure.STATUS, status=403)),
        (404, Refused(reason=Failure.STATUS, status=404)),
        (408, TryLater(reason=Failure.STATUS, status=408)),
        (410, Gone()),
        (413, Refused(reason=Failure.STATUS, status=413)),
        (429, TryLater(reason=Failure.STATUS, status=429)),
        (500, TryLater(reason=Failure.STATUS, status=500)),
        (501, Refused(reason=Failure.STATUS, status=501)),
        (503, TryLater(reason=Failure.STATUS, status=503)),
    ],
)
async def test_each_status_means_one_thing(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer, status: int, expected: Outcome
) -> None:
    peer.serve("/inbox", b"", status=status, headers={"Location": peer.url("/elsewhere")})
    assert await deliver(client, peer.url("/inbox"), BODY, signer, memory) == expected
    assert peer.requests("/elsewhere") == []


async def test_the_wish_of_a_busy_peer_is_heard_within_reason(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer
) -> None:
    for header, seconds in (("90", 90.0), ("99999999999", 86_400.0), ("soon", None)):
        peer.serve("/inbox", b"", status=429, headers={"Retry-After": header})
        outcome = await deliver(client, peer.url("/inbox"), BODY, signer, memory)
        assert outcome == TryLater(reason=Failure.STATUS, status=429, retry_after=seconds)


async def test_case_65_an_endless_answer_is_not_read(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer
) -> None:
    url = peer.stream("/inbox", b"x" * 65536)
    assert await deliver(client, url, BODY, signer, memory) == Delivered(status=200)
    assert peer.bytes_sent < 16 * 1024 * 1024


async def test_case_65_an_answer_that_never_ends_does_not_hold_the_worker(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("federation.deliver.DELIVERY_ANSWER_SECONDS", 0.2)
    url = peer.stream("/inbox", b"x", pause=1000)
    assert await deliver(client, url, BODY, signer, memory) == Delivered(status=200)


async def test_case_65_a_peer_that_hangs_is_left_at_the_deadline(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("federation.deliver.DELIVERY_SECONDS", 0.3)
    url = peer.answer_with("/inbox", hang)
    assert await deliver(client, url, BODY, signer, memory) == TryLater(reason=Failure.TIMEOUT)


async def test_short_answers_let_the_connection_serve_again(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer
) -> None:
    ports = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response(status=202, body=b"x" * 1000)

    url = peer.answer_with("/inbox", answer)
    for _ in range(3):
        assert await deliver(client, url, BODY, signer, memory) == Delivered(status=202)
    assert len(ports) == 1


async def test_a_connection_closed_while_we_wrote_is_tried_once_more(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes
) -> None:
    calls = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.readuntil(b"\r\n\r\n"))
        if len(calls) == 2:
            await reader.readexactly(len(BODY))
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()

    async with raw_server(talk) as base:
        assert await deliver(client, base + "/inbox", BODY, signer, memory) == Delivered(status=202)
    assert len(calls) == 2


async def test_a_peer_that_always_closes_is_tried_later(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes
) -> None:
    calls = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.readuntil(b"\r\n\r\n"))

    async with raw_server(talk) as base:
        outcome = await deliver(client, base + "/inbox", BODY, signer, memory)
    assert outcome == TryLater(reason=Failure.DISCONNECTED)
    assert len(calls) == 2


async def test_the_second_knock_is_rfc_9421_and_remembered(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes, peer: Peer
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=202 if "Signature-Input" in request.headers else 401)

    url = peer.answer_with("/inbox", answer)
    for _ in range(2):
        assert await deliver(client, url, BODY, signer, memory) == Delivered(status=202)
    assert ["Signature-Input" in dict(one.headers) for one in peer.received] == [False, True, True]
    assert await memory.get("127.0.0.7") is Scheme.RFC9421
    assert '"content-digest"' in (peer.received[1].header("Signature-Input") or "")


async def test_a_host_that_may_not_be_called_is_not(signer: KeySigner, memory: RecentSchemes, peer: Peer) -> None:
    async with GuardedClient(
        user_agent="t", may_federate=lambda host: False, allowed_networks=LOOPBACK, plain_http=True
    ) as client:
        outcome = await deliver(client, peer.inbox, BODY, signer, memory)
    assert outcome == Refused(reason=Refusal.BLOCKED)
    assert peer.received == []


async def test_what_is_no_address_is_refused_for_good(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes
) -> None:
    for inbox in ("", "mailto:x@good.test", "https://user@good.test/inbox"):
        assert await deliver(client, inbox, BODY, signer, memory) == Refused(reason=Refusal.ADDRESS)


async def test_a_private_address_behind_a_name_is_tried_later_since_dns_errs(
    signer: KeySigner, memory: RecentSchemes
) -> None:
    async with GuardedClient(user_agent="t", may_federate=lambda host: True) as client:
        outcome = await deliver(client, "https://localhost/inbox", BODY, signer, memory)
    assert outcome == TryLater(reason=Refusal.NETWORK, reached=False)


async def test_a_server_that_is_down_was_not_reached(
    client: GuardedClient, signer: KeySigner, memory: RecentSchemes
) -> None:
    async with hostile_peer("127.0.0.9") as gone:
        inbox = gone.inbox
    outcome = await deliver(client, inbox, BODY, signer, memory)
    assert outcome == TryLater(reason=Failure.CONNECT, reached=False)
