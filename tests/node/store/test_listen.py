"""Listening: what is told is heard, and after a break it is heard again without anybody's help."""

from __future__ import annotations

import asyncio

from node.store.listen import Listener
from node.store.pool import Database

HANG_GUARD_SECONDS = 30.0


async def next_of(heard: asyncio.Queue[str]) -> str:
    return await asyncio.wait_for(heard.get(), HANG_GUARD_SECONDS)


async def test_what_is_told_is_heard_by_every_callback_of_its_channel(database: Database) -> None:
    first: asyncio.Queue[str] = asyncio.Queue()
    second: asyncio.Queue[str] = asyncio.Queue()
    other: asyncio.Queue[str] = asyncio.Queue()
    listener = Listener(database)
    listener.subscribe("news", first.put_nowait)
    listener.subscribe("news", second.put_nowait)
    listener.subscribe("else", other.put_nowait)
    async with listener.running():
        assert [await next_of(queue) for queue in (first, second, other)] == ["", "", ""]
        await database.pool.execute("NOTIFY news, 'hello'")
        assert [await next_of(queue) for queue in (first, second)] == ["hello", "hello"]
        assert other.empty()


async def test_a_channel_can_be_added_and_given_up_while_listening(database: Database) -> None:
    early: asyncio.Queue[str] = asyncio.Queue()
    late: asyncio.Queue[str] = asyncio.Queue()
    listener = Listener(database)
    end_early = listener.subscribe("early", early.put_nowait)
    async with listener.running():
        await next_of(early)
        listener.subscribe("late", late.put_nowait)
        assert await next_of(late) == ""
        end_early()
        await database.pool.execute("NOTIFY early")
        await database.pool.execute("NOTIFY late, 'on time'")
        assert await next_of(late) == "on time"
        assert early.empty()


async def test_after_a_broken_connection_everybody_looks_and_hears_again(database: Database) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = Listener(database)
    listener.subscribe("news", heard.put_nowait)
    async with listener.running():
        assert await next_of(heard) == ""
        await database.pool.execute(
            """
            SELECT pg_terminate_backend(pid)
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'
            """
        )
        assert await next_of(heard) == ""  # the call to look, since something may have been missed
        await database.pool.execute("NOTIFY news, 'again'")
        assert await next_of(heard) == "again"
