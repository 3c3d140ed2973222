"""A POST beside aiohttp's session: what peers answer it with, and what never leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import yarl
from aiohttp.client_reqrep import ClientRequest

from federation.client import GuardedClient, Outgoing
from federation.outcomes import FetchFailed
from federation.posting import _exchange, post
from tests.federation.guarded import guarded
from tests.peer import hostile_peer, raw_server, trust

FINE = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def connector() -> AsyncIterator[aiohttp.BaseConnector]:
    async with aiohttp.TCPConnector() as connector:
        yield connector


def answering(*answers: bytes, heads: list[bytes] | None = None) -> Talk:
    """A server that gives these answers, one to each request of a connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(2)
            if heads is not None:
                heads.append(head)
            writer.write(answer)
            await writer.drain()

    return talk


def to(base: str, **options: object) -> Outgoing:
    return Outgoing(url=f"{base}/inbox", method="POST", body=b"{}", redirects="none", **options)  # type: ignore[arg-type]


async def test_several_posts_share_a_connection_whose_answers_were_read(client: GuardedClient) -> None:
    heads: list[bytes] = []
    async with raw_server(answering(FINE, FINE, heads=heads)) as base:
        for _ in range(2):
            async with client.send(to(base)) as answer:
                assert (answer.status, await answer.read()) == (202, b"")
    assert len(heads) == 2
    assert heads[0].startswith(b"POST /inbox HTTP/1.1\r\nHost: " + base.partition("://")[2].encode() + b"\r\n")


async def test_an_answer_announced_by_others_is_waited_for(client: GuardedClient) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
    async with raw_server(answering(hints + FINE)) as base, client.send(to(base)) as answer:
        assert answer.status == 202


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"SSH-2.0-Open\r\n\r\n", "bad-http"),
        (b"HTTP/1.1 202 Accepted\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", "bad-http"),
        (b"HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\nabc", "disconnected"),
    ],
)
async def test_what_is_no_whole_answer_fails(client: GuardedClient, answer: bytes, words: str) -> None:
    async with raw_server(answering(answer)) as base:
        with pytest.raises(FetchFailed, match=words):
            async with client.send(to(base)) as incoming:
                await incoming.read()


async def test_over_tls_only_who_has_the_certificate_is_posted_to() -> None:
    async with hostile_peer("127.0.0.7", tls=True) as peer:
        peer.serve("/inbox", b"", status=202)
        async with guarded(allowed=True, tls=trust("127.0.0.7")) as client, client.send(to(peer.base_url)) as answer:
            assert answer.status == 202
        async with guarded(allowed=True, tls=trust("127.0.0.8")) as client:
            with pytest.raises(FetchFailed, match="tls"):
                await client.ask(to(peer.base_url))
    assert len(peer.received) == 1


async def test_a_connection_whose_peer_answers_without_reading_is_not_used_again() -> None:
    met: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(writer)
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(FINE)
        await asyncio.Event().wait()

    async with raw_server(talk) as base, aiohttp.TCPConnector() as connector:
        for _ in range(2):
            answer = await post(connector, yarl.URL(f"{base}/inbox"), {}, b"x" * 20_000_000)
            assert answer.status == 202
            answer.close()
    assert len(met) == 2


async def test_who_answers_before_anything_is_asked_is_not_heard() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(FINE)
        await reader.read()

    async with raw_server(talk) as base, aiohttp.TCPConnector() as connector:
        request = ClientRequest("POST", yarl.URL(base), loop=asyncio.get_running_loop())
        connection = await connector.connect(request, [], aiohttp.ClientTimeout(total=5))
        assert connection.protocol is not None
        while not connection.protocol.should_close:  # noqa: ASYNC110 - it was not heard yet
            await asyncio.sleep(0)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await _exchange(connection, b"POST")
        connection.close()


@pytest.mark.parametrize("header", [{"X": "a\r\nB: c"}, {"X\nY": "a"}, {"X": "a\x00"}])
async def test_a_header_that_would_span_lines_never_leaves(
    connector: aiohttp.BaseConnector, header: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="control"):
        await post(connector, yarl.URL("http://127.0.0.7:9/inbox"), header, b"{}")
