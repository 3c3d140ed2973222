"""The addresses of becoming a member: the way in, invitations, and one's own entry in the register."""

from __future__ import annotations

from aiohttp import web

from node.pages import inviting, joining
from node.pages.member import entry


def add_joining(router: web.UrlDispatcher) -> None:
    """Put them on the router."""
    router.add_get(joining.PATH, joining.show_join)
    router.add_post(joining.PATH, joining.ask_to_join)
    router.add_get("/join/confirm", joining.show_confirm)
    router.add_post("/join/confirm", joining.confirm)
    router.add_get("/join/{code}", joining.show_join)
    router.add_post("/join/{code}", joining.ask_to_join)
    router.add_get("/welcome", joining.show_welcome)
    router.add_get(entry.PATH, entry.show_entry)
    router.add_post(entry.PATH, entry.change_entry)
    router.add_get(inviting.PATH, inviting.show_invitations)
    router.add_post(inviting.PATH, inviting.change_invitations)
