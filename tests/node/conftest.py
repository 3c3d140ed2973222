"""A node as doors, receivers and jobs see it, on this test's own database, without web server and workers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from node.app import open_node
from node.node import Node
from node.settings import Settings


@pytest.fixture
async def node(settings: Settings) -> AsyncIterator[Node]:
    """The node of `settings`; its client may call loopback."""
    async with open_node(settings) as (opened, _):
        yield opened
