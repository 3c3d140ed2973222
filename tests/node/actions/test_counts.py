"""Counts are told now and then, not once per answer; and no answer is missed, whenever it commits."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from node.actions.attend import attend
from node.actions.counts import tell_counts
from node.node import Node
from node.store.db import Db
from node.store.queues import jobs
from schemas.records import Job, Post
from tests.factories import a_post, a_remote_actor, the_hub

WORKER = 3


@pytest.fixture
async def event(db: Db, node: Node) -> Post:
    """An event that one guest has answered, so that a job waits to tell of it."""
    event = await a_post(db, await the_hub(db, node.urls), kind="event")
    await comes(node, db, event)
    return event


async def comes(node: Node, db: Db, event: Post) -> None:
    await attend(node, db, await a_remote_actor(db), event.id, "going", "join")


async def due(db: Db) -> list[Job]:
    """Take the jobs, as if their time had come."""
    await db.execute("UPDATE jobs SET next_at = now()")
    return await taken(db)


async def taken(db: Db) -> list[Job]:
    return [job for job in await jobs.lease(db, WORKER, 10, 10) if job.kind == "tell_counts"]


async def told(db: Db) -> list[int]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = 'Update' ORDER BY id")
    documents: list[dict[str, Any]] = [msgspec.json.decode(row["document"]) for row in rows]
    return [one["object"]["participantCount"] for one in documents]


async def waiting(db: Db) -> int:
    found: int = await db.fetchval("SELECT count(*) FROM jobs WHERE once IS NOT NULL")
    return found


async def test_many_answers_are_told_by_one_update(node: Node, db: Db, event: Post) -> None:
    for _ in range(5):
        await comes(node, db, event)
    (job,) = await due(db)
    await tell_counts(node, event.id)
    await jobs.finish(db, job.id)
    assert (await told(db), await waiting(db)) == ([6], 0)


async def test_an_answer_that_comes_while_counts_are_told_is_told_by_the_next(node: Node, db: Db, event: Post) -> None:
    (job,) = await due(db)
    await tell_counts(node, event.id)
    await comes(node, db, event)
    await jobs.finish(db, job.id)
    assert await waiting(db) == 1
    await due(db)
    await tell_counts(node, event.id)
    assert await told(db) == [1, 2]


async def test_counts_are_not_told_before_an_answer_under_way_has_committed(node: Node, db: Db, event: Post) -> None:
    await db.execute("UPDATE jobs SET next_at = now()")
    async with node.database.pool.acquire() as guest:
        async with guest.transaction():
            await comes(node, guest, event)
            assert await taken(db) == []
        assert len(await taken(db)) == 1
    await tell_counts(node, event.id)
    assert await told(db) == [2]


async def test_counts_just_begun_wait_for_an_answer_under_way(node: Node, db: Db, event: Post) -> None:
    await due(db)
    async with node.database.pool.acquire() as guest, guest.transaction():
        await comes(node, guest, event)
        telling = asyncio.create_task(tell_counts(node, event.id))
        while not await db.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0)
    await asyncio.wait_for(telling, 30)
    assert await told(db) == [2]
