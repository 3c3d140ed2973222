"""Where the files of media are kept: a folder, or a store that speaks S3. Names are made here and nowhere else: 128
random bits, so that nobody finds a medium who was not shown it (cases 76, 82)."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec

from node.settings import Settings
from schemas.limits import COPY_WIDTHS, COPY_WIDTHS_ICON, MEDIA_CHUNK_BYTES

NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}(-preview|-w[0-9]{2,4})?\.[a-z0-9]{2,4}", re.ASCII)
INCOMING = "incoming/"
PREVIEW = "-preview"
RANDOM_BYTES = 16
UNFINISHED = ".unfinished-"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is there."""

    name: str
    size: int
    modified: datetime


class Storage(Protocol):
    """Files by name. Every method may take long; none of them blocks the loop."""

    async def put(self, name: str, file: Path) -> None:
        """Keep a copy of `file`; it is there whole or not at all, also when the power goes."""
        ...

    async def fetch(self, name: str, file: Path) -> None:
        """Copy to the new `file`. Raises FileNotFoundError."""
        ...

    async def remove(self, names: Iterable[str]) -> None:
        """Remove what is there of these."""
        ...

    async def find(self, name: str) -> Kept | None:
        """What is known of a file, if it is there."""
        ...

    def local(self, name: str) -> Path | None:
        """Where it lies on this machine, if it does."""
        ...

    def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, piece by piece."""
        ...

    def list_all(self) -> AsyncIterator[list[Kept]]:
        """Everything that is there, in lots."""
        ...


def storage_of(settings: Settings) -> Storage:
    """The store that the settings name. Raises SettingsError where it is S3 and its library is not installed."""
    if settings.media_folder is not None:
        return FolderStorage(settings.media_folder)
    return _objects(settings.media_url or "")


def new_name() -> str:
    """A name without ending that nobody can guess."""
    number = secrets.token_hex(RANDOM_BYTES)
    return f"{number[:2]}/{number[2:]}"


def copy_of(path: str, width: int, ending: str = "webp") -> str:
    """Under which name the smaller copy of a picture is kept; templates make its address in the same way."""
    return f"{path.rpartition('.')[0]}-w{width}.{ending}"


def with_copies(names: Iterable[str]) -> list[str]:
    """The names with those of all copies there may be of each."""
    made = [(width, "webp") for width in COPY_WIDTHS_ICON]
    made += [(width, ending) for width in COPY_WIDTHS for ending in ("webp", "avif")]
    return [name for one in names for name in (one, *(copy_of(one, *copy) for copy in made))]


def incoming_name(medium_id: int) -> str:
    """Where an upload waits until it is processed; never served."""
    return f"{INCOMING}{medium_id}"


@cache
def _objects(url: str) -> Storage:
    from node.media.objects import ObjectStorage  # noqa: PLC0415 - an optional library

    return ObjectStorage(url)


class FolderStorage:
    """A folder of this machine, in 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, file: Path) -> None:
        """Copy beside its place, write out, rename, and write out the folder: a crash leaves all or nothing."""
        await asyncio.to_thread(self._put, name, file)

    async def fetch(self, name: str, file: Path) -> None:
        """Copy out. Raises FileNotFoundError."""
        await asyncio.to_thread(shutil.copyfile, self._folder / name, file)

    async def remove(self, names: Iterable[str]) -> None:
        """Unlink what is there."""
        await asyncio.to_thread(self._remove, tuple(names))

    async def find(self, name: str) -> Kept | None:
        """Size and time of a file."""
        return await asyncio.to_thread(self._kept, self._folder / name)

    def local(self, name: str) -> Path | None:
        """The path."""
        return self._folder / name

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Part of a file."""
        with await asyncio.to_thread((self._folder / name).open, "rb") as file:
            file.seek(start)
            while start < end and (piece := await asyncio.to_thread(file.read, min(end - start, MEDIA_CHUNK_BYTES))):
                start += len(piece)
                yield piece

    async def list_all(self) -> AsyncIterator[list[Kept]]:
        """One lot for each subfolder."""
        for folder in await asyncio.to_thread(self._folders):
            yield await asyncio.to_thread(self._list, folder)

    def _put(self, name: str, file: Path) -> None:
        place = self._folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=place.parent)
        try:
            with open(handle, "wb") as target, file.open("rb") as source:
                shutil.copyfileobj(source, target, MEDIA_CHUNK_BYTES)
                target.flush()
                os.fsync(target.fileno())
            os.replace(unfinished, place)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _write_out(place.parent)
        _write_out(place.parent.parent)

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def _folders(self) -> list[Path]:
        with suppress(FileNotFoundError):
            return sorted(path for path in self._folder.iterdir() if path.is_dir())
        return []

    def _list(self, folder: Path) -> list[Kept]:
        return [kept for path in folder.iterdir() if (kept := self._kept(path))]

    def _kept(self, path: Path) -> Kept | None:
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        name = path.relative_to(self._folder).as_posix()
        return Kept(name=name, size=found.st_size, modified=datetime.fromtimestamp(found.st_mtime, tz=UTC))


def _write_out(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
