"""The addresses behind a member's own door."""

from __future__ import annotations

from aiohttp import web

from node.pages.member import deeds, timeline


def add_member(router: web.UrlDispatcher) -> None:
    """Put them on the application."""
    router.add_get(timeline.PATH, timeline.show_timeline)
    router.add_post(timeline.PATH, timeline.write)
    router.add_post("/posts/{id}/vote", deeds.cast_vote)
    router.add_post(deeds.HIDE, deeds.change_hiding)
