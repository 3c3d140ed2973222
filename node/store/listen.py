"""Hear what other processes tell through the database (NOTIFY), over one direct connection that restores itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
import structlog

from node.store.db import Db
from node.store.errors import StoreError
from node.store.pool import Database
from schemas.limits import (
    DATABASE_ANSWER_SECONDS,
    DATABASE_PULSE_SECONDS,
    LISTENER_RETRY_SECONDS,
)

Callback = Callable[[str], None]

FIRST_RETRY_SECONDS = 0.05
LOST = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.TargetServerAttributeNotMatched,
    StoreError,
    TimeoutError,
)


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """How the database answered: its clock, and whether it is a standby, which takes nothing new. `first`: over this
    connection."""

    now: datetime
    standby: bool
    first: bool = False


Feel = Callable[[Pulse | None], None]

log = structlog.get_logger()


class Listener:
    """Calls back for each notification on the channels subscribed to. What is told while the connection is away is
    lost, so each callback is also called, with an empty payload, whenever listening begins (again): a notification
    means "look", never "this is what happened". Callbacks run in the event loop and must not block.

    As it is always there, it also feels the database's pulse: `feel` is called with each answer, and with None when
    the connection is lost and there is no new one within DATABASE_ANSWER_SECONDS."""

    def __init__(self, database: Database, feel: Feel | None = None) -> None:
        self._database = database
        self._feel = feel or (lambda _: None)
        self._callbacks: dict[str, list[Callback]] = {}
        self._stir = asyncio.Event()

    def subscribe(self, channel: str, callback: Callback) -> Callable[[], None]:
        """Call back from now on, before or while the listener runs; call what is returned to end that."""
        self._callbacks.setdefault(channel, []).append(callback)
        self._stir.set()
        return lambda: self._callbacks[channel].remove(callback)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen for as long as the block lasts."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def run(self) -> None:
        """Listen for ever, connecting again whenever the connection is lost, later and later while that fails."""
        wait = FIRST_RETRY_SECONDS
        clock = asyncio.get_running_loop()
        away: asyncio.TimerHandle | None = None
        while True:
            try:
                async with self._database.direct() as db:
                    pulse = await _pulse(db, first=True)
                    wait = FIRST_RETRY_SECONDS
                    if away is not None:
                        away.cancel()
                        away = None
                    self._feel(pulse)
                    await self._listen(db)
            except LOST as error:
                log.warning("listening_interrupted", error=str(error) or type(error).__name__)
            away = away or clock.call_later(DATABASE_ANSWER_SECONDS, self._feel, None)
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 (so that not all come back at once)
            wait = min(wait * 2, LISTENER_RETRY_SECONDS)

    async def _listen(self, db: Db) -> None:
        """Keep listening on all channels until the connection is closed, or does not answer when it is asked."""
        db.add_termination_listener(lambda _: self._stir.set())
        heard: set[str] = set()
        while not db.is_closed():
            self._stir.clear()
            for channel in self._callbacks.keys() - heard:
                await db.add_listener(channel, self._hear)
                heard.add(channel)
                self._call(channel, "")
            try:
                await asyncio.wait_for(self._stir.wait(), DATABASE_PULSE_SECONDS)
            except TimeoutError:
                pulse = await _pulse(db)
                self._feel(pulse)
                if pulse.standby:
                    return  # where there are several hosts, another one takes what is new

    def _hear(self, _db: Any, _pid: int, channel: str, payload: object) -> None:
        self._call(channel, str(payload))

    def _call(self, channel: str, payload: str) -> None:
        for callback in tuple(self._callbacks.get(channel, ())):
            callback(payload)


async def _pulse(db: Db, *, first: bool = False) -> Pulse:
    row = await db.fetchrow(
        "SELECT clock_timestamp() AS now, pg_is_in_recovery() AS standby", timeout=DATABASE_ANSWER_SECONDS
    )
    return Pulse(**row, first=first)
