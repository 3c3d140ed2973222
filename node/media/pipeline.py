"""The one way of every file: a folder of its own, a look at its bytes, made anew, kept under a random name.

Nothing here touches the database, so no transaction waits for it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from node.media.copies import NO_COPIES, Copies
from node.media.kinds import Found, recognise
from node.media.storage import PREVIEW as PREVIEW_MARK
from node.media.storage import Storage, copy_of, new_name
from node.media.task import ORIGINAL, PREVIEW, SOURCE, Made, copy_name
from node.media.workshop import Workshop
from node.store.files.media import Processed
from schemas.limits import MEDIA_HEAD_BYTES, SIDE_IMAGE
from schemas.media_types import EXTENSIONS, MediumKind

WORKPLACE = "allmende-media-"


@asynccontextmanager
async def workplace() -> AsyncIterator[Path]:
    """An empty folder for one file, gone afterwards."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=WORKPLACE))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def sweep_workplaces(age: timedelta) -> None:
    """Remove the folders of processes that were killed at their work; those of other users stay."""
    await asyncio.to_thread(_sweep, time.time() - age.total_seconds())


def _sweep(before: float) -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{WORKPLACE}*"):
        with suppress(OSError):
            if folder.lstat().st_mtime < before and not folder.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)


async def look_at(file: Path, name: str = "") -> Found:
    """What a file is; `name` is what its sender calls it. Raises MediaRefused."""
    head, size = await asyncio.to_thread(_head, file)
    return recognise(head, size, name)


async def process(
    workshop: Workshop,
    storage: Storage,
    folder: Path,
    found: Found,
    *,
    name: str | None = None,
    side: int = SIDE_IMAGE,
    convert: bool = True,
    copies: Copies = NO_COPIES,
) -> Processed:
    """Make of SOURCE in `folder` what we show, and keep it. Raises MediaRefused.

    `name`: under which it was kept before; `side`, `convert` and `copies` as in `Task`. Moving pictures become films in
    posts, not on portraits and banners. A document is kept as it is: it is only ever given away to be saved.
    """
    name = name or new_name()
    if found.kind == "document":
        path = f"{name}.{EXTENSIONS[found.media_type]}"
        await storage.put(path, folder / SOURCE)
        size = (folder / SOURCE).stat().st_size
        return Processed(path=path, media_type=found.media_type, kind="document", bytes=size)
    made = await workshop.make(found, folder, side=side, convert=convert, loop=side == SIDE_IMAGE, copies=copies)
    path = f"{name}.{EXTENSIONS[made.media_type]}"
    kept = {path: folder / ORIGINAL}
    kept |= {copy_of(path, width, ending): folder / copy_name(width, ending) for width, ending in made.copies}
    preview = f"{name}{PREVIEW_MARK}.{EXTENSIONS[made.preview]}" if made.preview else None
    if preview:
        kept[preview] = folder / PREVIEW
    size = sum(file.stat().st_size for file in kept.values())
    for stored, file in kept.items():
        await storage.put(stored, file)
    return Processed(
        path=path,
        preview_path=preview,
        widths=made.widths,
        avif=made.avif,
        media_type=made.media_type,
        kind=_kind(made),
        bytes=size,
        width=made.width,
        height=made.height,
        duration_ms=made.duration_ms,
        blurhash=made.blurhash,
        silent=made.silent,
    )


def _kind(made: Made) -> MediumKind:
    if made.media_type.startswith("image/"):
        return "image"
    return "video" if made.media_type.startswith("video/") else "audio"


def _head(file: Path) -> tuple[bytes, int]:
    with file.open("rb") as opened:
        return opened.read(MEDIA_HEAD_BYTES), file.stat().st_size
