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
from tests.connections import Connections

TEMPLATE = "migrated"
USES = 60
"""How often a database is used: rows that are gone leave holes."""
LARGE_BYTES = 8_000_000
"""A database whose tables with rows are so large is not worth sweeping."""

SWEEPING = {"session_replication_role": "replica"}
"""Neither triggers nor foreign keys when rows go. Whoever sets it for the deletion alone makes PostgreSQL forget all
that it has planned."""

Answer = TypeVar("Answer")

TABLES = """
    SELECT quote_ident(nspname) || '.' || quote_ident(relname)
      FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'p') AND nspname = 'public' ORDER BY 1
    """
CATALOGUES = ("class", "proc", "trigger", "constraint", "attribute", "namespace", "extension")
SHAPE = (
    " || ' ' || ".join(
        f"(SELECT count(*) || ' ' || count(*) FILTER (WHERE age(xmin) < age($1::xid)) FROM pg_{name})"
        for name in CATALOGUES
    )
    + " || ' ' || (SELECT count(*) FROM pg_db_role_setting)"
)
"""Different whenever something but rows was changed since the transaction $1."""
OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL($1::int[])
    """
SEQUENCES = """
    SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, false)
      FROM pg_sequences WHERE last_value IS NOT NULL
    """
NUMBERED = """
    SELECT format('SELECT setval(%L, %s)', quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value)
      FROM pg_sequences WHERE last_value IS NOT NULL
"""  # those that the migrations have taken numbers from go on behind these


class Databases:
    """The databases of one server: `take` one, and `give` it back."""

    def __init__(self, cluster: Cluster, connections: Connections) -> None:
        self.cluster, self.connections = cluster, connections
        self._numbers = itertools.count(1)
        self._free: list[_Kept] = []
        self._taken: dict[str, _Kept] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._admin: asyncpg.Connection = self.run(asyncpg.connect(cluster.url()))
        self.run(self._admin.execute(f"CREATE DATABASE {TEMPLATE}"))
        self._clean = self.run(self._migrated())

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Do it to the end in the loop of this object, whatever loop pytest has here."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def take(self, *, empty: bool = False) -> str:
        """The address of a migrated database of one's own, or, with `empty`, of one in which there is nothing yet."""
        if empty:
            return self.cluster.url(self.run(self._create("template0")))
        kept = self._free.pop() if self._free else self.run(self._new())
        url = self.cluster.url(kept.name)
        self._taken[url] = kept
        self.connections.keep_for(url)
        return url

    def give(self, url: str, name: str) -> None:
        """Its user needs it no longer: connections that are still open are ended."""
        kept = self._taken.pop(url, None)
        if kept is not None and self.run(kept.sweep(self.connections.pids(url))):
            self._free.append(kept)
            return
        self.connections.forget(url)
        if kept is not None:
            self.run(kept.db.close())
        self.run(self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """End all connections; the server is about to end too."""
        for kept in [*self._free, *self._taken.values()]:
            self.connections.forget(self.cluster.url(kept.name))
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
        db = await asyncpg.connect(self.cluster.url(name), server_settings=SWEEPING)
        kept = _Kept(name, db, self._clean)
        await kept.remember()
        return kept

    async def _migrated(self) -> _Clean:
        """What the migrations made, and put into tables."""
        db = await asyncpg.connect(self.cluster.url(TEMPLATE))
        try:
            await migrate(db)
            tables = [row[0] for row in await db.fetch(TABLES)]
            return _Clean(tables, [table for table in tables if await _has_rows(db, table)])
        finally:
            await db.close()


class _Clean:
    """What is asked of a database that a test has left, all at once: its shape, the contents of the tables that the
    migrations fill, which others hold rows, and how large these are."""

    def __init__(self, tables: list[str], filled: list[str]) -> None:
        others = " UNION ALL ".join(
            f"SELECT '{table}' AS name WHERE EXISTS (SELECT FROM {table})" for table in tables if table not in filled
        )
        contents = ", ".join(
            f"(SELECT md5(string_agg(t::text, '\n' ORDER BY t::text)) FROM {table} t)" for table in filled
        )
        self.look = f"""
            WITH used AS MATERIALIZED ({others})
            SELECT {SHAPE} AS shape, ARRAY[{contents}] AS contents,
                   ARRAY(SELECT name FROM used) AS used,
                   (SELECT coalesce(sum(pg_total_relation_size(name::regclass)), 0)::bigint FROM used) AS bytes
            """


class _Kept:
    """A database that tests use one after the other, and the connection by which it is swept."""

    def __init__(self, name: str, db: asyncpg.Connection, clean: _Clean) -> None:
        self.name, self.db, self._look, self._uses = name, db, clean.look, 0

    async def remember(self) -> None:
        """Note how it is before its first use."""
        self._began = await self.db.fetchval("SELECT pg_current_xact_id()::xid")
        self._was = await self.db.fetchrow(self._look, self._began)
        self._numbered = "".join(f"{row[0]};" for row in await self.db.fetch(NUMBERED))

    async def sweep(self, ready: list[int]) -> bool:
        """Make it as it was after the migrations; False where that is not to be had. All connections to it are ended
        but those of the processes that lie `ready`."""
        self._uses += 1
        if self._uses >= USES or self.db.is_closed():
            return False
        await self.db.execute(OTHERS, ready)
        found = await self.db.fetchrow(self._look, self._began)
        if any(found[part] != self._was[part] for part in ("shape", "contents")) or found["bytes"] > LARGE_BYTES:
            return False
        await self.db.execute(
            "BEGIN;"
            + "".join(f"DELETE FROM {table};" for table in found["used"])
            + f"{SEQUENCES}; {self._numbered} COMMIT"
        )
        return True


async def _has_rows(db: asyncpg.Connection, table: str) -> bool:
    return bool(await db.fetchval(f"SELECT EXISTS (SELECT FROM {table})"))
