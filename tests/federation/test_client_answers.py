"""What the guarded client makes of answers without end, sense or hurry: all waits and sizes end."""

import asyncio

import pytest
from aiohttp import web

from federation.client import GuardedClient, Outgoing
from federation.outcomes import Failure, Refusal
from schemas.limits import DOCUMENT_BYTES, HTTP_TOTAL_SECONDS
from tests.federation.guarded import failure, read, refusal
from tests.peer import Peer, raw_server

MIB = 1024 * 1024


async def test_case_52_a_body_that_trickles_in_meets_the_deadline(client: GuardedClient, peer: Peer) -> None:
    url = peer.stream("/slow", b" ", pause=0.05)
    assert await failure(client, url, seconds=0.6) is Failure.TIMEOUT
    assert 0 < peer.bytes_sent < 100
    assert Outgoing(url=url).seconds == HTTP_TOTAL_SECONDS == 30.0


async def test_case_52_headers_that_trickle_in_meet_the_deadline(client: GuardedClient) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with raw_server(talk) as base:
        assert await failure(client, base + "/", seconds=0.6) is Failure.TIMEOUT


@pytest.mark.parametrize(
    "head",
    [b"X: " + b"x" * MIB + b"\r\n\r\n", b"".join(b"X-%d: x\r\n" % n for n in range(10_000)) + b"\r\n"],
    ids=["one long field", "many fields"],
)
async def test_case_52_too_many_or_too_long_headers_are_bad_http(client: GuardedClient, head: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + head)
        await writer.drain()

    async with raw_server(talk) as base:
        assert await failure(client, base + "/") is Failure.HTTP


async def test_case_53_an_endless_body_is_cut(client: GuardedClient, peer: Peer) -> None:
    url = peer.stream("/endless", b" " * 65536)
    assert await refusal(client, url) is Refusal.SIZE
    assert peer.bytes_sent < 16 * MIB


async def test_case_53_a_length_over_the_limit_is_refused_unread(client: GuardedClient, peer: Peer) -> None:
    length = {"Content-Length": str(10 * 1024 * MIB)}
    url = peer.stream("/big", b"x", times=1, headers=length)
    assert await refusal(client, url) is Refusal.SIZE


@pytest.mark.parametrize(("told", "expected"), [(5, Failure.HTTP), (50, Failure.DISCONNECTED)])
async def test_case_53_a_false_length_is_a_failure(client: GuardedClient, told: int, expected: Failure) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n0123456789" % told)
        await writer.drain()

    async with raw_server(talk) as base:
        assert await failure(client, base + "/") is expected


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_case_54_a_bomb_is_cut_while_it_unfolds(client: GuardedClient, peer: Peer, encoding: str) -> None:
    url = peer.bomb("/bomb", encoding, 64 * MIB)
    assert await refusal(client, url) is Refusal.SIZE


async def test_case_54_a_stream_that_unfolds_to_nothing_is_cut_too(client: GuardedClient, peer: Peer) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "deflate"})
        await response.prepare(request)
        await response.write(b"\x78\x9c")
        while True:
            await response.write(b"\x00\x00\x00\xff\xff" * 10_000)  # stored blocks of no bytes

    assert await refusal(client, peer.answer_with("/x", answer)) is Refusal.SIZE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_compressed_answers_are_read(client: GuardedClient, peer: Peer, encoding: str) -> None:
    url = peer.bomb("/x", encoding, DOCUMENT_BYTES)
    assert await read(client, url) == b" " * DOCUMENT_BYTES


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip, br", "zstd", "compress", "rot13", "identity, gzip"])
async def test_case_54_unknown_and_nested_encodings_are_refused(
    client: GuardedClient, peer: Peer, encoding: str
) -> None:
    url = peer.serve("/x", b"x", headers={"Content-Encoding": encoding})
    assert await refusal(client, url) is Refusal.ENCODING


@pytest.mark.parametrize("body", [b"not gzip", b"\x1f\x8b\x08\x00"], ids=["other bytes", "cut short"])
async def test_a_body_that_is_not_what_its_encoding_says_is_refused(
    client: GuardedClient, peer: Peer, body: bytes
) -> None:
    for encoding in ("gzip", "br"):
        url = peer.serve("/x", body, headers={"Content-Encoding": encoding})
        assert await refusal(client, url) is Refusal.ENCODING


async def test_an_answer_that_is_not_http_is_a_failure(client: GuardedClient) -> None:
    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail.test ESMTP\r\n")
        await writer.drain()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with raw_server(chatter) as mail, raw_server(silence) as closing:
        assert await failure(client, mail + "/") is Failure.HTTP
        assert await failure(client, closing + "/") is Failure.DISCONNECTED
