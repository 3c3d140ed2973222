"""The routes of this door, made from its table."""

from __future__ import annotations

from aiohttp import web

from node.api.openapi import table


def add_api(router: web.UrlDispatcher) -> None:
    """Put all addresses of our JSON API on the application."""
    for one in table():
        router.add_route(one.method, one.path, one.handler)
