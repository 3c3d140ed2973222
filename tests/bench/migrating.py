"""Migrations on a large database while a node answers reads: the newest ones are taken back and applied again."""

from __future__ import annotations

import asyncio
import statistics
import time

import aiohttp
import msgspec

from node.store.migrate import migrate
from tests.journeys.conftest import Hub

TAKEN_BACK = {
    "0055_walks_go_on.sql": "DROP TABLE walks",
    "0056_posts_are_forgotten_quickly.sql": "DROP INDEX notifications_post; DROP INDEX featured_post",
}
WHOLE = "UPDATE posts SET search = search WHERE id IN (SELECT id FROM posts ORDER BY id LIMIT 10000)"
"""What a migration that touches rows does, a lot at a time."""


class Migrated(msgspec.Struct, frozen=True, kw_only=True):
    """How long the newest migrations took on `posts` posts, an index over all posts, and rewriting 10,000 of them; and
    what a member's home timeline took meanwhile (milliseconds)."""

    posts: int
    newest_seconds: float
    index_seconds: float
    rows_seconds: float
    reads: int
    failed: int
    read_p95_ms: float


async def migrated(hub: Hub, token: str) -> Migrated:
    """Take back, apply, and read all the while."""
    waits: list[float] = []
    failed = [0]
    reading = asyncio.create_task(_read(hub, token, waits, failed))
    async with hub.node() as node, node.database.direct() as db:
        posts = await db.fetchval("SELECT count(*) FROM posts")
        for name, undo in TAKEN_BACK.items():
            await db.execute(undo)
            await db.execute("DELETE FROM migrations WHERE name = $1", name)
        start = time.monotonic()
        done = await migrate(db)
        newest = time.monotonic() - start
        assert done == sorted(TAKEN_BACK), done
        start = time.monotonic()
        await db.execute("CREATE INDEX of_the_bench ON posts (published_at)")
        index = time.monotonic() - start
        start = time.monotonic()
        await db.execute(WHOLE)
        rows = time.monotonic() - start
        await db.execute("DROP INDEX of_the_bench")
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return Migrated(
        posts=posts, newest_seconds=newest, index_seconds=index, rows_seconds=rows, reads=len(waits), failed=failed[0],
        read_p95_ms=statistics.quantiles(waits, n=20)[-1] * 1000 if len(waits) > 1 else 0.0,
    )  # fmt: skip


async def _read(hub: Hub, token: str, waits: list[float], failed: list[int]) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        while True:
            start = time.monotonic()
            async with session.get(f"{hub.base_url}/api/v1/timelines/home") as answer:
                await answer.read()
                failed[0] += answer.status != 200
            waits.append(time.monotonic() - start)
            await asyncio.sleep(0.02)
