"""Clients on other hosts run in browsers: what the Mastodon API answers may be read from anywhere (Fetch, CORS)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

OPEN = ("/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/", "/nodeinfo/", "/media/")
METHODS = "POST, PUT, DELETE, GET, PATCH, OPTIONS"
EXPOSED = ", ".join(
    ("Link", "Mastodon-Async-Refresh", "X-RateLimit-Reset", "X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After")
)
REMEMBERED_SECONDS = "7200"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def cross_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer preflights; every other answer, errors too, gets its headers in `allow_origin`."""
    preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    if not preflight or not request.path.startswith(OPEN):
        return await handler(request)
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": request.headers.get("Access-Control-Request-Headers", "*"),
            "Access-Control-Max-Age": REMEMBERED_SECONDS,
        },
    )


async def allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Signal `on_response_prepare`. No credentials: cookies are never sent along, so no origin can use them."""
    if request.path.startswith(OPEN):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        # Pictures of this hub may be drawn by apps that live elsewhere.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
