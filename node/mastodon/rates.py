"""How often a client may call, told in every answer's headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from aiohttp import web

from node.errors import TooMany
from node.keys import LIMITER, SETTINGS
from node.limits import Rate, asker
from node.store.bearers import Bearer
from node.web import client_address
from schemas.limits import CLIENT_RATE_COUNT, CLIENT_RATE_SECONDS

RATE = Rate(count=CLIENT_RATE_COUNT, seconds=CLIENT_RATE_SECONDS)


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What is left after this request; None where nothing is counted."""

    remaining: int | None
    reset: datetime

    def on(self, response: web.StreamResponse) -> web.StreamResponse:
        """The answer with the headers that Mastodon sends."""
        if self.remaining is not None and not response.prepared:
            response.headers["X-RateLimit-Limit"] = str(RATE.count)
            response.headers["X-RateLimit-Remaining"] = str(self.remaining)
            response.headers["X-RateLimit-Reset"] = self.reset.isoformat(timespec="microseconds").replace("+00:00", "Z")
        return response


def counted(request: web.Request, bearer: Bearer | None) -> Counted:
    """Count a request: by its token, else by its address. TooMany beyond the rate."""
    now = datetime.now(UTC)
    if not request.app[SETTINGS].rate_limits:
        return Counted(remaining=None, reset=now)
    limiter = request.app[LIMITER]
    who = f"token {bearer.id}" if bearer else asker(client_address(request))
    if seconds := limiter.wait("client", who, RATE):
        raise TooMany(int(seconds) + 1)
    left, full = limiter.left("client", who, RATE)
    return Counted(remaining=left, reset=now + timedelta(seconds=full))
