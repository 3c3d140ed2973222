"""Back-up of a hub into one file, beside a running node or without one, and restore into an empty hub."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from node.settings import Settings
from node.store import migrate
from node.store.db import Db
from node.store.embedded import folders
from node.store.errors import BackupRefused, StoreError
from node.store.pool import APPLICATION, Database, open_database
from node.store.upkeep import archive, dump
from node.store.upkeep.archive import Manifest

# Rows in one of these say that people use the hub.
TABLES_OF_PEOPLE = ("accounts", "posts")


# Moves everything of ours into the schema of that setting; extensions stay, somebody else may have made them.
# (A name is asked for when its turn comes: that of a function holds those of tables, which have moved by then.)
PUT_ASIDE = """
    DO $$
    DECLARE thing record;
    BEGIN
        FOR thing IN
            SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                   ELSE 'TABLE' END AS kind, oid
            FROM pg_class
            WHERE relnamespace = 'public'::regnamespace
              AND relkind IN ('r', 'p', 'v', 'm', 'S')
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
                              AND objid = pg_class.oid AND deptype IN ('e', 'a', 'i'))
            UNION ALL
            SELECT 'ROUTINE', oid
            FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
              AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
            UNION ALL
            SELECT 'TYPE', oid
            FROM pg_type
            WHERE typnamespace = 'public'::regnamespace
              AND typtype IN ('e', 'd')
              AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
            UNION ALL
            SELECT 'TEXT SEARCH CONFIGURATION', oid
            FROM pg_ts_config
            WHERE cfgnamespace = 'public'::regnamespace
              AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_ts_config.oid AND deptype = 'e')
        LOOP
            EXECUTE format(
                'ALTER %s %s SET SCHEMA %I',
                thing.kind,
                CASE thing.kind
                    WHEN 'ROUTINE' THEN thing.oid::regprocedure::text
                    WHEN 'TYPE' THEN thing.oid::regtype::text
                    WHEN 'TEXT SEARCH CONFIGURATION' THEN thing.oid::regconfig::text
                    ELSE thing.oid::regclass::text
                END,
                current_setting('allmende.aside')
            );
        END LOOP;
    END $$;
"""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore did: what came back, and where what was there before is kept (None: nothing was)."""

    manifest: Manifest
    kept_schema: str | None
    kept_media: Path | None


async def backup(settings: Settings, file: Path) -> Manifest:
    """Write the hub into `file`: the database as of one moment, the media, the checksums. The file appears when it
    is whole, under its final name, readable to its owner only. Raises BackupRefused or DatabaseUnavailable."""
    if settings.database_url is None and not folders.exists(settings.data):
        raise BackupRefused(f"There is no hub in {settings.data} yet.")
    if not file.parent.is_dir():
        raise BackupRefused(f"The folder {file.parent} does not exist.")
    async with open_database(settings) as database:
        return await backup_of(database, settings, file)


async def backup_of(database: Database, settings: Settings, file: Path, *, media: bool = True) -> Manifest:
    """The same for a database that is open already; without `media` they stay where they are, and are left alone when
    it is restored. Raises StoreError."""
    with _workshop(file.parent) as place:
        folder = settings.media_folder if media else None
        manifest = await _dump(database, settings, place / archive.DUMP, media=folder)
        partial = place / "archive"
        made = await asyncio.to_thread(archive.write, partial, manifest, place / archive.DUMP, folder)
        partial.rename(file)
        folders.settle(file.parent)
    return made


