"""Media in a store that speaks S3, by the optional library obstore.

`ALLMENDE_MEDIA_URL=s3://bucket/prefix?endpoint=https://s3.example&region=eu-1`; the keys come from the environment
under their usual names, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from node.media.storage import Kept
from node.settings import SettingsError
from schemas.limits import MEDIA_CHUNK_BYTES

MISSING = (
    "ALLMENDE_MEDIA_URL names an object store, but the library for it is not installed: install allmende[s3], "
    "or keep media in a folder (file:/…)."
)


class ObjectStorage:
    """`store`: an obstore store instead of the one that `url` names."""

    def __init__(self, url: str, store: Any = None) -> None:
        try:
            self._obstore = import_module("obstore")
            from_url = import_module("obstore.store").from_url
        except ImportError as error:
            raise SettingsError(MISSING) from error
        self._store = store
        if store is None:
            parts = urlsplit(url)
            options: Any = dict(parse_qsl(parts.query))
            self._store = from_url(parts._replace(query="").geturl(), **options)

    async def put(self, name: str, file: Path) -> None:
        """Send a file; the store makes it appear whole."""
        await self._obstore.put_async(self._store, name, file)

    async def fetch(self, name: str, file: Path) -> None:
        """Receive a file. Raises FileNotFoundError."""
        found = await self._obstore.get_async(self._store, name)
        with await asyncio.to_thread(file.open, "xb") as target:
            async for piece in found.stream(MEDIA_CHUNK_BYTES):
                await asyncio.to_thread(target.write, bytes(piece))

    async def remove(self, names: Iterable[str]) -> None:
        """Delete what is there."""
        for name in names:
            try:
                await self._obstore.delete_async(self._store, name)
            except FileNotFoundError:
                continue

    async def find(self, name: str) -> Kept | None:
        """Size and time of an object."""
        try:
            found = await self._obstore.head_async(self._store, name)
        except FileNotFoundError:
            return None
        return _kept(found)

    def local(self, name: str) -> Path | None:
        """Nothing is on this machine."""
        return None

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Part of an object."""
        while start < end:
            piece = await self._obstore.get_range_async(
                self._store, name, start=start, end=min(end, start + MEDIA_CHUNK_BYTES)
            )
            start += len(piece)
            yield bytes(piece)

    async def list_all(self) -> AsyncIterator[list[Kept]]:
        """In the lots that the store gives."""
        async for lot in self._obstore.list(self._store):
            yield [_kept(one) for one in lot]


def _kept(found: Any) -> Kept:
    return Kept(name=found["path"], size=found["size"], modified=found["last_modified"])
