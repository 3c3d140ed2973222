"""Every address this node answers, grouped by who asks. Doors do not know each other: they meet here.

To add one: a line in the section of its door. An address that serves both servers and readers is `negotiated`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from node.web import wants_activity

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application) -> None:
    """Put all routes on the application."""
    servers(app.router)


def servers(router: web.UrlDispatcher) -> None:
    """The door for other servers, `activitypub/`."""


def negotiated(activitypub: Handler, page: Handler) -> Handler:
    """One address, two doors: the one that `Accept` asks for. Caches are told, whatever the handler forgets."""

    async def either(request: web.Request) -> web.StreamResponse:
        response = await (activitypub if wants_activity(request) else page)(request)
        varies = {name.strip() for name in response.headers.get("Vary", "").split(",") if name.strip()}
        response.headers["Vary"] = ", ".join(sorted(varies | {"Accept", "Signature"}))
        return response

    return either
