"""The page of a short post."""

from __future__ import annotations

from aiohttp import web

from node.frame import render
from node.pages import thing
from node.web import reading


async def show_post(request: web.Request) -> web.Response:
    """/posts/{id} for readers, with what it answers and what was answered to it."""
    async with reading(request) as db:
        one = await thing.read(request, db, "post")
    return render(request, "pages/post.html", one.frame, one.values)
