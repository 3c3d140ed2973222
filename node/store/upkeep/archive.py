"""The file format of a back-up: a plain tar with `database.dump` (compressed by pg_dump), the media files under
`media/` and, last, `manifest.json` with the checksum of all of them: a file that was cut off has none.
Reading trusts nothing: every name, kind, size and checksum is judged before anything is written."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from node.store.errors import BackupRefused
from schemas.limits import BACKUP_CHUNK_BYTES, BACKUP_MANIFEST_BYTES

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
WORKSHOP = ".allmende-"  # how folders of unfinished files begin
MEDIA = "media/"
SAFE_PATH = re.compile(r"media/(?!\.\.?(/|$))[^/\\\x00]+(/(?!\.\.?(/|$))[^/\\\x00]+)*")


class Contained(msgspec.Struct, frozen=True, kw_only=True):
    """What the manifest says of one file."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a back-up holds, of which hub and from when. `rows`: how many each table has; `media_url`: where media are
    that the back-up does not hold."""

    format: int = FORMAT
    made_at: datetime
    allmende: str
    postgresql: str
    base_url: str
    media_url: str | None
    migrations: dict[str, str]
    rows: dict[str, int]
    files: dict[str, Contained] = {}


def write(target: Path, manifest: Manifest, dump: Path, media: Path | None) -> Manifest:
    """Write the archive, only its owner may read it since it holds keys, and flush it to the disk. Returns the
    manifest with its files. Media that vanish meanwhile are left out."""
    files: dict[str, Contained] = {}
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        files[DUMP] = _add(tar, DUMP, dump)
        for path in _media_files(media):
            name = MEDIA + path.relative_to(media or path).as_posix()
            try:
                files[name] = _add(tar, name, path)
            except FileNotFoundError:
                continue
        manifest = msgspec.structs.replace(manifest, files=files)
        content = msgspec.json.format(msgspec.json.encode(manifest))
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
        tar.close()
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def verify(file: Path) -> Manifest:
    """Read the whole archive and return its manifest. Raises BackupRefused unless it holds exactly what its manifest
    says, in plain files with harmless names."""
    found: dict[str, Contained] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, mode="r:") as tar:
            for member in tar:
                _check_member(member, found)
                if member.name == MANIFEST:
                    manifest = _read_manifest(tar, member)
                    found[MANIFEST] = Contained(size=member.size, sha256="")
                else:
                    found[member.name] = _digest(_content(tar, member))
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupRefused(f"{file} cannot be read as a back-up: {error}.") from error
    if manifest is None:
        raise BackupRefused(f"{file} is not a whole back-up: its list of contents is missing.")
    del found[MANIFEST]
    wrong = sorted(name for name in found.keys() | manifest.files if found.get(name) != manifest.files.get(name))
    if wrong or DUMP not in found:
        raise BackupRefused(f"{file} is damaged: {', '.join(wrong[:3]) or DUMP} is not what the back-up's list says.")
    return manifest


def extract(file: Path, dump: Path, media: Path) -> None:
    """Write the contents of a verified archive to the new file `dump` and into the new folder `media`."""
    media.mkdir(parents=True)
    with tarfile.open(file, mode="r:") as tar:
        for member in tar:
            _check_member(member, {})
            if member.name == MANIFEST:
                continue
            target = dump if member.name == DUMP else media / member.name.removeprefix(MEDIA)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as sink:
                shutil.copyfileobj(_content(tar, member), sink, BACKUP_CHUNK_BYTES)
    os.sync()


def _check_member(member: tarfile.TarInfo, found: dict[str, Contained]) -> None:
    if not member.isreg() or member.issparse():
        raise BackupRefused(f"The back-up holds {member.name!r}, which is no plain file.")
    if member.name not in (DUMP, MANIFEST) and not SAFE_PATH.fullmatch(member.name):
        raise BackupRefused(f"The back-up holds {member.name!r}, which has no place in a back-up.")
    if member.name in found:
        raise BackupRefused(f"The back-up holds {member.name!r} twice.")
    if member.name == MANIFEST and member.size > BACKUP_MANIFEST_BYTES:
        raise BackupRefused("The back-up's list of contents is too long.")


def _read_manifest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    try:
        manifest = msgspec.json.decode(_content(tar, member).read(), type=Manifest)
    except msgspec.DecodeError as error:
        raise BackupRefused(f"The back-up's list of contents cannot be read: {error}.") from error
    if manifest.format != FORMAT:
        raise BackupRefused(f"The back-up has format {manifest.format}; this version of Allmende reads {FORMAT}.")
    return manifest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content  # noqa: S101 (a plain file has one)
    return content


def _digest(content: IO[bytes]) -> Contained:
    digest = hashlib.sha256()
    size = 0
    while chunk := content.read(BACKUP_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return Contained(size=size, sha256=digest.hexdigest())


def _media_files(media: Path | None) -> Iterator[Path]:
    """Plain files only: a link could lead out of the folder."""
    for folder, _, names in os.walk(media) if media else ():
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> Contained:
    with path.open("rb") as content:
        reader = _Hashing(content)
        info = tarfile.TarInfo(name)
        info.size = os.fstat(content.fileno()).st_size
        info.mtime = int(os.fstat(content.fileno()).st_mtime)
        tar.addfile(info, reader)
    return Contained(size=info.size, sha256=reader.digest.hexdigest())


class _Hashing(io.RawIOBase):
    """Hashes what is read through it, so that each file is read once."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._content.read(size)
        self.digest.update(chunk)
        return chunk
