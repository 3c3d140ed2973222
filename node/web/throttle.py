"""How often an address or an account may try what must not be guessed, over all processes of the hub."""

from __future__ import annotations

import math

from aiohttp import web

from node.errors import TooMany
from node.store.access import attempts
from node.web.handlers import client_address
from node.web.keys import DATABASE, SETTINGS
from node.web.limits import Rate, asker


def network(request: web.Request) -> str:
    """Where a request comes from, as attempts are counted: IPv6 by its /64 (case 125)."""
    return asker(client_address(request))


async def count(request: web.Request, subject: str, who: str, rate: Rate, words: str | None = None) -> None:
    """Count an attempt; TooMany, with these words, beyond the rate. Each one is seen by all processes at once."""
    if not request.app[SETTINGS].rate_limits:
        return
    async with request.app[DATABASE].pool.acquire() as db:
        seconds = await attempts.wait(db, subject, who, count=rate.count, seconds=rate.seconds)
    if seconds:
        raise TooMany(math.ceil(seconds), words)
