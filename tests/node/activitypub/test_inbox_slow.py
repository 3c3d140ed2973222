"""Who sends slowly, or names keys that do not come, keeps nobody else out, and little lies in memory for them."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest

from node.web.overload import GATE
from schemas.limits import (
    DOCUMENT_BYTES,
    INBOX_AT_WORK,
    INBOX_LARGE_BYTES_ALL,
    INBOX_OPEN,
    INBOX_WAITING_OF_ONE,
    INBOX_WAITING_STRANGERS,
)
from tests.node.activitypub.conftest import Served, a_follow, talk
from tests.peer import Peer, hostile_peer


async def test_what_somebody_does_not_send_keeps_nobody_else_waiting_and_not_for_ever(
    served: Served, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves = [asyncio.create_task(talk(served, b"Content-Length: 9\r\n\r\n{")) for _ in range(INBOX_AT_WORK)]
    gate = served.app[GATE]
    async with asyncio.timeout(10):
        while gate.under_way < INBOX_AT_WORK:  # noqa: ASYNC110 - they are on their way
            await asyncio.sleep(0.01)
        assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    for half in halves:
        half.cancel()
    monkeypatch.setattr("node.activitypub.inbox.INBOX_BODY_SECONDS", 0.01)
    assert (await talk(served, b"Content-Length: 9\r\n\r\n{")).startswith(b"HTTP/1.1 408")


async def half_sent(served: Served, sources: list[str], rest: bytes) -> list[asyncio.Task[bytes]]:
    """Messages from these addresses of which the rest never comes, on their way."""
    halves = [asyncio.create_task(talk(served, rest, source)) for source in sources]
    places = served.app[GATE].places
    async with asyncio.timeout(10):
        while places.taken + sum(half.done() for half in halves) < len(halves):  # noqa: ASYNC110 - on their way
            await asyncio.sleep(0.01)
    return halves


async def test_two_addresses_that_send_slowly_keep_nobody_out(served: Served, peer: Peer) -> None:
    halves = await half_sent(served, ["127.0.0.66", "127.0.0.67"] * 64, b"Content-Length: 9\r\n\r\n{")
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    statuses = Counter([half.result() for half in halves if half.done()])
    assert statuses == {b"HTTP/1.1 503 Service Unavailable\r\n": 128 - 2 * INBOX_WAITING_OF_ONE}
    for half in halves:
        half.cancel()


async def test_many_addresses_that_send_slowly_do_not_keep_out_who_was_heard(served: Served, peer: Peer) -> None:
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    sources = [f"127.0.1.{number}" for number in range(INBOX_OPEN)]
    halves = await half_sent(served, sources, b"Content-Length: 9\r\n\r\n{")
    assert sum(not half.done() for half in halves) == INBOX_WAITING_STRANGERS
    answers = await asyncio.gather(*(peer.post(served.inbox, a_follow(peer, served, n)) for n in range(2, 32)))
    assert {answer.status for answer in answers} == {202}
    for half in halves:
        half.cancel()


async def test_bodies_that_are_large_have_so_much_room_together(served: Served, peer: Peer) -> None:
    large = b"Content-Length: %d\r\n\r\n" % DOCUMENT_BYTES + b"x" * 100_000
    halves = await half_sent(served, [f"127.0.1.{number // 8}" for number in range(64)], large)
    places = served.app[GATE].places
    assert places.bytes == INBOX_LARGE_BYTES_ALL
    assert sum(not half.done() for half in halves) == INBOX_LARGE_BYTES_ALL // DOCUMENT_BYTES
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    for half in halves:
        half.cancel()
    await asyncio.gather(*halves, return_exceptions=True)
    async with asyncio.timeout(10):
        while places.taken:  # noqa: ASYNC110 - they go away
            await asyncio.sleep(0.01)
    assert places.bytes == 0
    growing = b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 0x10000 + b"\r\n1\r\nx\r\n"
    (half,) = await half_sent(served, ["127.0.0.66"], growing)
    async with asyncio.timeout(10):
        while places.bytes != 0x10001:  # noqa: ASYNC110 - it comes
            await asyncio.sleep(0.01)
    half.cancel()


async def test_who_names_keys_on_servers_that_do_not_answer_keeps_nobody_waiting(served: Served, peer: Peer) -> None:
    assert (await peer.post(served.inbox, a_follow(peer, served))).status == 202
    async with AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(hostile_peer(f"127.0.0.{n}")) for n in range(80, 86)]
        for one in slow:
            one.stream(f"/users/{one.name}", b" ", pause=1.0)
        asked = [asyncio.create_task(one.post(served.inbox, a_follow(one, served))) for one in slow for _ in range(4)]
        async with asyncio.timeout(10):
            while served.app[GATE].places.taken < len(asked):  # noqa: ASYNC110 - on their way
                await asyncio.sleep(0.01)
            assert (await peer.post(served.inbox, a_follow(peer, served, 2))).status == 202
        assert not any(waiting.done() for waiting in asked)
        for waiting in asked:
            waiting.cancel()
