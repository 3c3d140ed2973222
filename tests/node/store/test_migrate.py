"""Migrations: once, in order, whole, by one at a time; and nothing where database and files do not belong together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from node.store.db import Db
from node.store.errors import MigrationRefused
from node.store.migrate import applied, migrate
from node.store.upkeep.describe import describe

THINGS = "CREATE TABLE things (id int PRIMARY KEY);"
NAMES = "ALTER TABLE things ADD name text NOT NULL DEFAULT ''; CREATE INDEX things_name ON things (name);"


@pytest.fixture
async def empty(empty_db_url: str) -> AsyncIterator[Db]:
    db = await asyncpg.connect(empty_db_url)
    yield db
    await db.close()


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    (tmp_path / "0001_things_create.sql").write_text(THINGS)
    (tmp_path / "0002_things_name.sql").write_text(NAMES)
    return tmp_path


async def test_each_file_is_applied_once_and_in_order(empty: Db, migrations: Path) -> None:
    assert await migrate(empty, migrations) == ["0001_things_create.sql", "0002_things_name.sql"]
    assert await migrate(empty, migrations) == []
    assert await empty.fetch("SELECT id, name FROM things") == []
    assert list(await applied(empty)) == ["0001_things_create.sql", "0002_things_name.sql"]


async def test_a_later_file_is_applied_to_the_database_that_had_the_earlier_ones(empty: Db, migrations: Path) -> None:
    later = migrations / "0002_things_name.sql"
    text = later.read_text()
    later.unlink()
    assert await migrate(empty, migrations) == ["0001_things_create.sql"]
    await empty.execute("INSERT INTO things VALUES (1)")
    later.write_text(text)
    assert await migrate(empty, migrations) == ["0002_things_name.sql"]
    assert await empty.fetchval("SELECT name FROM things WHERE id = 1") == ""


async def test_a_file_that_fails_leaves_nothing_and_keeps_those_before_it(empty: Db, migrations: Path) -> None:
    (migrations / "0003_things_break.sql").write_text("CREATE TABLE others (id int); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, migrations)
    assert list(await applied(empty)) == ["0001_things_create.sql", "0002_things_name.sql"]
    assert await empty.fetchval("SELECT to_regclass('others')") is None
    here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    locks = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = {here}"
    assert await empty.fetchval(locks) == 0


async def test_many_at_once_apply_each_file_once(empty_db_url: str, migrations: Path) -> None:
    async def one() -> list[str]:
        db = await asyncpg.connect(empty_db_url)
        try:
            return await migrate(db, migrations)
        finally:
            await db.close()

    done = await asyncio.gather(*(one() for _ in range(5)))
    assert sorted(map(len, done)) == [0, 0, 0, 0, 2]


async def test_a_changed_file_is_refused(empty: Db, migrations: Path) -> None:
    await migrate(empty, migrations)
    (migrations / "0001_things_create.sql").write_text(THINGS + " -- changed")
    (migrations / "0003_things_more.sql").write_text("CREATE TABLE more (id int);")
    with pytest.raises(MigrationRefused, match=r"0001_things_create\.sql was changed"):
        await migrate(empty, migrations)
    assert await empty.fetchval("SELECT to_regclass('more')") is None


async def test_a_database_newer_than_the_code_is_refused(empty: Db, migrations: Path) -> None:
    await migrate(empty, migrations)
    (migrations / "0002_things_name.sql").unlink()
    with pytest.raises(MigrationRefused, match="newer than this version"):
        await migrate(empty, migrations)


async def test_a_file_that_comes_too_late_is_refused(empty: Db, migrations: Path) -> None:
    (migrations / "0001_things_create.sql").rename(migrations / "0004_things_create.sql")
    (migrations / "0002_things_name.sql").unlink()
    await migrate(empty, migrations)
    (migrations / "0003_others_create.sql").write_text("CREATE TABLE others (id int);")
    with pytest.raises(MigrationRefused, match=r"0003_others_create\.sql comes before 0004"):
        await migrate(empty, migrations)


@pytest.mark.parametrize("name", ["1_things.sql", "0002_Things.sql", "0002-things-name.sql", "things.sql"])
async def test_a_file_with_another_kind_of_name_is_refused(empty: Db, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(THINGS)
    with pytest.raises(MigrationRefused, match="is not named like"):
        await migrate(empty, tmp_path)


async def test_two_files_with_one_number_are_refused(empty: Db, migrations: Path) -> None:
    (migrations / "0002_others_create.sql").write_text("CREATE TABLE others (id int);")
    with pytest.raises(MigrationRefused, match="same number"):
        await migrate(empty, migrations)
    assert await applied(empty) == {}


async def test_missing_rights_are_told_in_a_sentence(empty: Db, migrations: Path) -> None:
    await empty.execute("CREATE ROLE weak; GRANT CREATE ON SCHEMA public TO weak; SET ROLE weak")
    (migrations / "0003_things_distance.sql").write_text("CREATE EXTENSION cube; CREATE EXTENSION earthdistance;")
    try:
        with pytest.raises(MigrationRefused, match=r"0003_things_distance\.sql needs rights"):
            await migrate(empty, migrations)
    finally:
        await empty.execute("RESET ROLE; DROP OWNED BY weak; DROP ROLE weak")


async def test_all_our_migrations_apply_to_an_empty_database(db: Db) -> None:
    assert len(await applied(db)) >= 1
    assert await db.fetchval("SELECT to_regclass('posts')") is not None


async def test_two_databases_with_the_same_things_are_described_alike(empty: Db, migrations: Path) -> None:
    await migrate(empty, migrations)
    once = await describe(empty)
    await empty.execute("DROP TABLE things, migrations")
    await empty.execute("CREATE TABLE things (name text NOT NULL DEFAULT '', id int PRIMARY KEY)")
    await empty.execute("CREATE INDEX things_name ON things (name)")
    assert await describe(empty) == once


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE things ALTER name DROP NOT NULL",
        "ALTER TABLE things ALTER name DROP DEFAULT",
        "ALTER TABLE things ALTER name TYPE varchar(10)",
        "ALTER TABLE things ADD more int",
        "ALTER TABLE things ALTER id ADD GENERATED ALWAYS AS IDENTITY",
        "ALTER TABLE things ADD CHECK (id > 0)",
        "ALTER TABLE things ADD UNIQUE (name)",
        "DROP INDEX things_name",
        "CREATE TABLE others ()",
        "CREATE VIEW seen AS SELECT id FROM things",
        "CREATE SEQUENCE numbers",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1",
        "CREATE AGGREGATE longest (text) (SFUNC = text_larger, STYPE = text)",
        "CREATE TYPE colour AS ENUM ('red')",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE EXTENSION cube",
        "CREATE TRIGGER t BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
async def test_every_difference_shows_in_the_description(empty: Db, migrations: Path, change: str) -> None:
    await migrate(empty, migrations)
    before = await describe(empty)
    await empty.execute(change)
    assert await describe(empty) != before
