"""How often a client may call, told in every answer's headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from aiohttp import web

from node.errors import TooMany
from node.store.access.bearers import Bearer
from node.web.handlers import client_address
from node.web.keys import LIMITER, SETTINGS
from node.web.limits import Rate, asker
from schemas.limits import CLIENT_RATE_COUNT, CLIENT_RATE_COUNT_ACCOUNT, CLIENT_RATE_SECONDS

RATE = Rate(count=CLIENT_RATE_COUNT, seconds=CLIENT_RATE_SECONDS)
OF_ACCOUNT = Rate(count=CLIENT_RATE_COUNT_ACCOUNT, seconds=CLIENT_RATE_SECONDS)


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What is left after this request; None where nothing is counted. `refusal`: it was one too many."""

    remaining: int | None
    reset: datetime
    refusal: TooMany | None = None

    def require(self) -> None:
        """TooMany beyond the rate."""
        if self.refusal:
            raise self.refusal

    def on(self, response: web.StreamResponse) -> web.StreamResponse:
        """The answer with the headers that Mastodon sends."""
        if self.remaining is not None and not response.prepared:
            response.headers["X-RateLimit-Limit"] = str(RATE.count)
            response.headers["X-RateLimit-Remaining"] = str(self.remaining)
            response.headers["X-RateLimit-Reset"] = self.reset.isoformat(timespec="microseconds").replace("+00:00", "Z")
        return response


def counted(request: web.Request, bearer: Bearer | None) -> Counted:
    """Count a request: by its token and the account of that, else by its address."""
    now = datetime.now(UTC)
    if not request.app[SETTINGS].rate_limits:
        return Counted(remaining=None, reset=now)
    limiter = request.app[LIMITER]
    who = f"token {bearer.id}" if bearer else asker(client_address(request))
    seconds = limiter.wait("client", who, RATE)
    if bearer and bearer.viewer and not seconds:
        seconds = limiter.wait("client", f"account {bearer.viewer.account.id}", OF_ACCOUNT)
    left, full = limiter.left("client", who, RATE)
    refusal = TooMany(int(seconds) + 1) if seconds else None
    return Counted(remaining=0 if refusal else left, reset=now + timedelta(seconds=max(full, seconds)), refusal=refusal)
