"""The doctor at work for the panel: the same looks as `allmende doctor`, as a job, each subject kept as soon as it is
done."""

from __future__ import annotations

import msgspec

from node.doctor import examine_running
from node.node import Node
from node.store.upkeep import check_ups


async def check_up(node: Node, number: int) -> None:
    """Look at everything for the check-up with this number."""
    async with node.database.pool.acquire() as db:
        await check_ups.begin(db, number)
    async for subject, remarks in examine_running(node.settings, node.database):
        section = {"subject": subject, "remarks": msgspec.to_builtins(remarks)}
        async with node.database.pool.acquire() as db:
            await check_ups.add(db, number, section)
    async with node.database.pool.acquire() as db:
        await check_ups.end(db, number)
