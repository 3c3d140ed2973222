"""All streams of one process: who listens, what happened meanwhile, and whose token is no longer good.

Each process reads the happenings for itself, woken as workers are, so any number of them serves streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from node.actions.permissions import may_act_as
from node.errors import TooMany
from node.mastodon.streaming.dispatch import dispatch
from node.mastodon.streaming.listener import Listener
from node.node import Node
from node.siblings.waking import NEWS, Bell, Waker
from node.store import happenings
from node.store.access import bearers
from node.store.access.bearers import Bearer
from node.store.db import Db, is_away
from node.store.happenings import Place
from node.web.limits import asker
from schemas.limits import (
    STREAM_BATCH,
    STREAM_CHECK_SECONDS,
    STREAM_RETRY_SECONDS,
    STREAMS,
    STREAMS_PER_ADDRESS,
    STREAMS_PER_TOKEN,
)

_log = structlog.get_logger("node.mastodon.streaming")


class Streams:
    """Put into the application by `app.py`; handlers of sockets and of server-sent events join."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._listeners: set[Listener] = set()
        self._place: Place | None = None
        """How far was read; None while nobody listens."""
        self._beginning = asyncio.Lock()

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Who listens now."""
        return tuple(self._listeners)

    @asynccontextmanager
    async def joined(self, listener: Listener) -> AsyncIterator[None]:
        """Hear of all that happens while the block lasts. TooMany where too many listen with this token, or from this
        address, or at all."""
        self._require_room(listener)
        self._listeners.add(listener)
        try:
            await self._begin()
            yield
        finally:
            listener.leave("left")
            self._listeners.discard(listener)

    def close(self) -> None:
        """The node stops: let everybody go."""
        for listener in self.listeners:
            listener.leave("stop")

    async def run(self, bell: Bell) -> None:
        """For the life of the process: read what happened whenever somebody rings, and now and then, if anybody
        listens."""
        while True:
            if not self._listeners:
                self._place = None
                await bell.wait()
                continue
            try:
                async with self._node.database.pool.acquire() as db:
                    self._place = place = self._place or await happenings.end(db)
                    batch = await happenings.list_after(db, place, STREAM_BATCH)
                    if batch:
                        self._place = Place(transaction=batch[-1].transaction, id=batch[-1].id)
                        if any(one.kind == "token.revoked" for one in batch):
                            await self._check_tokens(db)
                        await dispatch(self._node, db, self.listeners, batch)
                        continue
                    wait = STREAM_RETRY_SECONDS if await happenings.are_coming(db, place) else None
            except Exception as error:  # the edge of the process: whatever it is, streams go on
                wait = STREAM_CHECK_SECONDS
                self._say(error)
            await (bell.wait(wait) if wait else bell.wait())

    async def check(self) -> None:
        """For the life of the process: end streams whose token was revoked, or whose account or right has ended."""
        while True:
            await asyncio.sleep(STREAM_CHECK_SECONDS)
            try:
                await self.check_tokens()
            except Exception as error:  # as above
                self._say(error)

    async def check_tokens(self) -> None:
        """Look once whether the tokens of all who listen are still good; take over what has changed about them."""
        if self._listeners:
            async with self._node.database.pool.acquire() as db:
                await self._check_tokens(db)

    async def _check_tokens(self, db: Db) -> None:
        listeners = self.listeners
        good = await bearers.find_many(db, list({one.token_id for one in listeners}))
        for listener in listeners:
            bearer = good.get(listener.token_id)
            if bearer is None or bearer.viewer is None or not _still_may(bearer):
                listener.leave("token")
            else:
                listener.who = bearer.viewer

    async def _begin(self) -> None:
        """Whoever is the first to listen hears what happens from now on."""
        async with self._beginning:
            if self._place is not None:
                return
            try:
                async with self._node.database.pool.acquire() as db:
                    self._place = await happenings.end(db)
            except Exception as error:  # then from whenever it can be read again
                self._say(error)

    def _require_room(self, new: Listener) -> None:
        if len(self._listeners) >= STREAMS:
            raise TooMany(60)
        if not self._node.settings.rate_limits:
            return
        if sum(one.token_id == new.token_id for one in self._listeners) >= STREAMS_PER_TOKEN:
            raise TooMany(60)
        if sum(asker(one.address) == asker(new.address) for one in self._listeners) >= STREAMS_PER_ADDRESS:
            raise TooMany(60)

    def _say(self, error: Exception) -> None:
        if is_away(error):
            _log.warning("database away", kind=type(error).__name__)
        else:
            _log.error("streams stumbled", kind=type(error).__name__, exc_info=error)


@asynccontextmanager
async def streaming(node: Node, waker: Waker) -> AsyncIterator[Streams]:
    """The streams of this process, fed and watched over while the block lasts."""
    streams = Streams(node)
    tasks = [
        asyncio.create_task(streams.run(waker.bell(NEWS)), name="streams"),
        asyncio.create_task(streams.check(), name="tokens of streams"),
    ]
    try:
        yield streams
    finally:
        streams.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _still_may(bearer: Bearer) -> bool:
    return bearer.viewer is not None and may_act_as(bearer.viewer, bearer.viewer.acting)