async def restore(settings: Settings, file: Path, *, replace: bool = False) -> Restored:
    """Put the hub of a back-up in place of an empty one. The node must be stopped. `replace`: also in place of one
    that is used, whose tables and media are kept under other names. Everything is checked before anything is
    changed; the database is restored whole or not at all. Raises BackupRefused or DatabaseUnavailable."""
    manifest = await asyncio.to_thread(archive.verify, file)
    _check_fits(manifest, settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    with _workshop(settings.data) as place, _workshop((settings.media_folder or settings.data).parent) as beside:
        async with open_database(settings, alone=True) as database:
            used = await _check_free(database, replace=replace)
            await asyncio.to_thread(archive.extract, file, place / archive.DUMP, beside / "media")
            stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
            media = settings.media_folder if manifest.media_url is None else None
            with _media_swapped(media, beside / "media", stamp) as kept_media:
                first = _put_aside(f"{dump.KEPT_SCHEMAS}{stamp}", keep=used)
                await asyncio.to_thread(dump.load, database.url, place / archive.DUMP, first=first)
            await _check_rows(database, manifest)
    return Restored(
        manifest=manifest, kept_schema=f"{dump.KEPT_SCHEMAS}{stamp}" if used else None, kept_media=kept_media
    )


async def _dump(database: Database, settings: Settings, target: Path, *, media: Path | None) -> Manifest:
    """Dump, count and list in one snapshot, so that the manifest is true of the dump."""
    async with database.direct() as db, db.transaction(isolation="repeatable_read", readonly=True):
        await db.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = await db.fetchval("SELECT pg_export_snapshot()")
        manifest = Manifest(
            made_at=datetime.now(UTC),
            allmende=_own_version(),
            postgresql=await db.fetchval("SHOW server_version"),
            base_url=settings.base_url,
            media_url=None if media else settings.media_url or f"file:{settings.media_folder}",
            migrations=await migrate.applied(db),
            rows=await dump.row_counts(db),
        )
        await asyncio.to_thread(dump.write, database.url, target, snapshot=snapshot)
    return manifest


def _check_fits(manifest: Manifest, settings: Settings) -> None:
    if manifest.base_url != settings.base_url:
        raise BackupRefused(
            f"This is the back-up of {manifest.base_url}, but ALLMENDE_BASE_URL is {settings.base_url}. A hub keeps "
            "its address for ever: set ALLMENDE_BASE_URL to that of the back-up."
        )
    known = {migration.name: migration.sha256 for migration in migrate.read()}
    if any(known.get(name) != digest for name, digest in manifest.migrations.items()):
        raise BackupRefused(f"The back-up was made by another version of Allmende ({manifest.allmende}). Use that one.")
    if settings.media_folder is None and len(manifest.files) > 1:
        raise BackupRefused(
            "The back-up holds media files, but ALLMENDE_MEDIA_URL is no folder (file:) to put them in."
        )


async def _check_free(database: Database, *, replace: bool) -> bool:
    """Whether people use the hub that is there; refused unless it shall be replaced, or while a node runs."""
    async with database.pool.acquire() as db:
        others = await db.fetchval(
            """
            SELECT count(*)
            FROM pg_stat_activity
            WHERE datname = current_database()
              AND application_name = $1
              AND pid <> pg_backend_pid()
            """,
            APPLICATION,
        )
        if others:
            raise BackupRefused("A node is running on this database. Stop it first.")
        used = await is_used(db)
    if used and not replace:
        raise BackupRefused("This hub is in use already; a back-up is restored into an empty one (or with --replace).")
    return used


async def is_used(db: Db) -> bool:
    """Whether people use the hub: a node fills all other tables by itself at its first start."""
    for table in TABLES_OF_PEOPLE:
        if await db.fetchval("SELECT to_regclass('public.' || $1)", table) is None:
            continue
        if await db.fetchval(f"SELECT EXISTS (SELECT FROM public.{table})"):  # noqa: S608 (a name of ours)
            return True
    return False


def _put_aside(schema: str, *, keep: bool) -> str:
    """The statements that make room for what is restored."""
    gone = "" if keep else f"DROP SCHEMA {schema} CASCADE;"
    return f"CREATE SCHEMA {schema}; SET LOCAL allmende.aside = '{schema}'; {PUT_ASIDE} {gone}"


async def _check_rows(database: Database, manifest: Manifest) -> None:
    async with database.direct() as db:
        await db.execute("ANALYZE")
        if await dump.row_counts(db) != manifest.rows:
            raise StoreError("The restored database does not hold as many rows as the back-up says.")


@contextmanager
def _media_swapped(media: Path | None, new: Path, stamp: str) -> Iterator[Path | None]:
    """Put the new media in place; yield where older ones are kept. If the block fails, all is as it was."""
    if media is None:
        yield None
        return
    kept = media.with_name(f"{media.name}.before_restore_{stamp}") if media.exists() and any(media.iterdir()) else None
    if kept:
        media.rename(kept)
    new.rename(media)
    try:
        yield kept
    except BaseException:
        shutil.rmtree(media)
        if kept:
            kept.rename(media)
        raise


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder for unfinished files on the same disk as `folder`, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=archive.WORKSHOP, dir=folder) as path:
        yield Path(path)


def _own_version() -> str:
    try:
        return version("allmende")
    except PackageNotFoundError:
        return "0"
