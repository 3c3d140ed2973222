"""A node for a command whose deeds other servers must hear of: it neither listens nor works off queues."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from node.app import open_node
from node.cli.database import begin
from node.node import Node

Answer = TypeVar("Answer")


def with_node(work: Callable[[Node], Awaitable[Answer]]) -> Answer:
    """Run `work` with a node on the migrated database. What other servers are owed is left to the running node, or to
    the next one. Raises SettingsError and StoreError, which `allmende` says in plain words."""
    settings = begin()

    async def run() -> Answer:
        async with open_node(settings) as (node, _):
            return await work(node)

    return asyncio.run(run())
