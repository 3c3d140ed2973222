"""Too much at once: who is turned away, with which answer, and that everybody else is served."""

from __future__ import annotations

import asyncio

import pytest

from node.errors import Overloaded
from node.web.overload import GATE, Gate
from schemas.limits import INBOX_LARGE_AT_WORK, INBOX_LARGE_BYTES, INBOX_RETRY_SECONDS
from tests.node.pages.conftest import Hub, base, cheap_passwords, hub, unfounded

__all__ = ["base", "cheap_passwords", "hub", "unfounded"]


def test_no_more_than_so_many_are_under_way() -> None:
    gate = Gate(2, 2)
    with gate.entered("a"), gate.entered("b"), pytest.raises(Overloaded), gate.entered("c"):
        pass
    with gate.entered("c"), gate.entered("c"):
        pass


def test_nobody_takes_all_places() -> None:
    gate = Gate(9, 1)
    with gate.entered("a"):
        with pytest.raises(Overloaded), gate.entered("a"):
            pass
        with gate.entered("b"):
            pass
    with gate.entered("a"):
        pass


async def test_few_large_messages_are_in_memory_at_the_same_time() -> None:
    gate, large, leave, inside = Gate(99, 99), b" " * (INBOX_LARGE_BYTES + 1), asyncio.Event(), 0

    async def enter() -> None:
        nonlocal inside
        async with gate.room_for(large):
            inside += 1
            await leave.wait()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(INBOX_LARGE_AT_WORK + 1):
            tasks.create_task(enter())
        await asyncio.sleep(0)
        async with gate.room_for(large[1:]):
            assert inside == INBOX_LARGE_AT_WORK
        leave.set()
    assert inside == INBOX_LARGE_AT_WORK + 1


async def test_servers_are_asked_to_come_again_while_readers_are_served(hub: Hub) -> None:
    hub.app[GATE]._most = 0
    browser = hub.browser()
    async with browser.session.post(f"{browser.base}/inbox", data=b"{}") as answer:
        assert answer.status == 503
        assert INBOX_RETRY_SECONDS[0] <= int(answer.headers["Retry-After"]) <= INBOX_RETRY_SECONDS[1]
    assert (await browser.get("/")).status == 200
