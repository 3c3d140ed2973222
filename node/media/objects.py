"""Media in a store that speaks S3, by the optional library obstore.

`ALLMENDE_MEDIA_URL=s3://bucket/prefix?endpoint=https://s3.example&region=eu-1`; the keys come from the environment
under their usual names, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. An endpoint in the own network may be http."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import structlog

from node.errors import Overloaded
from node.media.storage import Kept
from node.observability.logs import escape
from node.settings import SettingsError
from schemas.limits import (
    AWAY_RETRY_SECONDS,
    FAILURE_CHARS,
    MEDIA_CHUNK_BYTES,
    MEDIA_STORE_RETRIES,
    MEDIA_STORE_SECONDS,
)
from schemas.reasons import msgid

MISSING = (
    "ALLMENDE_MEDIA_URL names an object store, but the library for it is not installed: install allmende[s3], "
    "or keep media in a folder (file:/…)."
)

_log = structlog.get_logger("node.media")


class StoreAway(Overloaded):
    """The store does not answer, or will not have us."""

    message = msgid("The store of pictures and films does not answer. Please try again in a moment.")


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
            plain = options.get("endpoint", "").startswith("http:")
            self._store = from_url(
                parts._replace(query="").geturl(),
                **options,
                client_options={"allow_http": plain, "timeout": timedelta(seconds=MEDIA_STORE_SECONDS)},
                retry_config={
                    "max_retries": MEDIA_STORE_RETRIES,
                    "retry_timeout": timedelta(seconds=MEDIA_STORE_SECONDS),
                },
            )

    async def put(self, name: str, file: Path) -> None:
        """Send a file; the store makes it appear whole."""
        with self._answering():
            await self._obstore.put_async(self._store, name, file)

    async def fetch(self, name: str, file: Path) -> None:
        """Receive a file. Raises FileNotFoundError."""
        with self._answering():
            found = await self._obstore.get_async(self._store, name)
            with await asyncio.to_thread(file.open, "xb") as target:
                async for piece in found.stream(MEDIA_CHUNK_BYTES):
                    await asyncio.to_thread(target.write, bytes(piece))

    async def remove(self, names: Iterable[str]) -> None:
        """Delete what is there."""
        for name in names:
            with self._answering(), suppress(FileNotFoundError):
                await self._obstore.delete_async(self._store, name)

    async def find(self, name: str) -> Kept | None:
        """Size and time of an object."""
        try:
            with self._answering():
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
            with self._answering():
                piece = await self._obstore.get_range_async(
                    self._store, name, start=start, end=min(end, start + MEDIA_CHUNK_BYTES)
                )
            start += len(piece)
            yield bytes(piece)

    async def list_all(self) -> AsyncIterator[list[Kept]]:
        """In the lots that the store gives."""
        lots = self._obstore.list(self._store)
        while True:
            with self._answering():
                lot = await anext(lots, None)
            if lot is None:
                return
            yield [_kept(one) for one in lot]

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """What goes wrong on the way to the store or in it is StoreAway; that something is not there is no trouble."""
        try:
            yield
        except FileNotFoundError:
            raise
        except self._obstore.exceptions.BaseError as error:
            _log.warning("media store away", kind=type(error).__name__, error=escape(str(error), FAILURE_CHARS))
            raise StoreAway(AWAY_RETRY_SECONDS) from error


def _kept(found: Any) -> Kept:
    return Kept(name=found["path"], size=found["size"], modified=found["last_modified"])
