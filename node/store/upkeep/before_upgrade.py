"""What happens to the database of a hub when a new version finds it: first it goes into a file, so that one can go back
to the older version, then it is brought up to date."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog

from node.settings import Settings
from node.store.db import Db
from node.store.errors import MigrationRefused, StoreError
from node.store.migrate import MIGRATIONS, migrate
from node.store.pool import Database
from schemas.limits import UPGRADE_BACK_UPS_KEPT

FOLDER = "upgrades"

_log = structlog.get_logger("node.upgrade")


async def bring_up_to_date(
    db: Db, database: Database, settings: Settings, folder: Path = MIGRATIONS, *, with_back_up: bool = True
) -> list[str]:
    """Apply the migrations that are missing, and give their names. Where people use the hub already, its database is
    written into a file before that. `db`: a direct connection to `database`. Raises MigrationRefused before anything
    is changed."""
    return await migrate(db, folder, before=partial(_keep_as_it_is, db, database, settings) if with_back_up else None)


async def _keep_as_it_is(db: Db, database: Database, settings: Settings) -> None:
    from node.store.upkeep import archive, backup  # noqa: PLC0415 - the parent of several processes is small

    if not await backup.is_used(db):
        return
    folder = settings.back_ups_folder / FOLDER
    file = folder / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}.tar"
    try:
        await asyncio.to_thread(_make_ready, folder, archive.WORKSHOP)
        await backup.backup_of(database, settings, file, media=False)
    except (StoreError, OSError) as error:
        raise MigrationRefused(
            f"Before the database is brought up to date it is kept in a file, and that failed: {error}. Nothing was "
            "changed. Mend that and start again; or, with a back-up of your own, run "
            "`allmende migrate --without-back-up` once."
        ) from error
    await asyncio.to_thread(_keep_newest, folder)
    _log.info("upgrade", kept=str(file), back="with the version before: allmende restore --replace, and this file")


def _make_ready(folder: Path, unfinished: str) -> None:
    """The folder, without what a process left there that was killed at this: only one is at it, under a lock."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{unfinished}*"):
        shutil.rmtree(left, ignore_errors=True)


def _keep_newest(folder: Path) -> None:
    for old in sorted(folder.glob("*.tar"))[:-UPGRADE_BACK_UPS_KEPT]:
        old.unlink(missing_ok=True)
