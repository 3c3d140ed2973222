"""A bell that rings during work is heard afterwards, and other processes hear it too."""

from __future__ import annotations

import asyncio

from node.siblings.waking import ARRIVALS, NEWS, Bell, Waker
from node.store.listen import Listener
from node.store.pool import Database


async def test_a_ring_during_work_ends_the_next_wait_at_once() -> None:
    bell = Bell()
    bell.ring()
    async with asyncio.timeout(5):
        await bell.wait(3600)


async def test_a_stopped_bell_never_lets_anybody_wait() -> None:
    bell = Bell()
    bell.stop()
    async with asyncio.timeout(5):
        for _ in range(3):
            await bell.wait(3600)
    assert bell.stopped


async def test_one_process_wakes_the_other(database: Database) -> None:
    ears, mouth = Listener(database), Listener(database)
    here, there = Waker(database, mouth), Waker(database, ears)
    bell = there.bell()
    async with ears.running():
        await bell.wait(30)  # listening has begun
        calling = asyncio.create_task(here.run())
        here.wake()
        async with asyncio.timeout(30):
            await bell.wait(3600)
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)


async def test_what_arrives_wakes_only_those_who_take_arrivals(database: Database) -> None:
    waker = Waker(database, Listener(database))
    taking, doing = waker.bell(ARRIVALS), waker.bell()
    waker.wake_for_arrivals()
    assert taking.rung
    assert not doing.rung
    waker.wake()
    assert doing.rung


async def test_what_is_only_news_wakes_nobody_who_works(database: Database) -> None:
    waker = Waker(database, Listener(database))
    listening, doing = waker.bell(NEWS), waker.bell()
    waker.wake_for_news()
    assert listening.rung
    assert not doing.rung
