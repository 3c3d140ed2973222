"""Readers of happenings miss nothing, although transactions commit out of order."""

from __future__ import annotations

from datetime import timedelta

from node.store import happenings
from node.store.db import Db
from node.store.happenings import Place
from node.store.pool import Pool


async def test_a_reader_sees_each_once_and_never_skips_a_slow_transaction(pool: Pool, db: Db) -> None:
    place = await happenings.end(db)
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await happenings.add(slow, "post.new", 1)
        await happenings.add(db, "post.new", 2, {"kind": "event"})
        assert await happenings.list_after(db, place, 10) == []
        await transaction.commit()
    found = await happenings.list_after(db, place, 10)
    assert [one.subject_id for one in found] == [1, 2]
    assert found[1].detail == {"kind": "event"}
    after = Place(transaction=found[0].transaction, id=found[0].id)
    assert [one.subject_id for one in await happenings.list_after(db, after, 10)] == [2]


async def test_the_end_is_before_everything_to_come_and_after_everything_there_is(db: Db) -> None:
    await happenings.add(db, "post.new", 1)
    place = await happenings.end(db)
    await happenings.add(db, "post.new", 2)
    assert [one.subject_id for one in await happenings.list_after(db, place, 10)] == [2]


async def test_old_happenings_are_forgotten(db: Db) -> None:
    await happenings.add(db, "post.new", 1)
    assert await happenings.forget(db, timedelta(days=7)) == 0
    assert await happenings.forget(db, timedelta(0)) == 1
