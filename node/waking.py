"""Tell workers, here and in other processes, that there is something to do: at once here, gathered for the others."""

from __future__ import annotations

import asyncio

import structlog

from node.store import happenings
from node.store.db import is_away
from node.store.listen import Listener
from node.store.pool import Database
from schemas.limits import POLL_SECONDS, WAKE_SECONDS

CHANNEL = "allmende_work"

_log = structlog.get_logger("node.waking")


class Bell:
    """What one working loop hears. A ring during work is not lost: the next wait ends at once."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.stopped = False
        """Take nothing new; end what is under way."""

    def ring(self) -> None:
        """There is something to do."""
        self._rung.set()

    def stop(self) -> None:
        """The process is about to end."""
        self.stopped = True
        self._rung.set()

    async def wait(self, seconds: float = POLL_SECONDS) -> None:
        """Until somebody rings, or so long; then a moment more, so that many rings are one."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
        if not self.stopped:
            await asyncio.sleep(WAKE_SECONDS)
            self._rung.clear()


class Waker:
    """Rings all bells of this process at once, and those of the others by one NOTIFY per WAKE_SECONDS at most."""

    def __init__(self, database: Database, listener: Listener) -> None:
        self._database = database
        self._bells: list[Bell] = []
        self._called = asyncio.Event()
        listener.subscribe(CHANNEL, lambda _: self._ring())

    def bell(self) -> Bell:
        """A new bell for a loop of this process."""
        self._bells.append(Bell())
        return self._bells[-1]

    def wake(self) -> None:
        """Something was committed that somebody must work on."""
        self._ring()
        self._called.set()

    async def run(self) -> None:
        """Send what was called, for the life of the process. If the database is away, the others poll."""
        while True:
            await self._called.wait()
            await asyncio.sleep(WAKE_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Send at once what was called: a command that ends must not take its call with it."""
        if not self._called.is_set():
            return
        self._called.clear()
        try:
            async with self._database.pool.acquire() as db:
                await happenings.announce(db, CHANNEL)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("nobody was woken", kind=type(error).__name__)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.ring()
