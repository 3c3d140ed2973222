"""Connections to a database that outlives a test. A new one has to read PostgreSQL's catalogues and plan each statement
anew, which takes longer than most tests; so one that a test closes is put in order and kept for the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from node.store.db import Db
from node.store.pool import Database, addresses

IN_ORDER = "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL; DISCARD TEMP"
"""As a new connection is, but for what it has read and planned."""

Connect = Callable[..., Awaitable[Db]]


class Kept(asyncpg.Connection):
    """A connection that is given back where another would be closed: `keep` says whether it is wanted."""

    __slots__ = ("_codecs", "keep")

    keep: Callable[[Kept], bool]

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 (as asyncpg has it)
        """Put it in order and give it back; close one that is in no good state, or whose database is gone."""
        if self.is_closed() or self.is_in_transaction() or self._protocol._is_cancelling():
            await super().close(timeout=timeout)
            return
        try:
            await self.execute(IN_ORDER, timeout=timeout)
        except BaseException:
            self.terminate()
            raise
        self._part()
        if not self.keep(self):
            await super().close(timeout=timeout)

    async def set_type_codec(self, typename: str, **how: Any) -> None:
        """Only once: it would forget all statements."""
        known: dict[str, Any] = getattr(self, "_codecs", {})
        if known.get(typename) != how:
            await super().set_type_codec(typename, **how)
            self._codecs = known | {typename: how}

    def _part(self) -> None:
        """From the pool that had it, and from all who wanted to hear of it."""
        self._call_termination_listeners()
        self._termination_listeners.clear()
        holder, self._pool_holder = self._pool_holder and self._pool_holder(), None
        if holder is not None and holder._con is self:
            holder._release_on_close()
        self._listeners.clear()
        self._log_listeners.clear()
        self._query_loggers.clear()


class Connections:
    """Those that lie ready, by database and options. They belong to one event loop: that of the test process."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ready: dict[str, dict[str, list[Kept]]] = {}

    def through(self, connect: Connect) -> Connect:
        """Connecting as `connect`, a method of `Database`, does, but with what lies ready if there is any."""

        async def connected(database: Database, url: str, **options: Any) -> Db:
            ready = self._ready.get(url)
            if ready is None or asyncio.get_running_loop() is not self._loop:
                return await connect(database, url, **options)
            these = ready.setdefault(repr({name: options[name] for name in options if name != "loop"}), [])
            while these:
                if not (one := these.pop()).is_closed():
                    return one
            made = await connect(database, url, **options | {"connection_class": Kept})
            made.keep = lambda one: self._ready.get(url) is ready and these.append(one) is None
            return made

        return connected

    def keep_for(self, url: str) -> None:
        """From now on keep those to this database."""
        self._ready.setdefault(_address(url), {})

    def pids(self, url: str) -> list[int]:
        """Which of the server's processes belong to those that lie ready."""
        kept = (one for these in self._ready.get(_address(url), {}).values() for one in these)
        return [one.get_server_pid() for one in kept if not one.is_closed()]

    def forget(self, url: str) -> None:
        """The database is about to go."""
        for these in self._ready.pop(_address(url), {}).values():
            for one in these:
                one.terminate()


def _address(url: str) -> str:
    return addresses(url)[0]
