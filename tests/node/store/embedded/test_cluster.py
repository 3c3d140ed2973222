"""The embedded PostgreSQL: made, shared, left and killed; its users lose nothing and the last one stops it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from node.settings import Settings
from node.store.embedded import folders
from node.store.embedded.cluster import Cluster
from node.store.embedded.server import is_running
from node.store.errors import DatabaseUnavailable
from node.store.pool import open_database
from tests.node.store.embedded.other import HANG_GUARD_SECONDS, QUICK, Other, another, parent, postmaster, wait_for_end


async def test_a_new_data_folder_gets_a_database_and_keeps_it(folder: Path) -> None:
    settings = Settings(data=folder / "not" / "there" / "yet")
    async with open_database(settings) as database:
        await database.pool.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert not is_running(folders.find(settings.data))
    async with open_database(settings) as database:
        assert await database.pool.fetchval("SELECT number FROM kept") == 7


async def test_the_server_is_private_safe_and_small(data: Path) -> None:
    async with open_database(Settings(data=data)) as database, database.direct() as db:
        shown = {name: await db.fetchval("SELECT current_setting($1)", name) for name in WANTED}
        assert shown == WANTED
        here = folders.find(data)
        assert folders.socket_folder(here).stat().st_mode & 0o777 == 0o700
        assert here.cluster.stat().st_mode & 0o777 == 0o700
        provider, locale = await db.fetchrow(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        )
        assert (provider, locale) == (b"b", "C.UTF-8")
        assert private_kib(postmaster(data)) < 60 * 1024


WANTED = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "data_checksums": "on",
    "server_encoding": "UTF8",
}


def private_kib(server: int) -> int:
    """The memory that would be free without the server: its keeper's, its own, its children's."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    maps = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in (parent(server), server, *children)]
    return sum(int(line.split()[1]) for text in maps for line in text.splitlines() if line.startswith("Private"))


async def test_search_knows_letters_beyond_ascii(data: Path) -> None:
    """What LC_CTYPE is for: quotes are no letters, umlauts are."""
    async with open_database(Settings(data=data)) as database:
        words = await database.pool.fetchval("SELECT to_tsvector('simple', '„Ökohaus“ – ÄPFEL')::text")
    assert words == "'äpfel':2 'ökohaus':1"


def test_after_kill_9_at_once_everything_committed_is_there(data: Path) -> None:
    for number in range(3):
        with another(data) as other:
            other.ask("CREATE TABLE IF NOT EXISTS kept (number int)")
            other.ask(f"INSERT INTO kept VALUES ({number})")
            other.kill()
    with another(data) as other:
        assert other.ask("SELECT array_agg(number ORDER BY number) FROM kept") == "[0, 1, 2]"


def test_the_server_ends_when_its_only_user_is_killed(data: Path) -> None:
    with another(data) as other:
        other.kill()
        wait_for_end(data)


def test_after_kill_9_of_user_and_server_together_everything_committed_is_there(data: Path) -> None:
    with another(data) as other:
        other.ask("CREATE TABLE kept AS SELECT 7 AS number")
        server = postmaster(data)
        for pid in (parent(server), server, other.process.pid):
            os.kill(pid, signal.SIGKILL)
    with another(data) as other:
        assert other.ask("SELECT number FROM kept") == "7"


def test_who_leaves_does_not_stop_the_server_under_the_others(data: Path) -> None:
    with another(data) as starter, another(data) as joiner:
        server = postmaster(data)
        starter.end()
        assert joiner.ask("SELECT 1") == "1"
        with another(data) as third:
            joiner.end()
            assert third.ask("SELECT 2") == "2"
            assert postmaster(data) == server
            third.end()
    assert not is_running(folders.find(data))


def test_a_killed_starter_does_not_stop_the_server_under_the_others(data: Path) -> None:
    with another(data) as starter, another(data) as joiner:
        server = postmaster(data)
        backend = joiner.ask("SELECT pg_backend_pid()")
        starter.kill()
        assert joiner.ask("SELECT pg_backend_pid()") == backend
        assert postmaster(data) == server


@pytest.mark.parametrize("victim", ["keeper", "server"])
async def test_if_the_server_itself_is_killed_its_users_start_it_again(data: Path, victim: str) -> None:
    async with open_database(Settings(data=data)) as database:
        await database.pool.execute("CREATE TABLE kept AS SELECT 7 AS number")
        server = postmaster(data)
        async with database.pool.acquire() as db:
            gone = asyncio.Event()
            db.add_termination_listener(lambda _: gone.set())
            os.kill(parent(server) if victim == "keeper" else server, signal.SIGKILL)
            await asyncio.wait_for(gone.wait(), HANG_GUARD_SECONDS)
        assert await database.pool.fetchval("SELECT number FROM kept") == 7
        async with database.direct() as db:
            assert await db.fetchval("SELECT number FROM kept") == 7
        assert postmaster(data) != server


async def test_a_stale_pid_file_does_not_keep_the_server_from_starting(data: Path) -> None:
    """After a reboot its number may be that of any process, here of this one."""
    (data / "postgres/cluster/postmaster.pid").write_text(
        f"{os.getpid()}\n{data}/postgres/cluster\n1\n5432\n/nowhere\n\n1 1\nready   \n"
    )
    async with open_database(Settings(data=data)) as database:
        assert await database.pool.fetchval("SELECT 1") == 1


def test_an_interrupted_initdb_is_begun_anew(folder: Path) -> None:
    half = folder / "data/postgres/cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    cluster = Cluster(folder / "data", options=QUICK)
    cluster.join()
    cluster.leave()
    assert not half.exists()


def test_alone_means_that_nobody_else_is_there_and_nobody_comes(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with another(data), pytest.raises(DatabaseUnavailable, match="is using the database"):
        Cluster(data).join(alone=True)
    monkeypatch.setattr("node.store.embedded.cluster.DATABASE_STOP_SECONDS", 0.2)
    wait_for_end(data)
    alone = Cluster(data)
    alone.join(alone=True)
    try:
        with pytest.raises(DatabaseUnavailable, match="kept by a restore"):
            Cluster(data).join()
    finally:
        alone.leave()
    assert not is_running(folders.find(data))


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"did not start.*no_such_setting"):
        Cluster(data, options={"no_such_setting": "1"}).join()
    assert not is_running(folders.find(data))


def test_many_at_once_share_one_server(folder: Path) -> None:
    others = [Other(folder / "data") for _ in range(4)]
    try:
        assert [other.answer() for other in others] == ["open"] * 4
        starts = {other.ask("SELECT pg_postmaster_start_time()") for other in others}
        assert len(starts) == 1
    finally:
        for other in others:
            other.kill()
    wait_for_end(folder / "data")
