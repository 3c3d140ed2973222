"""How a command gets at the hub: its settings and its migrated database, the running node's or started for the moment.
Where more than the database is needed, see `with_node.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from node.observability import logs
from node.settings import Settings, load
from node.store.db import Db
from node.store.pool import Database, open_database
from node.store.upkeep.before_upgrade import bring_up_to_date

Answer = TypeVar("Answer")


def with_database(work: Callable[[Settings, Database], Awaitable[Answer]]) -> Answer:
    """Run `work` with the settings and their database, open and migrated, and give what it gives.

    Raises SettingsError and StoreError, which `allmende` says in plain words.
    """
    settings = begin()

    async def run() -> Answer:
        async with migrated(settings) as database:
            return await work(settings, database)

    return asyncio.run(run())


def with_db(work: Callable[[Db], Awaitable[Answer]]) -> Answer:
    """Run `work` with one connection, inside one transaction; see `with_database`."""

    async def run(_settings: Settings, database: Database) -> Answer:
        async with database.pool.acquire() as db, db.transaction():
            return await work(db)

    return with_database(run)


def begin() -> Settings:
    """The settings; from here on only warnings are logged, since a command speaks for itself."""
    settings = load()
    logs.configure("warning")
    return settings


@asynccontextmanager
async def migrated(settings: Settings) -> AsyncIterator[Database]:
    """The database of these settings, open and up to date."""
    async with open_database(settings) as database:
        async with database.direct() as db:
            await bring_up_to_date(db, database, settings)
        yield database
