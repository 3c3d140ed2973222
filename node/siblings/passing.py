"""Processes of one node pass on what arrived: each actor's activities go to the one that has that actor's in work.

Every process has a socket in a folder that only this node's user can open, and a line to every other. What is on a line
is leased to its reader already; should it be lost with a process, whoever lives gives its lease back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import structlog

from schemas.limits import PASSED_ON_BYTES
from schemas.records import Arrival

Take = Callable[[Sequence[Arrival]], None]

_LENGTH = 4
_BROKEN = (OSError, EOFError, msgspec.DecodeError)

_log = structlog.get_logger("node.siblings")


class Siblings:
    """The lines of one working process to the others, by worker."""

    def __init__(self, worker: int, take: Take) -> None:
        self._worker = worker
        self._take = take
        self._lines: dict[int, asyncio.StreamWriter] = {}
        self._readers: set[asyncio.Task[None]] = set()

    @property
    def workers(self) -> tuple[int, ...]:
        """Those to whom something can be passed on now."""
        return tuple(worker for worker, line in self._lines.items() if _has_room(line))

    def pass_on(self, worker: int, leased: Sequence[Arrival]) -> bool:
        """Give a worker what is leased to it; whether its line was there to take it."""
        line = self._lines.get(worker)
        if line is None or line.is_closing():
            return False
        _write(line, msgspec.msgpack.encode(leased))
        return True

    @asynccontextmanager
    async def meeting(self, folder: Path | None) -> AsyncIterator[None]:
        """Be there for the others that meet in this folder, for as long as the block lasts. Without one, or where no
        socket can be made in it (it was tidied away, is full, or has too long a path), stay alone: that is only
        slower."""
        server = await self._met(folder) if folder else None
        try:
            yield
        finally:
            if server is not None:
                server.close()
            for line in self._lines.values():
                line.close()
            await asyncio.gather(*self._readers, return_exceptions=True)

    async def _met(self, folder: Path) -> asyncio.AbstractServer | None:
        place = folder / str(self._worker)
        try:
            server = await asyncio.start_unix_server(self._greeted, place)
            others = _others(folder, place)
        except OSError as error:
            _log.warning("alone", error=str(error), do=f"Let the node make sockets in {folder}, then start it anew.")
            return None
        for other in others:
            await self._greet(other)
        return server

    async def _greet(self, place: Path) -> None:
        """Open a line to a worker, if it lives."""
        try:
            reader, writer = await asyncio.open_unix_connection(place)
        except OSError:
            return
        _write(writer, msgspec.msgpack.encode(self._worker))
        reading = asyncio.create_task(self._read(int(place.name), reader, writer))
        self._readers.add(reading)
        reading.add_done_callback(self._readers.discard)

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*_BROKEN):
            other = msgspec.msgpack.decode(await _frame(reader), type=int)
            await self._read(other, reader, writer)

    async def _read(self, other: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines[other] = writer
        try:
            while True:
                self._take(msgspec.msgpack.decode(await _frame(reader), type=list[Arrival]))
        except _BROKEN as error:
            _log.debug("a line to another process ended", worker=other, kind=type(error).__name__)
        finally:
            if self._lines.get(other) is writer:
                del self._lines[other]
            writer.close()


def _others(folder: Path, own: Path) -> list[Path]:
    return [place for place in folder.iterdir() if place != own]


def _has_room(line: asyncio.StreamWriter) -> bool:
    return not line.is_closing() and line.transport.get_write_buffer_size() < PASSED_ON_BYTES


def _write(line: asyncio.StreamWriter, message: bytes) -> None:
    line.write(len(message).to_bytes(_LENGTH) + message)


async def _frame(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(_LENGTH)))
