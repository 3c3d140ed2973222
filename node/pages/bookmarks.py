"""/bookmarks: what a member keeps to find it again, the last first. Nobody else sees it."""

from __future__ import annotations

from aiohttp import web

from node.store.posts import keepsakes
from node.store.posts.reading import Page
from node.store.timelines.timelines import Walk
from node.theming.frame import frame, render, with_query
from node.web.handlers import query, reading, signed_in
from node.web.keys import NODE
from schemas.limits import LIST_ITEMS


async def show_bookmarks(request: web.Request) -> web.Response:
    """GET /bookmarks, page by page; a page goes on at the bookmarks, not at what they are of."""
    page = query(request, Page)
    page = Page(max_id=page.max_id, min_id=page.min_id, limit=LIST_ITEMS)
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        walk = await keepsakes.list_marked(db, who.actor.id, "bookmark", page)
        posts = await request.app[NODE].kept.posts(db, walk.ids)
    values = {"posts": posts, "ends": links_of_walk(request, walk, page)}
    return render(request, "pages/bookmarks.html", around, values)


def links_of_walk(request: web.Request, walk: Walk, page: Page) -> dict[str, str | None]:
    """Where a list goes on that is walked, as addresses for the pager."""
    if not walk.cursors:
        return {"newer": None, "older": None}
    paged = page.max_id is not None or page.min_id is not None
    full = len(walk.cursors) >= page.bounds[2] or page.min_id is not None
    return {
        "newer": with_query(request, min_id=walk.cursors[0], max_id=None) if paged else None,
        "older": with_query(request, max_id=walk.cursors[-1], min_id=None) if full else None,
    }
