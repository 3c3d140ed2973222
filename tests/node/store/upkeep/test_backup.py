"""Back-up and restore: what goes in comes back, from and to either kind of database; and every damage is refused."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from node.settings import Settings
from node.store.errors import BackupRefused, StoreError
from node.store.events import places
from node.store.migrate import migrate
from node.store.pool import open_database
from node.store.upkeep import archive
from node.store.upkeep.backup import backup, restore
from node.store.upkeep.describe import describe
from schemas.things import Place
from tests.factories import a_member
from tests.node.store.archives import member, rewrite

PHOTO = b"\xff\xd8 not really a photo" * 1000


async def begin(settings: Settings, *, accounts: int = 1) -> None:
    """A hub that people use: migrated, with accounts, a place on the map, and a photo."""
    async with open_database(settings) as database, database.direct() as db:
        await migrate(db)
        for number in range(accounts):
            await a_member(db, f"member{number}")
        await places.keep(db, Place(name="Küche", latitude=50.8, longitude=4.3), str)
    folder = settings.media_folder
    assert folder
    (folder / "ab/cd").mkdir(parents=True)
    (folder / "ab/cd/photo.jpg").write_bytes(PHOTO)
    (folder / "ab/out").symlink_to("/etc/passwd")


async def names(settings: Settings) -> list[str]:
    async with open_database(settings) as database:
        return [
            row["name"]
            for row in await database.pool.fetch("SELECT name FROM actors JOIN accounts ON actor_id = actors.id")
        ]


@pytest.fixture
def embedded(folder: Path) -> Settings:
    """A hub with the embedded database that does not exist yet."""
    return Settings(data=folder / "embedded")


@pytest.fixture
def external(folder: Path, external_url: str) -> Settings:
    """A hub with an external database in which there is nothing yet."""
    return Settings(data=folder / "external", database_url=external_url)


@pytest.fixture
async def made(folder: Path, settings: Settings) -> Path:
    """A back-up of a hub with one account."""
    used = msgspec.structs.replace(settings, data=folder / "used")
    await begin(used)
    await backup(used, folder / "hub.backup")
    return folder / "hub.backup"


async def test_a_hub_comes_back_as_it_was(embedded: Settings, external: Settings, folder: Path) -> None:
    await begin(embedded, accounts=3)
    async with open_database(embedded) as database, database.direct() as db:
        before = await describe(db)
        written = await backup(embedded, folder / "hub.backup")  # beside a hub that runs
    assert written.rows["accounts"] == 3
    assert list(written.files) == [archive.DUMP, "media/ab/cd/photo.jpg"]

    restored = await restore(external, folder / "hub.backup")
    assert restored.manifest == written
    assert (restored.kept_schema, restored.kept_media) == (None, None)
    assert await names(external) == ["member0", "member1", "member2"]
    assert (external.data / "media/ab/cd/photo.jpg").read_bytes() == PHOTO
    async with open_database(external) as database, database.direct() as db:
        assert await describe(db) == before
        assert await migrate(db) == []
        assert await db.fetchval("SELECT count(*) FROM places WHERE ll_to_earth(latitude, longitude) IS NOT NULL") == 1

    back = msgspec.structs.replace(embedded, data=folder / "back")
    await backup(external, folder / "again.backup")
    await restore(back, folder / "again.backup")
    assert await names(back) == ["member0", "member1", "member2"]
    assert no_leftovers(folder)


def no_leftovers(folder: Path) -> bool:
    return not list(folder.rglob(".allmende-*"))


async def test_a_backup_is_readable_to_its_owner_only(made: Path) -> None:
    assert os.stat(made).st_mode & 0o777 == 0o600


async def test_a_hub_that_was_started_but_never_used_counts_as_empty(embedded: Settings, made: Path) -> None:
    async with open_database(embedded) as database, database.direct() as db:
        await migrate(db)
        await db.execute("INSERT INTO hub (secret, base_url) VALUES ('x', $1)", embedded.base_url)
    assert (await restore(embedded, made)).kept_schema is None
    assert await names(embedded) == ["member0"]


async def test_a_hub_in_use_is_not_overwritten(external: Settings, made: Path) -> None:
    await begin(external, accounts=2)
    with pytest.raises(BackupRefused, match="in use already"):
        await restore(external, made)
    assert await names(external) == ["member0", "member1"]
    assert (external.data / "media/ab/cd/photo.jpg").exists()


async def test_replacing_keeps_what_was_there(external: Settings, made: Path, folder: Path) -> None:
    await begin(external, accounts=2)
    restored = await restore(external, made, replace=True)
    assert await names(external) == ["member0"]
    assert restored.kept_media
    assert (restored.kept_media / "ab/cd/photo.jpg").read_bytes() == PHOTO
    async with open_database(external) as database:
        assert await database.pool.fetchval(f"SELECT count(*) FROM {restored.kept_schema}.accounts") == 2
    again = await backup(external, folder / "again.backup")
    assert again.rows["accounts"] == 1  # what was put aside is no part of the hub any more


async def test_under_a_running_node_nothing_is_restored(embedded: Settings, external: Settings, made: Path) -> None:
    for settings in (embedded, external):
        async with open_database(settings):
            with pytest.raises(StoreError, match="Stop it first"):
                await restore(settings, made)
        assert not (settings.data / "media").exists()


async def test_a_restore_that_fails_leaves_everything_as_it_was(
    external: Settings, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(external, accounts=2)
    (external.data / "media/ab/own.jpg").write_bytes(b"own")
    monkeypatch.setattr("node.store.upkeep.backup.PUT_ASIDE", "SELECT 1 / 0;")
    with pytest.raises(StoreError, match="division by zero"):
        await restore(external, made, replace=True)
    assert await names(external) == ["member0", "member1"]
    assert (external.data / "media/ab/own.jpg").read_bytes() == b"own"
    assert sorted(os.listdir(external.data)) == ["media"]


async def test_a_dump_that_breaks_off_restores_nothing(external: Settings, made: Path) -> None:
    """Its checksum is right, since it was already broken when it was packed."""
    dump = member(made, archive.DUMP)
    rewrite(made, {archive.DUMP: dump[: len(dump) - 500]}, keep_checksums=False)
    with pytest.raises(StoreError):
        await restore(external, made)
    async with open_database(external) as database:
        assert await database.pool.fetchval("SELECT to_regclass('accounts')") is None
    assert not (external.data / "media").exists()


async def test_a_damaged_archive_is_refused_before_anything_is_begun(external: Settings, made: Path) -> None:
    rewrite(made, {"media/ab/cd/photo.jpg": PHOTO[:-1]})
    with pytest.raises(BackupRefused, match=r"damaged: media/ab/cd/photo\.jpg"):
        await restore(external, made)
    assert not external.data.exists()


async def test_without_a_hub_there_is_no_backup(embedded: Settings, folder: Path) -> None:
    with pytest.raises(BackupRefused, match="There is no hub"):
        await backup(embedded, folder / "hub.backup")
    assert not (folder / "hub.backup").exists()
    assert not embedded.data.exists()


async def test_a_backup_into_no_folder_is_refused(settings: Settings, folder: Path) -> None:
    with pytest.raises(BackupRefused, match="does not exist"):
        await backup(settings, folder / "nowhere" / "hub.backup")


async def test_the_backup_of_another_address_is_refused(external: Settings, made: Path) -> None:
    other = msgspec.structs.replace(external, base_url="https://other.example")
    with pytest.raises(BackupRefused, match="back-up of http://localhost:8080"):
        await restore(other, made)


async def test_the_backup_of_a_newer_version_is_refused(external: Settings, made: Path) -> None:
    manifest = msgspec.json.decode(member(made, archive.MANIFEST))
    manifest["migrations"]["9999_future_create.sql"] = "00"
    rewrite(made, {archive.MANIFEST: msgspec.json.encode(manifest)})
    with pytest.raises(BackupRefused, match="another version of Allmende"):
        await restore(external, made)


async def test_media_are_not_restored_into_an_object_store(external: Settings, made: Path) -> None:
    with pytest.raises(BackupRefused, match="ALLMENDE_MEDIA_URL"):
        await restore(msgspec.structs.replace(external, media_url="s3://bucket"), made)
