"""The file of a back-up: what it holds, and every damage and trick that is refused when it is read."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.store.errors import BackupRefused
from node.store.upkeep import archive
from node.store.upkeep.archive import Manifest
from tests.node.store.archives import info, rewrite

PHOTO = b"\xff\xd8 not really a photo" * 1000
MANIFEST = Manifest(
    made_at=datetime(2026, 1, 1, tzinfo=UTC),
    allmende="1",
    postgresql="18.0",
    base_url="http://localhost:8080",
    media_url=None,
    migrations={},
    rows={},
)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An archive with a dump and a photo."""
    (tmp_path / "dump").write_bytes(b"dump" * 5000)
    (tmp_path / "media/ab").mkdir(parents=True)
    (tmp_path / "media/ab/photo.jpg").write_bytes(PHOTO)
    (tmp_path / "media/ab/out").symlink_to("/etc/passwd")
    archive.write(tmp_path / "hub.backup", MANIFEST, tmp_path / "dump", tmp_path / "media")
    return tmp_path / "hub.backup"


def test_what_went_in_comes_out_and_links_stay_outside(made: Path, tmp_path: Path) -> None:
    manifest = archive.verify(made)
    assert list(manifest.files) == ["database.dump", "media/ab/photo.jpg"]
    archive.extract(made, tmp_path / "dump.again", tmp_path / "media.again")
    assert (tmp_path / "dump.again").read_bytes() == b"dump" * 5000
    assert (tmp_path / "media.again/ab/photo.jpg").read_bytes() == PHOTO
    assert not (tmp_path / "media.again/ab/out").exists()


def test_only_its_owner_may_read_it(made: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o600


def test_a_hub_without_media_has_a_backup_too(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"dump")
    archive.write(tmp_path / "hub.backup", MANIFEST, tmp_path / "dump", None)
    assert list(archive.verify(tmp_path / "hub.backup").files) == ["database.dump"]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20_000])


def overwrite_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[content.index(PHOTO)] ^= 1
    file.write_bytes(bytes(content))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut off": cut,
    "a changed byte": overwrite_a_byte,
    "empty": lambda file: file.write_bytes(b"") and None,
    "no tar": lambda file: file.write_bytes(b"x" * 10_240) and None,
    "no manifest": lambda file: rewrite(file, {}, drop=archive.MANIFEST),
    "no dump": lambda file: rewrite(file, {}, drop=archive.DUMP, keep_checksums=False),
    "a file missing": lambda file: rewrite(file, {}, drop="media/ab/photo.jpg"),
    "a file more": lambda file: rewrite(file, {}, more=(info("media/more", 1), b"x")),
    "a file twice": lambda file: rewrite(file, {}, more=(info("media/ab/photo.jpg", 1), b"x")),
    "a manifest that is none": lambda file: rewrite(file, {archive.MANIFEST: b'{"format": 1}'}),
    "a path upwards": lambda file: rewrite(file, {}, more=(info("media/../../evil", 1), b"x")),
    "a path upwards at the end": lambda file: rewrite(file, {}, more=(info("media/a/.."), b"")),
    "a whole path": lambda file: rewrite(file, {}, more=(info("/tmp/evil", 1), b"x")),
    "a path beside": lambda file: rewrite(file, {}, more=(info("postgres/evil", 1), b"x")),
    "an empty part": lambda file: rewrite(file, {}, more=(info("media//tmp/evil", 1), b"x")),
    "a link": lambda file: rewrite(file, {}, more=(info("media/link", kind=tarfile.SYMTYPE, target="/etc"), b"")),
    "a hard link": lambda file: rewrite(
        file, {}, more=(info("media/l", kind=tarfile.LNKTYPE, target="/etc/passwd"), b"")
    ),
    "a device": lambda file: rewrite(file, {}, more=(info("media/device", kind=tarfile.CHRTYPE), b"")),
    "a folder": lambda file: rewrite(file, {}, more=(info("media/folder", kind=tarfile.DIRTYPE), b"")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_hostile_archive_is_refused(made: Path, damage: str) -> None:
    DAMAGES[damage](made)
    with pytest.raises(BackupRefused):
        archive.verify(made)


def test_a_manifest_without_end_is_refused(tmp_path: Path) -> None:
    huge = info(archive.MANIFEST, 10**12)
    (tmp_path / "hub.backup").write_bytes(huge.tobuf() + b"{" * 10_240)
    with pytest.raises(BackupRefused, match="too long"):
        archive.verify(tmp_path / "hub.backup")


def test_another_format_is_refused_by_its_number(tmp_path: Path) -> None:
    content = b'{"format": 2, "made_at": "2026-01-01T00:00:00Z", "allmende": "9", "postgresql": "18", "base_url": "",'
    content += b'"media_url": null, "migrations": {}, "rows": {}}'
    with tarfile.open(tmp_path / "hub.backup", "w") as tar:
        tar.addfile(info(archive.MANIFEST, len(content)), io.BytesIO(content))
    with pytest.raises(BackupRefused, match="has format 2"):
        archive.verify(tmp_path / "hub.backup")
