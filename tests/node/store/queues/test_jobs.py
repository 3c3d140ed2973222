"""Jobs are asked for once, taken fairly, and given up with a reason."""

from __future__ import annotations

from datetime import timedelta

from node.store.db import Db
from node.store.queues import jobs
from schemas.records import Job

WORKER = 7


async def lease(db: Db, limit: int = 20, *, busy: tuple[str, ...] = ()) -> list[Job]:
    return await jobs.lease(db, WORKER, limit, 2, busy_hosts=busy)


async def test_a_job_is_asked_for_once_until_it_is_done(db: Db) -> None:
    assert await jobs.add(db, "recheck", {"uri": "https://a.example/1"}, once="recheck 1")
    assert not await jobs.add(db, "recheck", {"uri": "https://a.example/1"}, once="recheck 1")
    (job,) = await lease(db)
    assert (job.kind, job.arguments, job.attempts) == ("recheck", {"uri": "https://a.example/1"}, 1)
    await jobs.finish(db, job.id)
    assert await jobs.add(db, "recheck", {}, once="recheck 1")


async def test_a_delayed_job_waits(db: Db) -> None:
    await jobs.add(db, "tell", {}, delay=60.0)
    assert await lease(db) == []


async def test_a_host_gets_few_places_and_a_busy_one_none(db: Db) -> None:
    for _ in range(5):
        await jobs.add(db, "recheck", {}, host="slow.example")
    await jobs.add(db, "recheck", {}, host="well.example")
    for _ in range(3):
        await jobs.add(db, "mail", {})
    taken = sorted(job.host for job in await lease(db))
    assert taken == ["", "", "", "slow.example", "slow.example", "well.example"]
    assert await lease(db, busy=("slow.example",)) == []
    assert [job.host for job in await lease(db)] == ["slow.example", "slow.example"]


async def test_a_failed_job_waits_and_one_given_up_frees_its_name(db: Db) -> None:
    await jobs.add(db, "recheck", {}, once="recheck 1")
    (job,) = await lease(db)
    await jobs.put_off(db, job.id, 60.0, "timeout")
    assert await lease(db) == []
    await jobs.put_off(db, job.id, None, "gone for good")
    assert await db.fetchval("SELECT last_error FROM jobs WHERE dead_at IS NOT NULL") == "gone for good"
    assert await jobs.add(db, "recheck", {}, once="recheck 1")
    assert await jobs.forget_dead(db, timedelta(0)) == 1


async def test_a_job_given_back_counts_as_untried(db: Db) -> None:
    await jobs.add(db, "mail", {})
    (job,) = await lease(db)
    await jobs.release(db, [job.id])
    assert [(again.id, again.attempts) for again in await lease(db)] == [(job.id, 1)]
