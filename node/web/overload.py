"""More than this process can take, or something it needs is away: who asks is told at once to come again.

With too much to do it is other servers who are turned away, so that members are answered and memory stays bounded. They
keep what they could not deliver, and send it again. Turning away is the outermost and cheapest thing that happens to a
request: it is counted, not logged."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext

from aiohttp import web

from node.errors import Overloaded
from node.web.handlers import client_address, wants_activity
from node.web.keys import NODE
from node.web.limits import asker
from schemas.limits import (
    AWAY_RETRY_SECONDS,
    INBOX_AT_WORK,
    INBOX_HELD,
    INBOX_HOLD_SECONDS,
    INBOX_LARGE_AT_WORK,
    INBOX_LARGE_BYTES,
    INBOX_OF_ONE,
    INBOX_OPEN,
    INBOX_RETRY_SECONDS,
)
from schemas.reasons import msgid

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Place:
    """One in a gate for the length of a block; a class, since each message takes one and generators cost more."""

    __slots__ = ("_gate", "_who")

    def __init__(self, gate: Gate, who: str) -> None:
        self._gate, self._who = gate, who

    def __enter__(self) -> None:
        self._gate.enter(self._who)

    def __exit__(self, *_how: object) -> None:
        self._gate.leave(self._who)


class Gate:
    """`most` messages in all may be under way, `of_one` of them from one asker."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most, self._of_one = most, of_one
        self._held = 0
        self.under_way = 0
        """How many messages are."""
        self.refused = 0
        self.at_work = asyncio.Semaphore(INBOX_AT_WORK)
        self._large_at_work = asyncio.Semaphore(INBOX_LARGE_AT_WORK)
        self._under_way = dict[str, int]()

    def entered(self, who: str) -> _Place:
        """A place for a message, from before its body is read until it is answered. Raises Overloaded for none."""
        return _Place(self, who)

    def room_for(self, body: bytes) -> AbstractAsyncContextManager[None]:
        """To be had before a message is read, and held until it is kept: a place among the few large ones."""
        return self._large_at_work if len(body) > INBOX_LARGE_BYTES else nullcontext()

    def enter(self, who: str) -> None:
        """Take a place; Overloaded if there is none."""
        of_one = self._under_way.get(who, 0)
        if self.under_way >= self._most or of_one >= self._of_one:
            soonest, latest = INBOX_RETRY_SECONDS
            raise Overloaded(random.randint(soonest, latest))  # noqa: S311 - spreads their return
        self._under_way[who] = of_one + 1
        self.under_way += 1

    def leave(self, who: str) -> None:
        """Give the place back."""
        self.under_way -= 1
        left = self._under_way.pop(who) - 1
        if left:
            self._under_way[who] = left

    async def hold(self) -> None:
        """Let who is turned away wait for the answer: who sends again at once would be answered for nothing."""
        self.refused += 1
        if self._held < INBOX_HELD:
            self._held += 1
            try:
                await asyncio.sleep(random.uniform(*INBOX_HOLD_SECONDS))  # noqa: S311
            finally:
                self._held -= 1


GATE = web.AppKey("gate", Gate)
SAFE = ("GET", "HEAD", "OPTIONS")
UNHURRIED = ("/static/", "/media/", "/health", "/metrics", "/api/v1/streaming")
WITHOUT_DATABASE = ("/static/", "/health", "/metrics")


class Full(Overloaded):
    """There is no room for anything new; what is there can be read."""

    message = msgid("The hub has no room left for anything new. It has to be seen to; please try again later.")


def set_up(app: web.Application) -> None:
    """A gate of this process."""
    app[GATE] = Gate(INBOX_OPEN, INBOX_OF_ONE)


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
        with gate.entered(asker(client_address(request))):
            return await handler(request)
    except Overloaded as full:
        node.tallies.count("", "", "inbox 503")
        await gate.hold()
        return web.Response(status=full.status, headers={"Retry-After": str(full.retry_after)}, text=full.message)


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
