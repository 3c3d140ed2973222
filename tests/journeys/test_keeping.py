"""A back-up that is made while everything is in motion holds the hub as it was at one moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from node.store.pool import open_database
from tests.bench import loads
from tests.bench.hosts import Hosts, hosts
from tests.journeys.conftest import CHECKOUT, Hub, eventually, open_folder

MakeHub = Callable[..., Awaitable[Hub]]

LOOSE = """
    SELECT (SELECT count(*) FROM posts p WHERE NOT EXISTS (SELECT FROM actors a WHERE a.id = p.actor_id))
         + (SELECT count(*) FROM notifications n WHERE post_id IS NOT NULL
                                                   AND NOT EXISTS (SELECT FROM posts p WHERE p.id = n.post_id))
         + (SELECT count(*) FROM mentions m WHERE NOT EXISTS (SELECT FROM posts p WHERE p.id = m.post_id))
    """
UNFINISHED = "SELECT count(*) FROM arrivals WHERE done_at IS NULL"
POSTS = "SELECT count(*) FROM posts WHERE NOT local AND deleted_at IS NULL"


async def command(hub: Hub, *words: str, **settings: str) -> None:
    """One of the hub's commands, beside the running node."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "node", *words, cwd=CHECKOUT, env=hub.environment | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


async def keep_sending(hub: Hub, others: Hosts, taken: list[int]) -> None:
    batch = await loads.arriving(hub, others, 3000, "Create", "moving")
    async with aiohttp.ClientSession() as session:
        for one in batch:
            async with session.post(f"{hub.base_url}/inbox", data=one.body, headers=one.headers) as answer:
                assert answer.status == 202
                taken[0] += 1


@pytest.mark.full
async def test_a_back_up_under_load_restores_to_a_consistent_state(hubs: MakeHub, tmp_path: Path) -> None:
    hub = await hubs("Bern", "127.0.0.2")
    file, restored = tmp_path / "hub.backup", open_folder()
    async with hosts(loads.SENDING_HOSTS) as others:
        await loads.known_senders(hub, others)
        taken = [0]
        sending = asyncio.create_task(keep_sending(hub, others, taken))

        async def moving() -> bool:
            return taken[0] > 100

        await eventually(moving, "much arrives")
        before = taken[0]
        await command(hub, "backup", str(file))
        after = taken[0]
        sending.cancel()
    assert after > before  # it did arrive all the while
    await command(hub, "restore", str(file), ALLMENDE_DATA=str(restored / "data"))
    hub.extra["ALLMENDE_DATA"] = str(restored / "data")
    async with open_database(hub.settings) as database, database.pool.acquire() as db:
        assert await db.fetchval(LOOSE) == 0
        kept = await db.fetchval(POSTS) + await db.fetchval(UNFINISHED)
        assert before <= kept <= after
