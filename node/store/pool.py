"""The way to the database, whichever it is: the embedded one or that of ALLMENDE_DATABASE_URL."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg
import msgspec

from node.settings import Settings
from node.store.db import Db
from node.store.embedded.binaries import OLDEST_MAJOR
from node.store.embedded.cluster import Cluster
from node.store.errors import DatabaseUnavailable
from schemas.limits import (
    DATABASE_CONNECT_SECONDS,
    DATABASE_CONNECTIONS,
    DATABASE_CONNECTIONS_TOGETHER,
    DATABASE_HOST_SECONDS,
    DATABASE_IDLE_SECONDS,
    DATABASE_KEEPALIVE_SECONDS,
    DATABASE_KEPT_FREE,
    DATABASE_POOL_SECONDS,
    DATABASE_STATEMENT_SECONDS,
)

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

APPLICATION = "allmende"  # how our connections call themselves in pg_stat_activity
ATTEMPTS = 3  # an embedded server can end between the look whether it runs and the connection
PAUSE_SECONDS = 0.1
UNREADABLE = "ALLMENDE_DATABASE_URL is not an address that can be read."
NOT_THERE = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TargetServerAttributeNotMatched,
    TimeoutError,
)


IN_BACKGROUND = ContextVar("in_background", default=False)
"""Set in tasks for whose work nobody waits: they leave some connections to those who answer requests."""


class _Pool(asyncpg.Pool):  # type: ignore[misc]
    """Who answers a request waits for a connection for DATABASE_POOL_SECONDS at most."""

    def __init__(self, *arguments: Any, max_size: int, **options: Any) -> None:
        super().__init__(*arguments, max_size=max_size, **options)
        self.waited = 0.0
        self.behind = asyncio.Semaphore(max(min(2, max_size), max_size - DATABASE_KEPT_FREE))

    def acquire(self, *, timeout: float | None = None) -> Any:
        return _Turn(self, super().acquire(timeout=timeout))


class _Turn:
    """A connection for the length of a block."""

    def __init__(self, pool: _Pool, asked: Any) -> None:
        self._pool, self._asked, self._behind = pool, asked, IN_BACKGROUND.get()

    async def __aenter__(self) -> Db:
        if not self._behind:
            started = time.perf_counter()
            try:
                async with asyncio.timeout(DATABASE_POOL_SECONDS):
                    db: Db = await self._asked.__aenter__()
                    return db
            finally:
                self._pool.waited += time.perf_counter() - started
        await self._pool.behind.acquire()
        try:
            db = await self._asked.__aenter__()
        except BaseException:
            self._pool.behind.release()
            raise
        return db

    async def __aexit__(self, *how: Any) -> None:
        try:
            await self._asked.__aexit__(*how)
        finally:
            if self._behind:
                self._pool.behind.release()


class Database:
    """An open database. `pool` serves requests and jobs; `direct()` is for what must not pass a transaction pooler:
    LISTEN, session-wide advisory locks and migrations. `url` is the address of a direct connection, with password."""

    pool: _Pool

    def __init__(self, url: str, *, size: int, pooler: str | None = None, cluster: Cluster | None = None) -> None:
        self.url = url
        self._size = size
        self._pooler = pooler
        self._cluster = cluster
        self._reviving = asyncio.Lock()
        self._last: str | None = None
        self._open = weakref.WeakSet[Db]()

    @property
    def waited(self) -> float:
        """Seconds for which those who answer requests have waited for a connection so far, all together."""
        return self.pool.waited

    @asynccontextmanager
    async def direct(self) -> AsyncIterator[Db]:
        """A connection of one's own, closed at the end; its statements have no time limit."""
        db = await self._connect(self.url, server_settings=_session(pooled=False))
        try:
            await _use_json(db)
            yield db
        except BaseException:
            db.terminate()  # whoever does not answer does not take leave either
            raise
        await _close(db)

    async def open(self) -> None:
        """Check the server and open `pool`. Raises DatabaseUnavailable."""
        try:
            await self._first_look()
            self.pool = await _Pool(
                self._pooler or self.url,
                connection_class=asyncpg.Connection,
                record_class=asyncpg.Record,
                loop=None,
                connect=self._connect,
                setup=None,
                init=self._begin,
                reset=_nothing,
                min_size=1,
                max_size=self._size,
                max_queries=50_000,
                max_inactive_connection_lifetime=300.0,
                command_timeout=DATABASE_STATEMENT_SECONDS,
                server_settings=_session(pooled=self._pooler is not None),
                **({"statement_cache_size": 0} if self._pooler else {}),
            )
        except (ValueError, IndexError):  # the address; what they say may hold a part of the password
            raise DatabaseUnavailable(UNREADABLE) from None
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise DatabaseUnavailable(f"The database cannot be used: {error or type(error).__name__}.") from error

    def renew(self) -> None:
        """Let all connections of the pool be made anew before they are used again."""
        asyncio.get_running_loop().create_task(self.pool.expire_connections())  # which awaits nothing

    def cut(self) -> None:
        """End all connections of the pool at once: the server does not answer, and nobody is to wait for it."""
        for db in tuple(self._open):
            db.terminate()

    async def _begin(self, db: Db) -> None:
        await _use_json(db)
        self._open.add(db)

    async def close(self) -> None:
        """Close the pool: politely, and after a while all the same."""
        try:
            await asyncio.wait_for(self.pool.close(), DATABASE_CONNECT_SECONDS)
        except TimeoutError:
            self.pool.terminate()

    async def _first_look(self) -> None:
        """A database that starts together with the node is waited for."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DATABASE_CONNECT_SECONDS
        while True:
            try:
                async with self.direct() as db:
                    return check_version(db.get_server_version().major)
            except NOT_THERE:
                if loop.time() > deadline:
                    raise
                await asyncio.sleep(PAUSE_SECONDS)

    async def _connect(self, url: str, **options: Any) -> Db:
        """Connect; an embedded server that has ended (its keeper was killed) is started again first."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._connect_to_any(url, options)
            except NOT_THERE:
                if self._cluster is None:
                    raise
                async with self._reviving:
                    await asyncio.to_thread(self._cluster.ensure)
        return await self._connect_to_any(url, options)

    async def _connect_to_any(self, url: str, options: dict[str, Any]) -> Db:
        """The host that was last found takes the first turn: one that was fenced off would hold up each connection.
        When another one takes what is new, nobody is to wait any longer for an answer of the one before."""
        hosts = each_host(url)
        if len(hosts) == 1:
            return await asyncpg.connect(hosts[0], timeout=DATABASE_CONNECT_SECONDS, **options)
        hosts.sort(key=lambda one: one != self._last)
        for host in hosts:
            try:
                db: Db = await asyncpg.connect(host, timeout=DATABASE_HOST_SECONDS, **options)
            except NOT_THERE:
                if host == hosts[-1]:
                    raise
                continue
            if self._last not in (None, host):
                self.cut()
            self._last = host
            return db
        raise AssertionError("there is no host")


