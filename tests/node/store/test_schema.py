"""`schema.sql` is what the migrations make, word for word; and a database made from it is the same."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from node.store.db import Db
from node.store.schema import SCHEMA, text_of
from node.store.upkeep.describe import describe


@pytest.fixture
async def empty(empty_db_url: str) -> AsyncIterator[Db]:
    db = await asyncpg.connect(empty_db_url)
    yield db
    await db.close()


def test_schema_sql_is_the_sum_of_the_migrations(db_url: str) -> None:
    assert SCHEMA.read_text(encoding="utf-8") == text_of(db_url), "run `make schema`"


async def test_a_database_made_from_schema_sql_is_the_one_that_the_migrations_make(db: Db, empty: Db) -> None:
    await empty.execute("SET check_function_bodies = off")
    await empty.execute(SCHEMA.read_text(encoding="utf-8"))
    assert await describe(empty) == await describe(db)


async def test_a_column_that_no_migration_makes_is_noticed(db: Db, db_url: str) -> None:
    await db.execute("ALTER TABLE actors ADD surprise int")
    assert SCHEMA.read_text(encoding="utf-8") != text_of(db_url)
