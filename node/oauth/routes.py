"""Every address of the OAuth door."""

from __future__ import annotations

from aiohttp import web

from node.errors import NotFound
from node.oauth import authorize, metadata, tokens


async def nothing(request: web.Request) -> web.Response:
    """Any method that is not served there: for clients it is not there."""
    raise NotFound


def add_oauth(router: web.UrlDispatcher) -> None:
    """Put them on the application. Some clients write a slash behind the page's address."""
    for path in ("/oauth/authorize", "/oauth/authorize/"):
        router.add_get(path, authorize.show_wish)
        router.add_post(path, authorize.decide)
    router.add_post("/oauth/token", tokens.give_token)
    router.add_post("/oauth/revoke", tokens.revoke_token)
    router.add_get("/oauth/userinfo", metadata.show_member)
    router.add_get("/.well-known/oauth-authorization-server", metadata.show_metadata)
    for path in ("/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/userinfo"):
        router.add_route("*", path, nothing)
