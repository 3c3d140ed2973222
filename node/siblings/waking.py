"""Tell workers, here and in other processes, that there is something to do: at once here, gathered for the others."""

from __future__ import annotations

import asyncio

import structlog

from node.store import happenings
from node.store.db import is_away
from node.store.listen import Listener
from node.store.pool import Database
from schemas.limits import POLL_SECONDS, WAKE_SECONDS

WORK, ARRIVALS, NEWS = "allmende_work", "allmende_arrivals", "allmende_news"

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

    @property
    def rung(self) -> bool:
        """Whether the next wait will end at once."""
        return self._rung.is_set()

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
    """Rings the bells of this process at once, and those of the others by one NOTIFY per WAKE_SECONDS at most.

    Arrivals have a channel of their own: each of them ends in a commit, and that is no news to those who take arrivals.
    Most of them leave nothing to do, but are news to streams.
    """

    def __init__(self, database: Database, listener: Listener) -> None:
        self._database = database
        self._bells: dict[str, list[Bell]] = {WORK: [], ARRIVALS: [], NEWS: []}
        self._called: set[str] = set()
        self._call = asyncio.Event()
        for channel in self._bells:
            listener.subscribe(channel, lambda _, channel=channel: self._ring(channel))  # type: ignore[misc]

    def bell(self, channel: str = WORK) -> Bell:
        """A new bell for a loop of this process."""
        self._bells[channel].append(Bell())
        return self._bells[channel][-1]

    def wake(self) -> None:
        """Something was committed that somebody must deliver or do, or wants to know."""
        self._wake(WORK)
        self._wake(NEWS)

    def wake_for_news(self) -> None:
        """Something was committed that somebody wants to know, and nobody has to do anything about it."""
        self._wake(NEWS)

    def wake_for_arrivals(self) -> None:
        """Something arrived."""
        self._wake(ARRIVALS)

    async def run(self) -> None:
        """Send what was called, for the life of the process. If the database is away, the others poll."""
        while True:
            await self._call.wait()
            await asyncio.sleep(WAKE_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Send at once what was called: a command that ends must not take its call with it."""
        called, self._called = self._called, set()
        self._call.clear()
        if not called:
            return
        try:
            async with self._database.pool.acquire() as db:
                await happenings.announce(db, called)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("nobody was woken", kind=type(error).__name__)

    def _wake(self, channel: str) -> None:
        self._ring(channel)
        self._called.add(channel)
        self._call.set()

    def _ring(self, channel: str) -> None:
        for bell in self._bells[channel]:
            bell.ring()
