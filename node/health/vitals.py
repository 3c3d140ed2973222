"""A look, every few seconds, at what a node needs besides its database: room on the disk, a steady clock, names."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from node.health.names import Names
from node.health.troubles import Troubles
from node.settings import Settings
from node.store.db import is_away
from node.store.pool import Database
from node.store.upkeep import room
from schemas.limits import CLOCK_CALM_SECONDS, CLOCK_WARN_SECONDS, DISK_STOP_BYTES, VITALS_SECONDS

_log = structlog.get_logger("node.vitals")


class Clock:
    """Notices that the clock was set. `now` is the time of day, `steady` goes on whatever happens to it."""

    def __init__(
        self, troubles: Troubles, now: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._troubles, self._now, self._steady = troubles, now, steady
        self._offset = now() - steady()
        self._calm = 0.0

    def look(self) -> bool:
        """Compare both; whether it jumped. After CLOCK_CALM_SECONDS the new time is the usual one."""
        offset = self._now() - self._steady()
        jumped = abs(offset - self._offset) >= CLOCK_WARN_SECONDS
        if jumped:
            if self._troubles.has("clock"):
                _log.warning("clock set again", seconds=round(offset - self._offset))
            self._troubles.begin("clock", seconds=round(offset - self._offset))
            self._calm = self._steady() + CLOCK_CALM_SECONDS
        elif self._troubles.has("clock") and self._steady() >= self._calm:
            self._troubles.end("clock")
        self._offset = offset
        return jumped


class Disk:
    """Notices that the disks of data and media are full, and that the database's is: only it knows where that is."""

    def __init__(self, troubles: Troubles, settings: Settings, database: Database) -> None:
        self._troubles, self._database = troubles, database
        self._folders = [one for one in (settings.data, settings.media_folder) if one is not None]

    async def look(self) -> None:
        """Trouble begins with too little room here, or was begun by an error of the database; it ends when there is
        room everywhere."""
        free = min(room_at(folder) for folder in self._folders)
        if free < DISK_STOP_BYTES:
            self._troubles.begin("disk", free_bytes=free)
        elif self._troubles.has("disk") and await self._takes_more():
            self._troubles.end("disk")

    async def _takes_more(self) -> bool:
        try:
            async with self._database.pool.acquire() as db:
                await room.try_to_write(db)
        except Exception as error:
            if not is_away(error):
                raise
            return False
        return True


def room_at(folder: Path) -> int:
    """Bytes that may still be written to this folder, or to the one in which it will be made."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    found = os.statvfs(there)
    return found.f_bavail * found.f_frsize


def memory_held() -> int:
    """Bytes of memory this process holds, with what it shares; none where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


Then = Callable[[], Awaitable[None]]


async def keep_looking(clock: Clock, disk: Disk, names: Names, *, jumped: Then, named: Then) -> None:
    """For the life of the process; `jumped` is called after the clock was set, `named` when names are back."""
    while True:
        try:
            if clock.look():
                await jumped()
            await disk.look()
            await names.look_again()
            if names.are_back():
                await named()
        except Exception as error:  # looking must not end because of what it sees
            if not is_away(error):
                _log.error("looking failed", kind=type(error).__name__, exc_info=error)
        await asyncio.sleep(VITALS_SECONDS)
