"""The files of media, as they were made here: a fixed type, no scripts, no sniffing, kept by browsers for a year.

A file of another server that nobody looked at for long is not here any more; asking for it has it fetched again."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from aiohttp import web

from federation.addresses import host_of
from node.errors import NodeError, NotFound
from node.media.storage import NAME, PREVIEW, Storage, copy_of, storage_of
from node.remote import may_fetch
from node.store.files import media
from node.web.handlers import reading, writing
from node.web.keys import NODE, SETTINGS
from schemas.limits import MEDIA_USED_SECONDS
from schemas.media_types import EXTENSIONS
from schemas.records import Medium

POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'; sandbox"
TYPES = {ending: media_type for media_type, ending in EXTENSIONS.items()}
YEAR = "public, max-age=31536000, immutable"


class OnItsWay(NodeError):
    """It is being fetched."""

    status = 503
    message = "This picture is being fetched. Please try again in a moment."


class NoSuchPart(NodeError):
    """A range that the file does not have."""

    status = 416
    message = "The file has no such part."


async def show_medium(request: web.Request) -> web.StreamResponse:
    """/media/{path}, whole or in part (RFC 9110, 14)."""
    path = request.match_info["path"]
    medium = await _find(request, path)
    if medium.path and path not in _names(medium):
        path = medium.path  # an avatar that has no smaller copies
    storage = storage_of(request.app[SETTINGS])
    kept = None if medium.evicted_at else await storage.find(path)
    if kept is None:
        await _ask_again(request, medium)
        raise NotFound
    await _note_use(request, medium)
    headers = _headers(path, medium)
    if (file := storage.local(path)) is not None:
        return web.FileResponse(file, headers=headers)
    return await _stream(request, storage, path, kept.size, headers)


def _names(medium: Medium) -> list[str | None]:
    endings = ("webp", "avif") if medium.avif else ("webp",)
    copies = [copy_of(medium.path or "", width, ending) for width in medium.widths for ending in endings]
    return [medium.path, medium.preview_path, *copies]


async def _find(request: web.Request, path: str) -> Medium:
    if not NAME.fullmatch(path):
        raise NotFound
    async with reading(request) as db:
        medium = await media.find_by_path(db, path)
    if medium is None or (medium.remote_url and not may_fetch(request.app[NODE], medium.remote_url)):
        raise NotFound
    return medium


async def _ask_again(request: web.Request, medium: Medium) -> None:
    if medium.remote_url is None:
        return
    async with writing(request) as db:
        await media.note_missing(db, medium.id)
        await media.ask_for(db, medium.id, host_of(medium.remote_url))
    raise OnItsWay


async def _note_use(request: web.Request, medium: Medium) -> None:
    if medium.remote_url is not None:
        async with writing(request) as db:
            await media.touch(db, medium.id, timedelta(seconds=MEDIA_USED_SECONDS))


def _headers(path: str, medium: Medium) -> dict[str, str]:
    """The type is the one the file's ending was made from. What is no picture, sound or film is only to be saved."""
    media_type = TYPES[path.rpartition(".")[2]]
    headers = {
        "Content-Type": media_type,
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": YEAR,
    }
    if medium.kind == "document" and PREVIEW not in path:
        name = medium.file_name or path.replace("/", "")
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return headers


async def _stream(
    request: web.Request, storage: Storage, path: str, size: int, headers: dict[str, str]
) -> web.StreamResponse:
    """What FileResponse does for files: one range or all of it."""
    try:
        start, end, _ = request.http_range.indices(size)
    except ValueError:
        raise NoSuchPart from None
    if size and start >= end:
        raise NoSuchPart
    whole = (start, end) == (0, size)
    response = web.StreamResponse(status=200 if whole else 206, headers=headers | {"Accept-Ranges": "bytes"})
    if not whole:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response.content_length = end - start
    await response.prepare(request)
    if request.method != "HEAD":
        async for piece in storage.read(path, start, end):
            await response.write(piece)
    await response.write_eof()
    return response
