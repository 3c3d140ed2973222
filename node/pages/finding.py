"""The page of a finding."""

from __future__ import annotations

from aiohttp import web

from node.frame import render
from node.pages import thing
from node.store import posts
from node.web import reading


async def show_finding(request: web.Request) -> web.Response:
    """/findings/{id} for readers, with a link to what it came from where the reader may see that."""
    async with reading(request) as db:
        one = await thing.read(request, db, "finding")
        origin = one.post.finding.born_of if one.post.finding else None
        born_of = await posts.find_visible(db, origin, one.frame.viewer_id) if origin else None
    return render(request, "pages/finding.html", one.frame, one.values | {"born_of": born_of})
