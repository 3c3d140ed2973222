"""A hub that is in use is kept in a file before a new version changes its database; and one can go back."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from node.settings import Settings
from node.store.db import Db
from node.store.errors import MigrationRefused, StoreError
from node.store.migrate import MIGRATIONS, applied
from node.store.pool import Database, open_database
from node.store.upkeep import archive, dump
from node.store.upkeep.backup import restore
from node.store.upkeep.before_upgrade import FOLDER, bring_up_to_date
from schemas.limits import UPGRADE_BACK_UPS_KEPT
from tests.factories import a_member

NEW = "9999_accounts_test.sql"


@pytest.fixture
def settings(folder: Path, external_url: str) -> Settings:
    """A hub with an empty database, and one file among its media."""
    (folder / "data/media").mkdir(parents=True)
    (folder / "data/media/photo.jpg").write_bytes(b"a photo")
    return Settings(data=folder / "data", database_url=external_url)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of a newer version: ours and one that loses something."""
    made = shutil.copytree(MIGRATIONS, tmp_path / "newer")
    (made / NEW).write_text("UPDATE accounts SET email = NULL;")
    return made


def kept(settings: Settings) -> list[Path]:
    return sorted((settings.back_ups_folder / FOLDER).glob("*"))


async def addresses(db: Db) -> list[str | None]:
    return [row["email"] for row in await db.fetch("SELECT email FROM accounts")]


async def in_use(db: Db, database: Database, settings: Settings) -> list[str | None]:
    await bring_up_to_date(db, database, settings)
    await a_member(db, "ada")
    await db.execute("UPDATE accounts SET email = 'ada@hub.example'")
    return await addresses(db)


async def test_one_goes_back_with_what_was_kept_and_media_stay(settings: Settings, newer: Path) -> None:
    async with open_database(settings) as database, database.direct() as db:
        before = await in_use(db, database, settings)
        assert kept(settings) == []
        assert await bring_up_to_date(db, database, settings, newer) == [NEW]
        assert await addresses(db) == [None]
    (file,) = kept(settings)
    assert file.stat().st_mode & 0o077 == 0
    assert list(archive.verify(file).files) == [archive.DUMP]
    done = await restore(settings, file, replace=True)
    assert done.kept_media is None
    assert (settings.data / "media/photo.jpg").read_bytes() == b"a photo"
    async with open_database(settings) as database, database.direct() as db:
        assert await addresses(db) == before
        assert NEW not in await applied(db)


async def test_nothing_is_kept_where_nothing_is_missing_or_nobody_there(settings: Settings, newer: Path) -> None:
    async with open_database(settings) as database, database.direct() as db:
        await bring_up_to_date(db, database, settings)
        assert await bring_up_to_date(db, database, settings) == []
        assert await bring_up_to_date(db, database, settings, newer) == [NEW]
    assert kept(settings) == []


async def test_what_cannot_be_kept_is_not_changed_unless_somebody_says_so(
    settings: Settings, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("No space left on device")

    async with open_database(settings) as database, database.direct() as db:
        before = await in_use(db, database, settings)
        monkeypatch.setattr(dump, "write", full)
        with pytest.raises(MigrationRefused, match=r"No space left.*Nothing was changed.*--without-back-up"):
            await bring_up_to_date(db, database, settings, newer)
        assert (kept(settings), await addresses(db)) == ([], before)
        assert NEW not in await applied(db)
        assert await bring_up_to_date(db, database, settings, newer, with_back_up=False) == [NEW]


async def test_the_last_few_are_kept(settings: Settings, newer: Path) -> None:
    async with open_database(settings) as database, database.direct() as db:
        await in_use(db, database, settings)
        folder = settings.back_ups_folder / FOLDER
        folder.mkdir(parents=True)
        for day in range(1, UPGRADE_BACK_UPS_KEPT + 2):
            (folder / f"2020-01-0{day}-000000.tar").touch()
        await bring_up_to_date(db, database, settings, newer)
    assert len(kept(settings)) == UPGRADE_BACK_UPS_KEPT
    assert kept(settings)[-1].stat().st_size > 0


async def test_of_several_that_start_at_once_one_keeps_it_and_clears_what_a_killed_one_left(
    settings: Settings, newer: Path
) -> None:
    async with open_database(settings) as database, database.direct() as db, database.direct() as other:
        await in_use(db, database, settings)
        (settings.back_ups_folder / FOLDER / f"{archive.WORKSHOP}left").mkdir(parents=True)
        done = await asyncio.gather(*(bring_up_to_date(one, database, settings, newer) for one in (db, other)))
    assert sorted(done) == [[], [NEW]]
    (file,) = kept(settings)
    assert file.suffix == ".tar"
