"""More than this process can take: other servers are asked to come again, so that members are answered and memory stays
bounded. They keep what they could not deliver, and send it again. Turning away is the outermost and cheapest thing that
happens to a request: it is counted, not logged."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from node.errors import Overloaded
from node.keys import NODE
from node.limits import asker
from node.web import client_address
from schemas.limits import INBOX_OF_ONE, INBOX_OPEN, INBOX_RETRY_SECONDS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """`most` messages in all may be under way, `of_one` of them from one asker."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most, self._of_one = most, of_one
        self._under_way = Counter[str]()

    @contextmanager
    def entered(self, who: str) -> Iterator[None]:
        """A place for a message, from before its body is read until it is answered. Raises Overloaded for none."""
        if self._under_way.total() >= self._most or self._under_way[who] >= self._of_one:
            soonest, latest = INBOX_RETRY_SECONDS
            raise Overloaded(random.randint(soonest, latest))  # noqa: S311 - spreads their return
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1
            self._under_way += Counter()  # forgets those with none


GATE = web.AppKey("gate", Gate)


def set_up(app: web.Application) -> None:
    """A gate of this process."""
    app[GATE] = Gate(INBOX_OPEN, INBOX_OF_ONE)


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What other servers send passes the gate; everybody else walks by."""
    if request.method != "POST" or not request.path.endswith("/inbox"):
        return await handler(request)
    try:
        with request.app[GATE].entered(asker(client_address(request))):
            return await handler(request)
    except Overloaded as full:
        request.app[NODE].tallies.count("", "", "inbox 503")
        return web.Response(status=full.status, headers={"Retry-After": str(full.retry_after)}, text=full.message)
