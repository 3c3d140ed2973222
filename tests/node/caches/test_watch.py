"""What a process takes for unchanged is: whoever looks at the same time, whatever is written meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from node.caches.watch import Watch
from node.store import changes
from node.store.changes import Since
from node.store.db import Db
from node.store.pool import Pool
from schemas.limits import CHANGES_SURE_SECONDS

RESERVED = "INSERT INTO reserved_names (name, reason) VALUES ($1, 'a test')"
COUNTED = "INSERT INTO changes (xid, wide, posts, counted) VALUES (pg_current_xact_id(), false, $1, $2)"


async def test_a_narrow_change_concerns_what_it_names(db: Db) -> None:
    watch = Watch()
    moment = await watch.look(db)
    assert watch.is_same(moment) and watch.are_same(moment, [1, 2], [3])
    await db.execute(COUNTED, [1], [3])
    later = await watch.look(db)
    assert not watch.is_same(moment) and watch.is_same(later) and watch.is_narrow(moment)
    assert [watch.are_same(moment, [1], []), watch.are_same(moment, [2], [])] == [False, True]
    assert [watch.are_same(moment, [], [3]), watch.are_same(moment, [], [1])] == [False, True]
    assert watch.are_same(later, [1], [3])
    await db.execute(RESERVED, "one")
    await watch.look(db)
    assert not watch.is_narrow(later) and not watch.are_same(later, [], [])
    assert watch.people_are_same(moment)


async def test_two_who_look_at_once_miss_nothing(db: Db, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One asks first and hears last: what the other has heard of meanwhile came after what the first reads."""
    watch, real, asked, go_on = Watch(), changes.since, asyncio.Event(), asyncio.Event()
    await watch.look(db)

    async def slow(database: Db, snapshot: str | None) -> Since:
        found = await real(database, snapshot)
        if database is not db:
            asked.set()
            await go_on.wait()
        return found

    monkeypatch.setattr("node.caches.watch.changes.since", slow)
    async with pool.acquire() as another:
        first = asyncio.create_task(watch.look(another))
        await asked.wait()
        await db.execute(COUNTED, [1], [])
        second = await watch.look(db)
        go_on.set()
        early = await first
    assert watch.are_same(second, [1], [])
    assert not watch.are_same(early, [1], []), "read before that was written"
    await watch.look(db)
    assert not watch.are_same(early, [1], [])


async def test_after_a_long_while_or_with_another_database_nothing_is_known(db: Db) -> None:
    now, breaks = 0.0, 0
    watch = Watch(lambda: breaks, lambda: now)
    first = await watch.look(db)
    now = CHANGES_SURE_SECONDS + 1
    second = await watch.look(db)
    assert not watch.are_same(first, [], []) and not watch.people_are_same(first)
    assert watch.are_same(second, [], [])
    breaks += 1
    assert not watch.are_same(second, [], []) and not watch.is_of_now(second)
    third = await watch.look(db)
    assert watch.are_same(third, [1], [1])


async def test_what_was_asked_while_the_database_was_lost_belongs_to_the_old_one(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks, real = 0, changes.since
    watch = Watch(lambda: breaks)

    async def lost(database: Db, snapshot: str | None) -> Since:
        nonlocal breaks
        breaks += 1
        return await real(database, snapshot)

    monkeypatch.setattr("node.caches.watch.changes.since", lost)
    assert not watch.is_of_now(await watch.look(db))


async def test_no_more_is_known_than_fits(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.caches.watch.WATCHED", 1)
    watch = Watch()
    moment = await watch.look(db)
    for post in (1, 2, 3):
        await db.execute(COUNTED, [post], [])
        await watch.look(db)
    assert not watch.are_same(moment, [9], [])
