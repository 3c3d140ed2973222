"""Opening the database, embedded and external, and what an operator is told where that fails."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg
import pytest

from node.settings import Settings
from node.store.db import Db
from node.store.embedded import folders
from node.store.errors import DatabaseUnavailable
from node.store.migrate import migrate
from node.store.pool import Database, addresses, check_version, open_database, pool_size
from schemas.limits import DATABASE_CONNECTIONS, DATABASE_SERVER_CONNECTIONS

HANG_GUARD_SECONDS = 30.0


async def test_json_comes_back_as_it_went_in_with_the_keys_in_order(db: Db) -> None:
    value = {"zulu": [1, None, "ä"], "alpha": {"b": True, "a": 1.5}}
    assert list(await db.fetchval("SELECT $1::json", value)) == ["zulu", "alpha"]
    assert await db.fetchval("SELECT $1::json", value) == value
    assert await db.fetchval("SELECT $1::jsonb", value) == value


async def test_the_database_speaks_utc(db: Db) -> None:
    assert await db.fetchval("SHOW timezone") == "UTC"


async def test_a_direct_connection_is_not_of_the_pool_and_is_closed_afterwards(database: Database) -> None:
    async with database.direct() as db:
        await db.execute("SELECT pg_advisory_lock(7)")
        assert not await database.pool.fetchval("SELECT pg_try_advisory_lock(7)")
        assert await db.fetchval("SELECT '{\"a\": 1}'::json") == {"a": 1}
    assert await database.pool.fetchval("SELECT pg_try_advisory_lock(7)")


async def test_an_external_database_serves_with_no_other_change(external_url: str, folder: Path) -> None:
    settings = Settings(data=folder, database_url=external_url)
    async with open_database(settings) as database, database.direct() as db:
        assert await migrate(db)
        assert await database.pool.fetchval("SELECT count(*) FROM posts") == 0
        assert await database.pool.fetchval("SELECT inet_client_addr() IS NOT NULL")
    assert not folders.exists(folder)
    assert os.listdir(folder) == []


async def test_the_first_of_several_hosts_that_takes_writes_is_used(external_url: str, folder: Path) -> None:
    login, _, rest = external_url.partition("@")
    nobody_there = "127.0.0.1:1"
    url = f"{login}@{nobody_there},{rest}?target_session_attrs=read-write"
    async with open_database(Settings(data=folder, database_url=url)) as database:
        assert await database.pool.fetchval("SELECT 1") == 1


async def test_who_waits_for_a_host_that_was_left_waits_no_longer(
    external_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the primary is cut off and the standby promoted: the first host takes everything and says nothing."""
    monkeypatch.setattr("node.store.pool.DATABASE_HOST_SECONDS", 0.5)
    login, _, rest = external_url.partition("@")
    behind, open_, writers = urlsplit(external_url), asyncio.Event(), list[asyncio.StreamWriter]()
    open_.set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while open_.is_set() and (data := await reader.read(65536)):
            writer.write(data)
        if open_.is_set():
            writer.close()

    async def first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        if open_.is_set():
            there = await asyncio.open_connection(behind.hostname, behind.port)
            await asyncio.gather(pass_on(reader, there[1]), pass_on(there[0], writer))

    async with await asyncio.start_server(first, "127.0.0.1", 0) as server:
        near = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        url = f"{login}@{near},{rest}"
        async with open_database(Settings(data=folder, database_url=url)) as database:
            waiting = asyncio.create_task(database.pool.fetchval("SELECT pg_sleep(60)"))
            await asyncio.sleep(0.2)  # it is on its way
            open_.clear()
            async with asyncio.timeout(HANG_GUARD_SECONDS), database.direct() as db:
                assert await db.fetchval("SELECT 1") == 1
                with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
                    await waiting
            assert await database.pool.fetchval("SELECT 1") == 1
        for writer in writers:
            writer.close()


async def test_direct_connections_go_past_a_transaction_pooler(
    external_url: str, empty_db_url: str, folder: Path
) -> None:
    """TCP stands for the pooler here, the socket for the server behind it."""
    behind = parse_qs(urlsplit(empty_db_url).query)
    url = f"{external_url}?direct={quote(quote(behind['host'][0], safe=''))}:{behind['port'][0]}"
    async with open_database(Settings(data=folder, database_url=url)) as database:
        assert await database.pool.fetchval("SELECT inet_server_port()") is not None
        async with database.direct() as db:
            assert await db.fetchval("SELECT inet_server_port()") is None


