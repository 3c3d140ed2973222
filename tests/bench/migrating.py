"""Migrations on a large database while a node answers reads: it is kept in a file first, then some of the kinds that
releases bring are applied."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import asyncpg
import msgspec

from node.node import Node
from node.store.migrate import MIGRATIONS, migrate
from node.store.upkeep.backup import backup_of
from tests.journeys.conftest import Hub

KINDS = {
    "9997_posts_have_a_field.sql": "ALTER TABLE posts ADD COLUMN of_the_bench integer NOT NULL DEFAULT 0",
    "9998_posts_have_an_index.sql": "CREATE INDEX of_the_bench ON posts (published_at)",
    "9999_posts_are_rewritten.sql": """
        UPDATE posts SET of_the_bench = 1 WHERE id IN (SELECT id FROM posts ORDER BY id LIMIT 10000)
    """,
}
UNDO = """
    DELETE FROM migrations WHERE name >= '9997';
    ALTER TABLE posts DROP COLUMN of_the_bench;
    DROP INDEX of_the_bench;
"""


class Migrated(msgspec.Struct, frozen=True, kw_only=True):
    """How long three migrations took on `posts` posts: a field more, an index over all posts, and 10,000 of them
    written anew; how long it took to keep the database in a file before that, and how many MiB that has; and what a
    member's home timeline took meanwhile (milliseconds)."""

    posts: int
    field_seconds: float
    index_seconds: float
    rows_seconds: float
    reads: int
    failed: int
    read_p95_ms: float
    kept_seconds: float = 0.0
    kept_mib: float = 0.0


async def migrated(hub: Hub, token: str) -> Migrated:
    """Apply them one after the other, and read all the while."""
    waits: list[float] = []
    failed = [0]
    reading = asyncio.create_task(_read(hub, token, waits, failed))
    async with hub.node() as node, node.database.direct() as db:
        posts = await db.fetchval("SELECT count(*) FROM posts")
        kept, size = await _kept(node)
        field, index, rows = await _applied(db)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return Migrated(
        posts=posts, field_seconds=field, index_seconds=index, rows_seconds=rows, reads=len(waits), failed=failed[0],
        read_p95_ms=statistics.quantiles(waits, n=20)[-1] * 1000 if len(waits) > 1 else 0.0, kept_seconds=kept,
        kept_mib=size,
    )  # fmt: skip


async def _kept(node: Node) -> tuple[float, float]:
    """Seconds and MiB."""
    with tempfile.TemporaryDirectory() as folder:
        file, start = Path(folder) / "kept.tar", time.monotonic()
        await backup_of(node.database, node.settings, file, media=False)
        return time.monotonic() - start, file.stat().st_size / 2**20


async def _applied(db: asyncpg.Connection) -> list[float]:
    """The seconds of each; they are taken back afterwards, for the node knows nothing of them."""
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(MIGRATIONS, folder, dirs_exist_ok=True)
        for name, sql in KINDS.items():
            (Path(folder) / name).write_text(sql)
            start = time.monotonic()
            done = await migrate(db, Path(folder))
            taken.append(time.monotonic() - start)
            assert done == [name], done
    await db.execute(UNDO)
    return taken


async def _read(hub: Hub, token: str, waits: list[float], failed: list[int]) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        while True:
            start = time.monotonic()
            async with session.get(f"{hub.base_url}/api/v1/timelines/home") as answer:
                await answer.read()
                failed[0] += answer.status != 200
            waits.append(time.monotonic() - start)
            await asyncio.sleep(0.02)
