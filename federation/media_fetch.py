"""Fetch a remote file (picture, sound, film) to a file of ours, bounded in bytes and time; nobody looks at it here."""

import asyncio
from pathlib import Path

import msgspec

from federation.client import GuardedClient, Outgoing
from federation.outcomes import check_ok
from schemas.limits import MEDIA_BYTES, MEDIA_SECONDS


class FetchedMedia(msgspec.Struct, frozen=True, kw_only=True):
    """What arrived. `content_type` is the peer's claim: decide by the bytes."""

    url: str
    size: int
    content_type: str


async def fetch_media(client: GuardedClient, url: str, path: Path, *, max_bytes: int = MEDIA_BYTES) -> FetchedMedia:
    """Stream the file at `url` into `path`, which must not exist yet; on any failure nothing is left there.

    Unsigned: media have no audience. Raises FetchRefused, FetchFailed, FetchGone, and OSError for our own disk.
    """
    request = Outgoing(
        url=url, headers={"Accept": "*/*", "Accept-Encoding": "identity"}, max_bytes=max_bytes, seconds=MEDIA_SECONDS
    )
    async with client.send(request) as incoming:
        check_ok(incoming.status, incoming.headers.get("Retry-After", ""))
        file = await asyncio.to_thread(path.open, "xb")
        size = 0
        try:
            async for piece in incoming.chunks():
                size += await asyncio.to_thread(file.write, piece)
        except BaseException:
            path.unlink()  # noqa: ASYNC240 - a moment, and it must happen when cancelled too
            raise
        finally:
            file.close()
        return FetchedMedia(url=incoming.url, size=size, content_type=incoming.headers.get("Content-Type", ""))
