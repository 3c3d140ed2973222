"""More than this process can take, or something it needs is away: who asks is told at once to come again.

With too much to do it is other servers who are turned away, so that members are answered and memory stays bounded. They
keep what they could not deliver, and send it again. Turning away is the outermost and cheapest thing that happens to a
request: it is counted, not logged."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from node.errors import Overloaded
from node.web.handlers import client_address, wants_activity
from node.web.keys import NODE
from node.web.limits import asker
from node.web.places import Place, Places
from schemas.limits import (
    AWAY_RETRY_SECONDS,
    INBOX_AT_WORK,
    INBOX_HEARD,
    INBOX_HELD,
    INBOX_HOLD_SECONDS,
    INBOX_LARGE_AT_WORK,
    INBOX_LARGE_BYTES,
    INBOX_LARGE_BYTES_ALL,
    INBOX_LARGE_BYTES_OF_ONE,
    INBOX_OF_ONE,
    INBOX_OPEN,
    INBOX_PROMPT_SECONDS,
    INBOX_WAITING_OF_ONE,
    INBOX_WAITING_STRANGERS,
)
from schemas.reasons import msgid

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Work:
    """A turn among the few at work, to be had before a message is read; among the fewer with large ones, if it is."""

    __slots__ = ("_has", "_place", "_turns")

    def __init__(self, place: Place, turns: Sequence[asyncio.Semaphore]) -> None:
        self._place, self._turns, self._has = place, turns, False

    async def __aenter__(self) -> None:
        await self._begin()

    async def __aexit__(self, *_how: object) -> None:
        if self._has:
            self._end()

    @asynccontextmanager
    async def aside(self, asks: bool) -> AsyncIterator[None]:
        """A block that waits for another server: others have the turn meanwhile. NoRoom if too many wait so. `asks`:
        whether that server is asked because of this message, and not for another one already."""
        self._end()
        try:
            async with self._place.waiting(None, few=asks):
                yield
        finally:
            if not self._place.lost:
                await self._begin()

    async def _begin(self) -> None:
        had = []
        try:
            for turn in self._turns:
                await turn.acquire()
                had.append(turn)
        except BaseException:
            for turn in had:
                turn.release()
            raise
        self._has = True

    def _end(self) -> None:
        self._has = False
        for turn in self._turns:
            turn.release()


class Gate:
    """Of the places at the door of this process, those that messages of other servers have."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._held = 0
        self._turned_away = 0
        self._turns = (asyncio.Semaphore(INBOX_AT_WORK),)
        self._large_turns = (asyncio.Semaphore(INBOX_LARGE_AT_WORK), *self._turns)

    @property
    def under_way(self) -> int:
        """How many messages are, those included that are still being sent."""
        return self.places.taken

    @property
    def refused(self) -> int:
        """How many were asked to come again."""
        return self._turned_away + self.places.cut

    def work(self, place: Place, body: bytes) -> Work:
        """A turn for what has come."""
        return Work(place, self._large_turns if len(body) > INBOX_LARGE_BYTES else self._turns)

    async def hold(self, request: web.Request) -> None:
        """Let who is turned away wait for the answer: who sends again at once would be answered for nothing. Only
        without what they sent, and not who has not sent all: it would lie in memory for as long."""
        self._turned_away += 1
        if self._held < INBOX_HELD and request.content.is_eof():
            request.content.read_nowait(-1)
            self._held += 1
            try:
                await asyncio.sleep(random.uniform(*INBOX_HOLD_SECONDS))  # noqa: S311
            finally:
                self._held -= 1


GATE = web.AppKey("gate", Gate)
PLACE = web.RequestKey("place", Place)
SAFE = ("GET", "HEAD", "OPTIONS")
UNHURRIED = ("/static/", "/media/", "/health", "/metrics", "/api/v1/streaming")
WITHOUT_DATABASE = ("/static/", "/health", "/metrics")


class Full(Overloaded):
    """There is no room for anything new; what is there can be read."""

    message = msgid("The hub has no room left for anything new. It has to be seen to; please try again later.")


def set_up(app: web.Application) -> None:
    """A gate of this process."""
    app[GATE] = Gate(
        Places(
            INBOX_OPEN,
            INBOX_OF_ONE,
            waiting_of_one=INBOX_WAITING_OF_ONE,
            waiting_strangers=INBOX_WAITING_STRANGERS,
            most_bytes=INBOX_LARGE_BYTES_ALL,
            bytes_of_one=INBOX_LARGE_BYTES_OF_ONE,
            prompt=INBOX_PROMPT_SECONDS,
            remembered=INBOX_HEARD,
        )
    )


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What other servers send passes the gate; members go first, and everybody else walks by."""
    node, gate = request.app[NODE], request.app[GATE]
    if request.method != "POST" or not request.path.endswith("/inbox"):
        if request.path.startswith(UNHURRIED) or wants_activity(request):
            return await handler(request)
        with node.precedence.first():
            return await handler(request)
    try:
        if node.troubles.serious:
            raise Overloaded(AWAY_RETRY_SECONDS)
        place = gate.places.take(asker(client_address(request)))
    except Overloaded as full:
        node.tallies.count("", "", "inbox 503")
        await gate.hold(request)
        return web.Response(status=full.status, headers={"Retry-After": str(full.retry_after)}, text=full.message)
    request[PLACE] = place
    try:
        return await handler(request)
    finally:
        place.leave()


@web.middleware
async def well(request: web.Request, handler: Handler) -> web.StreamResponse:
    """While the database is known to be away nobody waits for it, and what cannot be kept is not taken."""
    troubles = request.app[NODE].troubles
    if troubles.serious and not request.path.startswith(WITHOUT_DATABASE):
        if troubles.has("database"):
            raise Overloaded(AWAY_RETRY_SECONDS)
        if request.method not in SAFE:
            raise Full(AWAY_RETRY_SECONDS)
    return await handler(request)
