"""Arrivals are kept once, leased in each actor's order, and end once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from node.store.db import Db
from node.store.pool import Pool
from node.store.queues import arrivals, jobs, leases
from node.store.queues.arrivals import Ending, NewArrival
from tests.journeys.conftest import eventually

BYTES = 1_000_000
WORKER = 7


def new(number: int, actor: str = "https://a.example/u", **fields: str) -> NewArrival:
    usual = {
        "uri": f"https://a.example/{number}",
        "type": "Like",
        "actor_uri": actor,
        "host": "a.example",
        "body": "{}",
    }
    return NewArrival(**(usual | fields))


async def lease(db: Db, limit: int = 100, worker: int = WORKER, size: int = BYTES) -> list[int]:
    async with db.transaction():
        return [int(one.uri.rpartition("/")[2]) for one in await arrivals.lease(db, worker, limit, size)]


async def ids(db: Db) -> list[int]:
    return [row["id"] for row in await db.fetch("SELECT id FROM arrivals ORDER BY id")]


async def waits_for_a_lock(db: Db) -> None:
    async def waits() -> bool:
        waiting = """
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                              AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """
        return bool(await db.fetchval(waiting))

    await eventually(waits, "somebody waits for an advisory lock")


async def test_an_activity_is_kept_once_whatever_is_repeated_or_raced(pool: Pool) -> None:
    async def keep() -> int:
        async with pool.acquire() as db:
            return await arrivals.insert_many(db, [new(number) for number in (3, 1, 2, 1)])

    kept = await asyncio.gather(*(keep() for _ in range(5)))
    assert sum(kept) == 3


async def test_another_actor_cannot_take_the_id_of_an_activity(db: Db) -> None:
    assert await arrivals.insert_many(db, [new(1, actor="https://a.example/mallory")]) == 1
    assert await arrivals.insert_many(db, [new(1)]) == 1


async def test_the_longest_addresses_fit(db: Db) -> None:
    long = "https://a.example/" + "x" * 2030
    assert await arrivals.insert_many(db, [new(1, uri=long, actor=long)]) == 1


async def test_what_is_leased_is_nobody_elses(db: Db) -> None:
    await arrivals.insert_many(db, [new(1), new(2, actor="https://a.example/v")])
    assert await lease(db) == [1, 2]
    assert await lease(db) == []


async def test_an_actors_later_activities_wait_for_the_earlier_ones(db: Db) -> None:
    for number in (1, 2):
        await arrivals.insert_many(db, [new(number)])
    await arrivals.insert_many(db, [new(3, actor="https://b.example/v")])
    assert await lease(db, limit=1) == [1]
    assert await lease(db, worker=WORKER + 1) == [3]
    await arrivals.finish(db, (await ids(db))[0], "accepted")
    assert await lease(db, worker=WORKER + 1) == [2]


async def test_no_more_is_leased_than_texts_there_is_room_for(db: Db) -> None:
    await arrivals.insert_many(
        db, [new(number, actor=f"https://a.example/{number}", body="ä" * 10) for number in range(5)]
    )
    first = await lease(db, size=25)
    assert len(first) == 2, "the one with which it is full"
    second = await lease(db, size=1)
    assert len(second) == 1
    assert {*first, *second, *await lease(db)} == set(range(5))


async def test_a_worker_takes_the_rest_of_an_actor_and_nobody_else_does(db: Db) -> None:
    for number in (1, 2, 3):
        await arrivals.insert_many(db, [new(number)])
    await arrivals.insert_many(db, [new(4, actor="https://b.example/v")])
    assert await lease(db, limit=1) == [1]
    assert await lease(db, worker=WORKER + 1) == [4]
    assert await lease(db) == [2, 3]


async def insert_and_take(db: Db, *arriving: NewArrival, workers: Sequence[int] = (WORKER,)) -> tuple[int, list[str]]:
    """How many were new, and what the first of the workers has of them."""
    async with db.transaction():
        kept = await arrivals.insert_and_take(db, arriving, workers)
    return kept.fresh, [one.uri for one in kept.taken.get(workers[0], ())]


async def test_who_keeps_an_activity_may_begin_with_it_at_once(db: Db) -> None:
    fresh, taken = await insert_and_take(db, new(1), new(2))
    assert (fresh, set(taken)) == (2, {new(1).uri, new(2).uri})
    assert await lease(db, worker=WORKER + 1) == []
    assert await insert_and_take(db, new(1)) == (0, [])


async def test_what_stands_behind_others_of_its_actor_is_not_begun(db: Db) -> None:
    await arrivals.insert_many(db, [new(1)])
    assert await insert_and_take(db, new(2)) == (1, [])
    assert await lease(db, worker=WORKER + 1) == [1, 2]
    assert await insert_and_take(db, new(3), new(4, actor="https://b.example/v")) == (2, ["https://a.example/4"])


async def test_nothing_is_begun_while_somebody_is_leasing(db: Db, pool: Pool) -> None:
    await arrivals.insert_many(db, [new(1)])
    async with pool.acquire() as other:
        async with other.transaction():
            assert len(await arrivals.lease(other, WORKER + 1, 100, BYTES)) == 1
            keeping = asyncio.create_task(insert_and_take(db, new(2)))
            await waits_for_a_lock(other)
        assert await keeping == (1, [])


async def test_what_an_actor_says_meanwhile_is_for_whoever_has_it_in_work(db: Db) -> None:
    await insert_and_take(db, new(1), workers=[WORKER + 1])
    assert await insert_and_take(db, new(2)) == (1, [])
    assert await lease(db) == []
    assert await lease(db, worker=WORKER + 1) == [2]
    kept = await arrivals.insert_and_take(db, [new(3), new(4, actor="https://b.example/v")], [WORKER, WORKER + 1])
    assert {worker: [one.uri for one in theirs] for worker, theirs in kept.taken.items()} == {
        WORKER: ["https://a.example/4"], WORKER + 1: ["https://a.example/3"]
    }  # fmt: skip
    assert kept.left == 0


async def test_what_waits_for_somebody_to_lease_it_is_not_overtaken(db: Db) -> None:
    await insert_and_take(db, new(1), workers=[WORKER + 1])
    await arrivals.insert_many(db, [new(2)])
    kept = await arrivals.insert_and_take(db, [new(3)], [WORKER, WORKER + 1])
    assert (kept.taken, kept.left) == ({}, 1)


async def test_two_who_keep_something_of_an_actor_do_it_one_after_the_other(db: Db, pool: Pool) -> None:
    async with pool.acquire() as other:
        async with other.transaction():
            await arrivals.insert_and_take(other, [new(1)], [WORKER + 1])
            assert await insert_and_take(db, new(2, actor="https://b.example/v")) == (1, ["https://a.example/2"])
            second = asyncio.create_task(insert_and_take(db, new(3), workers=[WORKER, WORKER + 1]))
            await waits_for_a_lock(other)
        assert await second == (1, [])
    assert await lease(db, worker=WORKER + 1) == []


async def test_who_waited_sees_what_another_that_began_later_has_kept_meanwhile(db: Db, pool: Pool) -> None:
    names = ["https://a.example/u", "https://b.example/v"]
    in_order = "SELECT one FROM unnest($1::text[]) AS one ORDER BY hashtext(one)"
    first, then = [row["one"] for row in await db.fetch(in_order, names)]
    async with pool.acquire() as other:
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", arrivals.LEASING, first)
            waiting = asyncio.create_task(insert_and_take(db, new(1, actor=first), new(2, actor=then)))
            await waits_for_a_lock(other)
            async with pool.acquire() as third:
                await arrivals.insert_and_take(third, [new(3, actor=then)], [WORKER + 1])
        assert await waiting == (2, ["https://a.example/1"])


async def test_several_end_together_or_not_at_all(db: Db) -> None:
    await arrivals.insert_many(db, [new(1), new(2)])
    endings = [Ending(id=one, outcome="accepted") for one in await ids(db)]
    async with db.transaction():
        await arrivals.finish_all(db, endings[:1])
    with pytest.raises(arrivals.EndedBefore):
        async with db.transaction():
            await arrivals.finish_all(db, endings)
    assert await db.fetchval("SELECT count(*) FROM arrivals WHERE done_at IS NULL") == 1


async def test_one_that_was_put_off_does_not_hold_up_the_others(db: Db) -> None:
    for number in (1, 2):
        await arrivals.insert_many(db, [new(number)])
    assert await lease(db, limit=1) == [1]
    await arrivals.put_off(db, (await ids(db))[0], 3600.0, "the peer is away")
    assert await lease(db) == [2]


async def test_an_arrival_ends_once_and_loses_its_body(db: Db) -> None:
    await arrivals.insert_many(db, [new(1)])
    (only,) = await ids(db)
    assert await arrivals.finish(db, only, "ignored", "nobody follows")
    assert not await arrivals.finish(db, only, "accepted")
    assert await db.fetchval("SELECT body || outcome FROM arrivals") == "ignored"
    assert await arrivals.insert_many(db, [new(1)]) == 0


async def test_what_a_killed_worker_held_is_free_again(db: Db, pool: Pool) -> None:
    await arrivals.insert_many(db, [new(1), new(2, actor="https://a.example/v")])
    async with pool.acquire() as life:
        await leases.hold(life, WORKER)
        assert await lease(db, limit=1) == [1]
        assert await lease(db, limit=1, worker=WORKER + 1) == [2]
        assert await leases.free_dead(db) == 1
        assert await lease(db) == [2]
        await life.execute("SELECT pg_advisory_unlock_all()")
    assert await leases.free_dead(db) == 2
    assert await lease(db) == [1, 2]


async def test_leases_given_back_count_as_no_attempt(db: Db) -> None:
    await arrivals.insert_many(db, [new(1)])
    assert await lease(db) == [1]
    await arrivals.release(db, await ids(db))
    assert await db.fetchval("SELECT attempts FROM arrivals") == 0
    assert await lease(db) == [1]


async def test_what_ended_long_ago_is_forgotten_and_nothing_else(db: Db) -> None:
    await arrivals.insert_many(db, [new(1), new(2), new(3)])
    first, second, _ = await ids(db)
    for one in (first, second):
        await arrivals.finish(db, one, "accepted")
    await db.execute("UPDATE arrivals SET done_at = now() - interval '15 days' WHERE id = $1", first)
    assert await arrivals.forget_done(db, timedelta(days=14), 100) == 1
    assert len(await ids(db)) == 2


async def test_the_end_of_arrivals_tells_whether_they_left_anything_to_do(db: Db) -> None:
    await arrivals.insert_many(db, [new(1), new(2)])
    quiet, busy = [Ending(id=one, outcome="accepted") for one in await ids(db)]
    async with db.transaction():
        await arrivals.speakers(db, [("https://a.example/u", None)])
        assert not await arrivals.finish_all(db, [quiet])
    async with db.transaction():
        await arrivals.speakers(db, [("https://a.example/u", None)])
        await jobs.add(db, "learn_post", {"uri": "https://a.example/1"})
        assert await arrivals.finish_all(db, [busy])


async def test_what_waits_of_others_costs_who_keeps_nothing(db: Db) -> None:
    await arrivals.insert_many(db, [new(number, actor=f"https://a.example/{number:0999}") for number in range(500)])
    await db.execute("UPDATE arrivals SET done_at = now()")
    await db.execute("VACUUM ANALYZE arrivals")
    await arrivals.insert_many(db, [new(number, actor=f"https://a.example/{number}") for number in range(100, 400)])
    read = "SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'arrivals'"
    async with db.transaction():
        before = await db.fetchval(read)
        await arrivals.insert_and_take(db, [new(1000, actor="https://b.example/v")], [WORKER])
        assert await db.fetchval(read) - before < 10
