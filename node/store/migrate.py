"""Bring the database up to date: the files `migrations/NNNN_table_change.sql`, each once, in order, forward only.
To change a table, add a file with the next number; one that was released is never edited again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import asyncpg
import msgspec

from node.store.db import Db
from node.store.errors import MigrationRefused

MIGRATIONS = Path(__file__).parent / "migrations"
NAME = re.compile(r"[0-9]{4}_[a-z0-9]+_[a-z0-9_]+\.sql")
LOCK = 0x616C6C6D  # "allm": one advisory lock of the database is ours


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One file: its name, its statements, and the hash that tells whether it is still the same."""

    name: str
    sql: str
    sha256: str


async def migrate(
    db: Db, folder: Path = MIGRATIONS, *, before: Callable[[], Awaitable[None]] | None = None
) -> list[str]:
    """Apply what is missing, each file in a transaction of its own; return the names of those applied. `db` is a
    direct connection outside a transaction. Any number of processes may call this at once: the first does the work.
    Raises MigrationRefused where database and files do not belong together, before anything is changed."""
    migrations = read(folder)
    await db.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        had = await applied(db)
        waiting = missing(migrations, had)
        if had and waiting and before:
            await before()
        for migration in waiting:
            await _apply(db, migration)
    finally:
        await db.execute("SELECT pg_advisory_unlock($1)", LOCK)
    return [migration.name for migration in waiting]


def read(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of this version, in their order."""
    found = sorted(folder.glob("*.sql"))
    for before, file in zip([None, *found], found, strict=False):
        if not NAME.fullmatch(file.name):
            raise MigrationRefused(f"{file.name} is not named like 0001_table_change.sql.")
        if before and before.name[:4] == file.name[:4]:
            raise MigrationRefused(f"{before.name} and {file.name} have the same number.")
    contents = ((file.name, file.read_bytes()) for file in found)
    return [Migration(name=name, sql=sql.decode(), sha256=sha256(sql).hexdigest()) for name, sql in contents]


async def applied(db: Db) -> dict[str, str]:
    """Name and hash of each migration that this database has had; nothing at all for a new database."""
    if await db.fetchval("SELECT to_regclass('public.migrations')") is None:
        return {}
    rows = await db.fetch(
        """
        SELECT name, sha256
        FROM public.migrations
        ORDER BY name
        """
    )
    return {row["name"]: row["sha256"] for row in rows}


def missing(migrations: Sequence[Migration], applied: Mapping[str, str]) -> list[Migration]:
    """Those still to be applied. Raises MigrationRefused if the database has had one that this version does not
    have, or has in other words, or if a missing one would have to come before one it has had."""
    known = {migration.name: migration for migration in migrations}
    for name, digest in applied.items():
        if name not in known:
            raise MigrationRefused(
                f"The database is newer than this version of Allmende: it has had {name}, which is not known here. "
                "Install the newer version again, or restore a back-up from before: each upgrade leaves one in "
                "backups/upgrades of the data folder."
            )
        if known[name].sha256 != digest:
            raise MigrationRefused(f"{name} was changed after it was applied to this database. Take the original.")
    waiting = [migration for migration in migrations if migration.name not in applied]
    last = max(applied, default="")
    if waiting and waiting[0].name < last:
        raise MigrationRefused(
            f"{waiting[0].name} comes before {last}, which was applied already. Give it a new number."
        )
    return waiting


async def _apply(db: Db, migration: Migration) -> None:
    try:
        await _apply_whole(db, migration)
    except asyncpg.InsufficientPrivilegeError as error:
        raise MigrationRefused(
            f"{migration.name} needs rights that the user of ALLMENDE_DATABASE_URL does not have: {error}. Where it is "
            "about an extension, a superuser of the database can run that CREATE EXTENSION once."
        ) from error


async def _apply_whole(db: Db, migration: Migration) -> None:
    async with db.transaction():
        await db.execute(
            """
            CREATE TABLE IF NOT EXISTS public.migrations (
                name       text PRIMARY KEY,
                sha256     text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """
        )
        await db.execute(migration.sql)
        await db.execute(
            """
            INSERT INTO public.migrations (name, sha256)
            VALUES ($1, $2)
            """,
            migration.name,
            migration.sha256,
        )
