"""A second connection, for what happens at the same time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from node.store.db import Db
from node.store.pool import Pool


@pytest.fixture
async def another_db(pool: Pool) -> AsyncIterator[Db]:
    """Another connection to the test's database."""
    async with pool.acquire() as connection:
        yield connection
