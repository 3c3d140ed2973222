"""A sheet to print and hang up: what, when, where, and a QR code that leads to the page where one answers."""

from __future__ import annotations

import io

import segno
from aiohttp import web

from node.errors import NotFound
from node.node import Node
from node.pages import thing
from node.pages.attending_by_mail import takes_mail
from node.store.db import Db
from node.store.posts import posts
from node.theming.frame import frame, render
from node.web.handlers import reading
from node.web.keys import NODE
from schemas.records import Post


async def show_poster(request: web.Request) -> web.Response:
    """GET /events/{id}/poster."""
    async with reading(request) as db:
        around = await frame(request, db)
        event = await _open_event(request, db)
    values = {"post": event, "event": event.event, "address": _address(request.app[NODE], event)}
    return render(request, "pages/poster.html", around, values)


async def show_code(request: web.Request) -> web.Response:
    """GET /events/{id}/answer.svg: the code alone, dark on white whatever the page around it looks like."""
    async with reading(request) as db:
        event = await _open_event(request, db)
    picture = io.BytesIO()
    code = segno.make(_address(request.app[NODE], event), error="m", micro=False)
    code.save(picture, kind="svg", scale=8, border=4, dark="#000000", light="#ffffff", xmldecl=False)
    return web.Response(
        body=picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


async def _open_event(request: web.Request, db: Db) -> Post:
    """An event that strangers may see and can answer; the code is the same for all who see it."""
    event = await posts.get(db, thing.id_in(request), None)
    if not takes_mail(event):
        raise NotFound
    return event


def _address(node: Node, event: Post) -> str:
    return f"{node.urls.base_url}/events/{event.id}/answer"
