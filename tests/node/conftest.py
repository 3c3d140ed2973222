"""A node as doors, receivers and jobs see it, on this test's own database, without web server and workers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest

from node.app import open_node
from node.node import Node
from node.settings import Settings


@pytest.fixture
async def node(settings: Settings) -> AsyncIterator[Node]:
    """The node of `settings`; its client may call loopback."""
    async with open_node(settings) as (opened, _):
        yield opened


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often requests asked the database for anything; what goes on beside them does not count."""
    counted: Counter[str] = Counter()
    for name in ("fetch", "fetchrow", "fetchval", "execute"):
        real = getattr(asyncpg.Connection, name)

        def count(self: Any, *args: Any, real: Any = real, **more: Any) -> Any:
            task = asyncio.current_task()
            counted["questions"] += task is not None and "RequestHandler" in repr(task.get_coro())
            return real(self, *args, **more)

        monkeypatch.setattr(asyncpg.Connection, name, count)
    yield counted
