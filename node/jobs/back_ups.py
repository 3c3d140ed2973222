"""Back-ups that the node makes by itself each night, the last few kept, and each week one restored for trial."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from node.node import Node
from node.store.db import Db
from node.store.errors import BackupRefused, StoreError
from node.store.queues import jobs
from node.store.upkeep import back_ups, backup, trial
from schemas.limits import BACK_UPS_KEPT, BACK_UPS_NOTED, REASON_CHARS


async def ask_due(db: Db) -> None:
    """A chore: have tonight's made."""
    if await back_ups.is_due(db):
        await jobs.add(db, "back_up", {}, once="back_up")


async def back_up(node: Node) -> None:
    """Write the hub into a new file below `backups` in the data folder, and remove all but the last few. What goes
    wrong is noted; the next one is made the next night."""
    folder = node.settings.back_ups_folder
    file = folder / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}.tar"
    error, size = "", 0
    try:
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        await backup.backup_of(node.database, node.settings, file)
        size = file.stat().st_size
    except (BackupRefused, StoreError, OSError) as wrong:
        error = str(wrong)[:REASON_CHARS]
    else:
        await asyncio.to_thread(_keep, folder)
    async with node.database.pool.acquire() as db, db.transaction():
        await back_ups.insert(db, file.name, size=size, error=error)
        await back_ups.forget(db, BACK_UPS_NOTED)
        if not error and await back_ups.test_is_due(db):
            await jobs.add(db, "try_back_up", {}, once="try_back_up")


async def try_back_up(node: Node) -> None:
    """Restore the last one into a database of its own beside ours, count, and drop it; what came of it is noted."""
    async with node.database.pool.acquire() as db:
        last = await back_ups.newest_whole(db)
    if last is None:
        return
    error = ""
    try:
        await trial.restore(node.database, node.settings.back_ups_folder / last.file)
    except (BackupRefused, StoreError, OSError) as wrong:
        error = str(wrong)[:REASON_CHARS] or type(wrong).__name__
    async with node.database.pool.acquire() as db:
        await back_ups.tested(db, last.id, error)


def _keep(folder: Path) -> None:
    for old in sorted(folder.glob("*.tar"))[:-BACK_UPS_KEPT]:
        old.unlink(missing_ok=True)
