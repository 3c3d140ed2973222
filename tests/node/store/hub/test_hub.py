"""The hub's row is made once and set up once; the link for that opens once."""

from __future__ import annotations

import asyncio

from node.store.db import Db
from node.store.hub import hub
from node.store.pool import Pool


async def name_it(db: Db, name: str = "Bern") -> bool:
    return await hub.set_up(db, name=name, language="de", languages=("de", "fr"), zone="Europe/Zurich", description="")


async def test_processes_that_start_together_make_one_hub(pool: Pool) -> None:
    async def start() -> bytes:
        async with pool.acquire() as db:
            return (await hub.prepare(db, "https://hub.example")).secret

    assert len(set(await asyncio.gather(*(start() for _ in range(5))))) == 1


async def test_the_base_url_of_the_first_start_stays(db: Db) -> None:
    await hub.prepare(db, "https://hub.example")
    assert (await hub.prepare(db, "https://other.example")).base_url == "https://hub.example"


async def test_of_two_set_ups_one_wins(pool: Pool, db: Db) -> None:
    await hub.prepare(db, "https://hub.example")

    async def try_to(name: str) -> bool:
        async with pool.acquire() as other:
            return await name_it(other, name)

    assert sorted(await asyncio.gather(try_to("Bern"), try_to("Lyon"))) == [False, True]
    assert (await hub.get(db)).set_up_at is not None


async def test_case_142_only_the_newest_link_opens_and_none_after_the_set_up(db: Db) -> None:
    await hub.prepare(db, "https://hub.example")
    older, token = await hub.new_setup_token(db), await hub.new_setup_token(db)
    assert older is not None
    assert token is not None
    assert not await hub.is_setup_token(db, older)
    assert not await hub.is_setup_token(db, "")
    assert await hub.is_setup_token(db, token)
    await name_it(db)
    assert not await hub.is_setup_token(db, token)
    assert await hub.new_setup_token(db) is None
