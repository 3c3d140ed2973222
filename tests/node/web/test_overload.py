"""Too much at once: who is turned away, with which answer, and that everybody else is served."""

from __future__ import annotations

import asyncio
from unittest import mock

from aiohttp import StreamReader
from aiohttp.test_utils import make_mocked_request

from node.web.overload import GATE
from schemas.limits import INBOX_HOLD_SECONDS, INBOX_LARGE_AT_WORK, INBOX_LARGE_BYTES, INBOX_RETRY_SECONDS
from tests.node.pages.conftest import Hub, base, cheap_passwords, hub, unfounded

__all__ = ["base", "cheap_passwords", "hub", "unfounded"]


async def test_few_large_messages_are_in_memory_at_the_same_time(hub: Hub) -> None:
    gate, large, leave, inside = hub.app[GATE], b" " * (INBOX_LARGE_BYTES + 1), asyncio.Event(), 0

    async def enter() -> None:
        nonlocal inside
        async with gate.work(gate.places.take("a"), large):
            inside += 1
            await leave.wait()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(INBOX_LARGE_AT_WORK + 1):
            tasks.create_task(enter())
        await asyncio.sleep(0)
        async with gate.work(gate.places.take("a"), large[1:]):
            assert inside == INBOX_LARGE_AT_WORK
        leave.set()
    assert inside == INBOX_LARGE_AT_WORK + 1


async def test_servers_are_asked_to_come_again_while_readers_are_served(hub: Hub) -> None:
    hub.app[GATE].places.most = 0
    browser = hub.browser()
    async with browser.session.post(f"{browser.base}/inbox", data=b"{}") as answer:
        assert answer.status == 503
        assert INBOX_RETRY_SECONDS[0] <= int(answer.headers["Retry-After"]) <= INBOX_RETRY_SECONDS[1]
    assert (await browser.get("/")).status == 200


async def test_what_is_turned_away_does_not_lie_in_memory_meanwhile(hub: Hub) -> None:
    gate, browser = hub.app[GATE], hub.browser()
    gate.places.most = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", int(browser.base.rpartition(":")[2]))
    writer.write(b"POST /inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
    async with asyncio.timeout(INBOX_HOLD_SECONDS[0] / 2):  # who has not sent all is not held
        assert b"503" in await reader.readline()
    writer.close()
    whole = make_mocked_request("POST", "/inbox", payload=of(b"{}"))
    holding = asyncio.create_task(gate.hold(whole))
    await asyncio.sleep(0)
    assert not holding.done()
    assert whole.content.at_eof()
    holding.cancel()


def of(body: bytes) -> StreamReader:
    """A body that has come."""
    stream = StreamReader(mock.Mock(), 2**16, loop=asyncio.get_running_loop())
    stream.feed_data(body)
    stream.feed_eof()
    return stream
