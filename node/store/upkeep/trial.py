"""Whether a back-up can be restored: into a database of its own on the same server, which is dropped again."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from node.store.errors import StoreError
from node.store.pool import Database
from node.store.upkeep import archive, dump
from node.store.upkeep.archive import Manifest

TRIAL = "allmende_trial_restore"


async def restore(database: Database, file: Path) -> None:
    """Restore a back-up beside the database, count its rows, and drop what was restored. Raises BackupRefused, and
    StoreError where it cannot be restored or does not hold what it says."""
    try:
        await _restore(database, file)
    except asyncpg.PostgresError as error:
        raise StoreError(f"The back-up could not be tried: {type(error).__name__}.") from error


async def _restore(database: Database, file: Path) -> None:
    manifest: Manifest = await asyncio.to_thread(archive.verify, file)
    with tempfile.TemporaryDirectory(prefix=".allmende-", dir=file.parent) as place:
        content = Path(place) / archive.DUMP
        await asyncio.to_thread(archive.extract, file, content, Path(place) / "media")
        async with database.direct() as db:
            await db.execute(f"DROP DATABASE IF EXISTS {TRIAL}")
            await db.execute(f"CREATE DATABASE {TRIAL} TEMPLATE template0")
        try:
            await _check(_beside(database.url), content, manifest)
        finally:
            async with database.direct() as db:
                await db.execute(f"DROP DATABASE IF EXISTS {TRIAL}")


async def _check(url: str, content: Path, manifest: Manifest) -> None:
    await asyncio.to_thread(dump.load, url, content)
    db = await asyncpg.connect(url)
    try:
        await db.execute("ANALYZE")
        if await dump.row_counts(db) != manifest.rows:
            raise StoreError("The restored database does not hold as many rows as the back-up says.")
    finally:
        await db.close()


def _beside(url: str) -> str:
    """The address of the database for trials, on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{TRIAL}"))
