"""The addresses behind a member's own door."""

from __future__ import annotations

from aiohttp import web

from node.pages.member import bring, calendar, data, deeds, leave, notices, timeline


def add_member(router: web.UrlDispatcher) -> None:
    """Put them on the application."""
    router.add_get(timeline.PATH, timeline.show_timeline)
    router.add_post(timeline.PATH, timeline.write)
    router.add_post("/posts/{id}/vote", deeds.cast_vote)
    router.add_get(calendar.PATH, calendar.show_mine)
    router.add_post(calendar.PATH, calendar.change_mine)
    router.add_get("/calendar/{token}.ics", calendar.own_ics)
    router.add_get(data.PATH, data.show_data)
    router.add_post(data.PATH, data.ask_for_export)
    router.add_get("/settings/data/{id}", data.fetch_export)
    router.add_get(notices.PATH, notices.show_notices)
    router.add_post(notices.PATH, notices.mark_read)
    router.add_post(bring.PATH, bring.bring)
    router.add_get("/settings/import/{id}", bring.show_import)
    router.add_post("/settings/import/{id}", bring.change_import)
    router.add_get(leave.PATH, leave.show_leave)
    router.add_post(leave.PATH, leave.change_leave)
    router.add_post(deeds.HIDE, deeds.change_hiding)
