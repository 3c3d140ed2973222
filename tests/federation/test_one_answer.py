"""A peer is heard as often as it was asked: what else it says never answers a later request."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext, suppress

import pytest

from federation.client import GuardedClient, Outgoing
from federation.outcomes import FetchFailed
from schemas.limits import HTTP_HINTS
from tests.peer import raw_server

FINE = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
NOT_ASKED = b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"
HINT = b"HTTP/1.1 103 Early Hints\r\n\r\n"

pytestmark = pytest.mark.parametrize("method", ["POST", "GET"])


def asked(method: str, base: str) -> Outgoing:
    if method == "GET":
        return Outgoing(url=base)
    return Outgoing(url=f"{base}/inbox", method="POST", body=b"{}", redirects="none")


@pytest.mark.parametrize("piece", [NOT_ASKED, b"\r\n", b"HTTP/1.1 400"])
async def test_whatever_comes_after_an_answer_ends_the_connection(
    client: GuardedClient, piece: bytes, method: str
) -> None:
    ended = asyncio.Queue[str]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(2 if method == "POST" else 0)
        writer.write(FINE)
        await asyncio.wait_for(is_read.wait(), 10)
        writer.write(piece)
        with suppress(ConnectionError):
            await reader.read()
        ended.put_nowait("ended")

    async with raw_server(talk) as base:
        for _ in range(2):
            is_read = asyncio.Event()
            async with client.send(asked(method, base)) as answer:
                assert (answer.status, await answer.read()) == (202, b"")
            is_read.set()
            assert await asyncio.wait_for(ended.get(), 10) == "ended"


@pytest.mark.parametrize(("hints", "status"), [(HTTP_HINTS, 202), (HTTP_HINTS + 1, None)])
async def test_hints_have_an_end(client: GuardedClient, method: str, hints: int, status: int | None) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HINT * hints + FINE)
        await reader.read()

    async with raw_server(talk) as base:
        with nullcontext() if status else pytest.raises(FetchFailed, match="bad-http"):
            async with client.send(asked(method, base)) as answer:
                assert answer.status == status