@asynccontextmanager
async def open_database(settings: Settings, *, alone: bool = False) -> AsyncIterator[Database]:
    """The database of these settings, open for as long as the block lasts. The embedded one is made, upgraded or
    started if need be, and stopped when its last user leaves; `alone`: it is not shared. Raises DatabaseUnavailable."""
    if settings.database_url is not None:
        url, pooler = addresses(settings.database_url)
        async with _opened(Database(url, size=pool_size(settings), pooler=pooler)) as database:
            yield database
        return
    cluster = Cluster(settings.data)
    await asyncio.to_thread(cluster.join, alone=alone)
    try:
        async with _opened(Database(cluster.url(), size=pool_size(settings), cluster=cluster)) as database:
            yield database
    finally:
        await asyncio.to_thread(cluster.leave)


def addresses(database_url: str) -> tuple[str, str | None]:
    """The address of direct connections and, if that is another, of a transaction pooler: `direct=host:port` in the
    query says that the address itself is a pooler's and where the server behind it is. Raises DatabaseUnavailable."""
    try:
        parts = urlsplit(database_url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        direct = query.pop("direct", None)
        parts = parts._replace(query=urlencode(query))
        if direct is None:
            return urlunsplit(parts), None
        login = parts.netloc.rpartition("@")[0]
        behind = parts._replace(netloc=f"{login}@{direct}" if login else direct)
        return urlunsplit(behind), urlunsplit(parts)
    except ValueError:
        raise DatabaseUnavailable(UNREADABLE) from None


def each_host(url: str) -> list[str]:
    """The address of each host of an address that names several; of these only one that takes what is new will do,
    unless the address says otherwise."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return [url]
    query = urlencode({"target_session_attrs": "read-write", **dict(parse_qsl(parts.query, keep_blank_values=True))})
    return [urlunsplit(parts._replace(netloc=f"{login}{at}{host}", query=query)) for host in hosts.split(",")]


def pool_size(settings: Settings) -> int:
    """How many connections the pool of each process may have; the job worker is one process more."""
    return max(2, min(DATABASE_CONNECTIONS, DATABASE_CONNECTIONS_TOGETHER // (settings.workers + 1)))


def check_version(major: int) -> None:
    """Refuse a server that is too old for our SQL."""
    if major < OLDEST_MAJOR:
        raise DatabaseUnavailable(f"The database is PostgreSQL {major}; Allmende needs {OLDEST_MAJOR} or later.")


@asynccontextmanager
async def _opened(database: Database) -> AsyncIterator[Database]:
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def _session(*, pooled: bool) -> dict[str, str]:
    """What each connection tells the server; a transaction pooler refuses names it does not know."""
    usual = {"application_name": APPLICATION, "timezone": "UTC"}
    direct = {
        "idle_in_transaction_session_timeout": f"{DATABASE_IDLE_SECONDS}s",
        # A process on a machine that is cut off lives no more, and holds no leases.
        "tcp_keepalives_idle": str(DATABASE_KEEPALIVE_SECONDS),
        "tcp_keepalives_interval": str(DATABASE_KEEPALIVE_SECONDS // 3),
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": f"{2 * DATABASE_KEEPALIVE_SECONDS}s",
    }
    return usual if pooled else usual | direct


async def _nothing(_db: Db) -> None:
    """Sessions of the pool keep nothing: settings and locks are made for a transaction, listening is for `direct`. So
    there is nothing to be reset between two users (an open transaction is rolled back in any case)."""


async def _use_json(db: Db) -> None:
    """json and jsonb columns are Python values; of json the order of keys is kept."""
    for kind in ("json", "jsonb"):
        await db.set_type_codec(kind, schema="pg_catalog", encoder=_to_json, decoder=msgspec.json.decode)


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _close(db: Db) -> None:
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await db.close(timeout=DATABASE_CONNECT_SECONDS)
