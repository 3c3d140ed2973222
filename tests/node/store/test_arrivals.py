"""Arrivals are kept once, leased in each actor's order, and end once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from node.store import arrivals, leases
from node.store.arrivals import NewArrival
from node.store.db import Db
from node.store.pool import Pool

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


async def lease(db: Db, limit: int = 100, worker: int = WORKER) -> list[int]:
    async with db.transaction():
        return [int(one.uri.rpartition("/")[2]) for one in await arrivals.lease(db, worker, limit)]


async def lease_of(db: Db, actor: str) -> list[int]:
    async with db.transaction():
        return [int(one.uri.rpartition("/")[2]) for one in await arrivals.lease_of(db, WORKER, actor, 100)]


async def ids(db: Db) -> list[int]:
    return [row["id"] for row in await db.fetch("SELECT id FROM arrivals ORDER BY id")]


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
    assert await lease(db) == [3]
    await arrivals.finish(db, (await ids(db))[0], "accepted")
    assert await lease(db) == [2]


async def test_who_ended_with_an_actor_takes_the_rest_unless_somebody_was_quicker(db: Db) -> None:
    for number in (1, 2, 3):
        await arrivals.insert_many(db, [new(number)])
    await arrivals.insert_many(db, [new(4, actor="https://b.example/v")])
    actor = "https://a.example/u"
    assert await lease(db, limit=1) == [1]
    assert await lease_of(db, actor) == []
    await arrivals.finish(db, (await ids(db))[0], "accepted")
    assert await lease_of(db, actor) == [2, 3]
    assert await lease_of(db, actor) == []


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