def test_the_address_behind_a_pooler_keeps_everything_but_the_host() -> None:
    direct, pooler = addresses("postgresql://me:p%40ss@pooler:6432/hub?sslmode=require&direct=one:5432,two:5433")
    assert direct == "postgresql://me:p%40ss@one:5432,two:5433/hub?sslmode=require"
    assert pooler == "postgresql://me:p%40ss@pooler:6432/hub?sslmode=require"
    assert addresses("postgresql://me@one/hub") == ("postgresql://me@one/hub", None)


@pytest.mark.parametrize(
    "change",
    [
        ("outside:", "nobody:"),  # no such user
        ("p%40ss", "wrong"),
        ("/test_", "/no_test_"),
    ],
)
async def test_a_database_that_refuses_us_is_told_in_a_sentence(
    external_url: str, folder: Path, change: tuple[str, str]
) -> None:
    with pytest.raises(DatabaseUnavailable, match="The database cannot be used") as refusal:
        async with open_database(Settings(data=folder, database_url=external_url.replace(*change))):
            pass
    assert "p@ss" not in str(refusal.value)


async def test_a_database_that_is_not_there_is_told_in_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.store.pool.DATABASE_CONNECT_SECONDS", 0.3)
    with pytest.raises(DatabaseUnavailable, match="The database cannot be used"):
        async with open_database(Settings(data=folder, database_url="postgresql://me@127.0.0.1:1/hub")):
            pass


async def test_a_database_that_starts_a_little_later_is_waited_for(folder: Path, external_url: str) -> None:
    """A door that is opened only after the node has knocked once."""
    target_port = int(external_url.partition("@")[2].partition("/")[0].partition(":")[2])
    refused = asyncio.Event()
    pumps: list[asyncio.Task[None]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def knock(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not refused.is_set():
            refused.set()
            writer.close()
            return
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", target_port)
        pumps.append(asyncio.create_task(pump(reader, upstream_writer)))
        pumps.append(asyncio.create_task(pump(upstream_reader, writer)))

    server = await asyncio.start_server(knock, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = external_url.replace(f":{target_port}/", f":{port}/") + "?sslmode=disable"
    async with open_database(Settings(data=folder, database_url=url)) as database:
        assert await database.pool.fetchval("SELECT 1") == 1
    assert refused.is_set()
    await asyncio.gather(*pumps)
    server.close()


async def test_an_unreadable_address_is_told_without_its_password(folder: Path) -> None:
    for url in ("postgresql://me:s3/cret@host/hub", "postgresql://me:s3cret@[host/hub", "postgresql://me:s3c@h:x/hub"):
        with pytest.raises(DatabaseUnavailable) as refusal:
            async with open_database(Settings(data=folder, database_url=url)):
                pass
        assert "s3" not in str(refusal.value)


@pytest.mark.parametrize(("workers", "size"), [(1, 10), (7, 10), (15, 5), (64, 2)])
def test_many_processes_share_what_a_server_takes(workers: int, size: int) -> None:
    """A listener besides, in each."""
    assert pool_size(Settings(workers=workers)) == size
    assert (workers + 1) * (size + 1) < DATABASE_SERVER_CONNECTIONS


def test_a_server_that_is_too_old_is_refused() -> None:
    check_version(15)
    with pytest.raises(DatabaseUnavailable, match="is PostgreSQL 14; Allmende needs 15 or later"):
        check_version(14)


async def test_a_statement_that_takes_too_long_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.store.pool.DATABASE_STATEMENT_SECONDS", 0.1)
    async with open_database(settings) as database:
        with pytest.raises(TimeoutError):
            await database.pool.execute("SELECT pg_sleep(60)")
        assert await database.pool.fetchval("SELECT 1") == 1


async def test_a_connection_of_the_pool_that_was_cut_is_replaced(database: Database) -> None:
    async with database.pool.acquire() as db:
        pid = await db.fetchval("SELECT pg_backend_pid()")
        cut = asyncio.Event()
        db.add_termination_listener(lambda _: cut.set())
        await database.pool.execute("SELECT pg_terminate_backend($1)", pid)
        await asyncio.wait_for(cut.wait(), HANG_GUARD_SECONDS)
    for _ in range(DATABASE_CONNECTIONS):
        assert await database.pool.fetchval("SELECT pg_backend_pid()") != pid
