"""The page of a short post."""

from __future__ import annotations

from aiohttp import web

from node.pages import thing
from node.store.posts import posts
from node.theming.frame import render
from node.web.handlers import reading
from node.wording.showing import page_path


async def show_post(request: web.Request) -> web.Response:
    """/posts/{id} for readers, with what it answers and what was answered to it. The poll of an event is answered on
    the page of the event."""
    async with reading(request) as db:
        one = await thing.read(request, db, "post")
        event = await posts.find(db, one.post.rsvp_for_id) if one.post.poll and one.post.rsvp_for_id else None
    if event is not None:
        raise web.HTTPSeeOther(page_path(event))
    return render(request, "pages/post.html", one.frame, one.values)
