"""The pictures of a thing: all as a list, and each on a page of its own, large, without any script."""

from __future__ import annotations

from aiohttp import web

from node.errors import NotFound
from node.pages.thing import id_in
from node.store.posts import posts
from node.theming.frame import Frame, frame, render
from node.web.handlers import reading
from node.web.keys import URLS
from node.wording.showing import images, page_path
from schemas.records import Post
from schemas.things import Attachment


async def show_pictures(request: web.Request) -> web.Response:
    """/{kind}s/{id}/pictures."""
    around, post, pictures = await _wanted(request)
    return render(request, "pages/pictures.html", around, {"post": post, "pictures": pictures})


async def show_picture(request: web.Request) -> web.Response:
    """/{kind}s/{id}/pictures/{number}, counted from one."""
    around, post, pictures = await _wanted(request)
    number = id_in(request, "number")
    if not 0 < number <= len(pictures):
        raise NotFound
    values = {"post": post, "image": pictures[number - 1], "number": number, "count": len(pictures)}
    return render(request, "pages/picture.html", around, values)


async def _wanted(request: web.Request) -> tuple[Frame, Post, list[Attachment]]:
    async with reading(request) as db:
        around = await frame(request, db)
        post = await posts.get(db, id_in(request), around.viewer_id)
    pictures = images(post, request.app[URLS])
    if request.path.split("/")[1] != page_path(post).split("/")[1] or not pictures:
        raise NotFound
    return around, post, pictures
