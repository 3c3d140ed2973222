"""Migrated databases for tests. Copying one takes PostgreSQL longer than most tests do; so a database that a test has
left is emptied and given to another test, if nothing but rows was changed in it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from threading import Thread
from typing import Any, TypeVar

import asyncpg

from node.store.embedded.cluster import Cluster
from node.store.migrate import migrate

TEMPLATE = "migrated"
USES = 60
"""How often a database is used: rows that are gone leave holes."""
LARGE_BYTES = 8_000_000
"""A database that grew by so much is not worth sweeping."""

Answer = TypeVar("Answer")

ROWS = """
    SELECT quote_ident(nspname) || '.' || quote_ident(relname)
      FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'p') AND nspname = 'public' ORDER BY 1
    """
SHAPE = """
    SELECT concat_ws(' ', (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_class),
                          (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_proc),
                          (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_trigger),
                          (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_constraint),
                          (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_attribute),
                          (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_namespace),
                          (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_extension),
                          (SELECT count(*) FROM pg_db_role_setting))
    """
"""Different whenever something but rows was changed."""
SIZE = "SELECT pg_database_size(current_database())"
OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
    """
SEQUENCES = """
    SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, false)
      FROM pg_sequences WHERE last_value IS NOT NULL
    """


class Databases:
    """The databases of one server: `take` one, and `give` it back."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._numbers = itertools.count(1)
        self._free: list[_Kept] = []
        self._taken: dict[str, _Kept] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._admin: asyncpg.Connection = self.run(asyncpg.connect(cluster.url()))
        self.run(self._admin.execute(f"CREATE DATABASE {TEMPLATE}"))
        self._seeds = self.run(self._migrated())

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Do it to the end in the loop of this object, whatever loop pytest has here."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def take(self, *, empty: bool = False) -> str:
        """The address of a migrated database of one's own, or, with `empty`, of one in which there is nothing yet."""
        if empty:
            return self.cluster.url(self.run(self._create("template0")))
        kept = self._free.pop() if self._free else self.run(self._new())
        self._taken[self.cluster.url(kept.name)] = kept
        return self.cluster.url(kept.name)

    def give(self, url: str, name: str) -> None:
        """Its user needs it no longer: connections that are still open are ended."""
        kept = self._taken.pop(url, None)
        if kept is not None and self.run(kept.sweep(self._seeds)):
            self._free.append(kept)
            return
        if kept is not None:
            self.run(kept.db.close())
        self.run(self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """End all connections; the server is about to end too."""
        for kept in [*self._free, *self._taken.values()]:
            kept.db.terminate()
        self._admin.terminate()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        await self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    async def _new(self) -> _Kept:
        name = await self._create(TEMPLATE)
        db = await asyncpg.connect(self.cluster.url(name))
        return _Kept(
            name, db, await db.fetchval(SHAPE), await db.fetchval("SELECT pg_database_size(current_database())")
        )

    async def _migrated(self) -> dict[str, str]:
        """What the migrations put into tables."""
        db = await asyncpg.connect(self.cluster.url(TEMPLATE))
        try:
            await migrate(db)
            tables = [row[0] for row in await db.fetch(ROWS)]
            return {table: await _content(db, table) for table in tables if await _has_rows(db, table)}
        finally:
            await db.close()


class _Kept:
    """A database that tests use one after the other, and the connection by which it is swept."""

    def __init__(self, name: str, db: asyncpg.Connection, shape: str, size: int) -> None:
        self.name, self.db, self._shape, self._size, self._uses = name, db, shape, size, 0

    async def sweep(self, seeds: dict[str, str]) -> bool:
        """Make it as it was after the migrations; False where that is not to be had."""
        self._uses += 1
        if self._uses >= USES or self.db.is_closed():
            return False
        await self.db.execute(OTHERS)
        shape, size = await self.db.fetchval(SHAPE), await self.db.fetchval(SIZE)
        if shape != self._shape or size > self._size + LARGE_BYTES:
            return False
        tables = [row[0] for row in await self.db.fetch(ROWS)]
        asked = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in tables)
        used = [row[0] for row in await self.db.fetch(asked)]
        if any([await _content(self.db, table) != content for table, content in seeds.items()]):
            return False
        await self.db.execute(
            "BEGIN; SET LOCAL session_replication_role = replica;"  # neither triggers nor foreign keys
            + "".join(f"DELETE FROM {table};" for table in used if table not in seeds)
            + f"{SEQUENCES}; COMMIT"
        )
        return True


async def _has_rows(db: asyncpg.Connection, table: str) -> bool:
    return bool(await db.fetchval(f"SELECT EXISTS (SELECT FROM {table})"))


async def _content(db: asyncpg.Connection, table: str) -> str:
    return str(await db.fetchval(f"SELECT md5(string_agg(t::text, '\n' ORDER BY t::text)) FROM {table} t"))
