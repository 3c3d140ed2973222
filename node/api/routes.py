"""The routes of this door, made from its table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web

from node.api.openapi import table
from node.errors import Unauthorized

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_api(router: web.UrlDispatcher) -> None:
    """Put all addresses of our JSON API on the application."""
    for one in table():
        writes = one.method != "GET"
        router.add_route(one.method, one.path, known_only(one.handler) if writes else one.handler)


def known_only(handler: Handler) -> Handler:
    """Strangers hear that they must sign in before anything of what they sent is read. Who is asking, and whether they
    may, is found out by the handler."""

    @wraps(handler)
    async def known(request: web.Request) -> web.StreamResponse:
        if "Authorization" not in request.headers:
            raise Unauthorized
        return await handler(request)

    return known
