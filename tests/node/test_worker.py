"""Jobs are done beside each other, tried again, given up; the worker ends in order; chores are done by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from federation.outcomes import Failure, FetchFailed
from node import worker
from node.jobs.chores import do_chores
from node.node import Node
from node.siblings.waking import Bell, Waker
from node.store.db import Db
from node.store.listen import Listener
from node.store.locks import only_one
from node.store.pool import Pool
from node.store.queues import jobs, leases
from node.worker import Working, working
from tests.journeys.conftest import eventually

Work = Callable[..., Coroutine[Any, Any, None]]


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """`job(function)`: what a job of the kind "test" does."""
    return lambda work: monkeypatch.setattr(worker, "JOBS", {"test": work})


@asynccontextmanager
async def doing(node: Node) -> AsyncIterator[Bell]:
    """The loop that does jobs, for as long as the block lasts."""
    bell = Bell()
    task = asyncio.create_task(Working(node, 7).run(bell))
    try:
        yield bell
    finally:
        bell.stop()
        await asyncio.wait_for(task, 30)


async def until(db: Db, question: str, what: str) -> None:
    async def check() -> bool:
        return bool(await db.fetchval(question))

    await eventually(check, what)


async def test_a_job_is_done_with_its_arguments_and_is_gone(node: Node, db: Db, job: Callable[[Work], None]) -> None:
    done: list[int] = []

    async def work(_node: Node, *, number: int) -> None:
        done.append(number)

    job(work)
    for number in range(5):
        await jobs.add(db, "test", {"number": number})
    async with doing(node):
        await until(db, "SELECT NOT EXISTS (SELECT FROM jobs)", "all are done")
    assert sorted(done) == list(range(5))


@pytest.mark.parametrize(
    ("error", "given_up"),
    [
        (FetchFailed(Failure.TIMEOUT), False),
        (FetchFailed(Failure.STATUS, status=503), False),
        (FetchFailed(Failure.STATUS, status=403), True),
        (RuntimeError("a mistake of ours"), False),
    ],
    ids=str,
)
async def test_a_job_that_fails_waits_or_is_given_up(
    node: Node, db: Db, job: Callable[[Work], None], error: Exception, given_up: bool
) -> None:
    async def fail(_node: Node) -> None:
        raise error

    job(fail)
    await jobs.add(db, "test", {})
    async with doing(node):
        await until(db, "SELECT last_error IS NOT NULL FROM jobs", "it failed")
    row = await db.fetchrow("SELECT dead_at IS NOT NULL AS dead, next_at > now() AS waits FROM jobs")
    assert row is not None
    assert row["dead"] is given_up
    assert row["waits"] is not given_up


async def test_a_job_that_nobody_knows_is_kept_with_its_reason(node: Node, db: Db) -> None:
    await jobs.add(db, "unheard of", {})
    async with doing(node):
        await until(db, "SELECT last_error LIKE '%unheard of%' FROM jobs", "it is put off")


async def test_a_job_under_way_at_the_end_is_given_back(node: Node, db: Db, job: Callable[[Work], None]) -> None:
    begun = asyncio.Event()

    async def never(_node: Node) -> None:
        begun.set()
        await asyncio.Event().wait()

    job(never)
    await jobs.add(db, "test", {})
    task = asyncio.create_task(Working(node, 7).run(Bell()))
    async with asyncio.timeout(30):
        await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await db.fetchval("SELECT leased_until IS NULL AND attempts = 0 FROM jobs")


async def test_a_worker_is_alive_while_it_works(node: Node, db: Db) -> None:
    waker = Waker(node.database, Listener(node.database))
    here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    living = (
        f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND granted AND database = {here}"
    )
    async with working(node, waker):
        assert await db.fetchval(living, leases.CLASS) == 1
    assert await db.fetchval(living, leases.CLASS) == 0


async def test_what_a_worker_held_that_has_ended_is_free_without_a_round_of_chores(
    node: Node, db: Db, pool: Pool, job: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LIFE_SECONDS", 0.05)
    monkeypatch.setattr(worker, "run_chores", lambda _node: asyncio.Event().wait())

    async def done(_node: Node) -> None: ...

    job(done)
    waker = Waker(node.database, Listener(node.database))
    async with pool.acquire() as life, working(msgspec.structs.replace(node, wake=waker.wake), waker):
        await leases.hold(life, 7)
        await db.execute(
            "INSERT INTO jobs (kind, arguments, leased_by, leased_until) VALUES ('test', '{}', 7, now() + '1 hour')"
        )
        await asyncio.sleep(0.3)  # it looks some times while the other one lives
        assert await db.fetchval("SELECT count(*) FROM jobs") == 1
        await life.execute("SELECT pg_advisory_unlock_all()")
        await until(db, "SELECT NOT EXISTS (SELECT FROM jobs)", "the job of the dead one is done")


async def test_chores_are_done_by_one_and_free_what_the_dead_held(pool: Pool, db: Db) -> None:
    await jobs.add(db, "test", {})
    assert len(await jobs.lease(db, 7, 10, 2)) == 1
    async with pool.acquire() as other, db.transaction(), other.transaction():
        assert await only_one(db, "chores")
        assert not await only_one(other, "chores")
        await do_chores(db)
    assert len(await jobs.lease(db, 8, 10, 2)) == 1
