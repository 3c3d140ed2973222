"""The addresses of streams."""

from __future__ import annotations

from aiohttp import web

from node.mastodon.streaming.events import PATHS, events_of, health
from node.mastodon.streaming.socket import open_socket

BASE = "/api/v1/streaming"


def add_streaming(router: web.UrlDispatcher) -> None:
    """Put them on the application."""
    for end in ("", "/"):
        router.add_get(BASE + end, open_socket, allow_head=False)
    router.add_get(f"{BASE}/health", health)
    for path, name in PATHS.items():
        router.add_get(f"{BASE}/{path}", events_of(name), allow_head=False)
