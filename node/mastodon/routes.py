"""Every address of the Mastodon API. To add one: a line in the ENDPOINTS of its file; a new file: a line here."""

from __future__ import annotations

from aiohttp import web

from node.mastodon import account_statuses, apps, favourites, lists, timelines
from node.mastodon.endpoint import Endpoint, add, nothing

ENDPOINTS: tuple[Endpoint, ...] = (
    *apps.ENDPOINTS,
    *account_statuses.ENDPOINTS,
    *favourites.ENDPOINTS,
    *lists.ENDPOINTS,
    *timelines.ENDPOINTS,
)


def add_mastodon(router: web.UrlDispatcher) -> None:
    """Put them on the application; what is not there answers 404 in JSON, whatever the method."""
    add(router, ENDPOINTS)
    for version in ("v1", "v2", "v1_alpha"):
        router.add_route("*", f"/api/{version}/{{tail:.*}}", nothing)
