"""A member's desk: first what waits for them, each with one way on; then where they go next and what is new."""

from __future__ import annotations

from aiohttp import web

from node.pages import matching
from node.pages.lists import links
from node.pages.member import needs
from node.store.members import desk, mandates
from node.store.posts.reading import Page
from node.theming.frame import frame, render
from node.web.handlers import query, reading, signed_in
from schemas.limits import HOME_MEETINGS


async def show_desk(request: web.Request) -> web.Response:
    """/desk of whoever is signed in."""
    page = query(request, Page)
    page = Page(max_id=page.max_id, min_id=page.min_id, limit=HOME_MEETINGS)
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        mine = await desk.list_written(db, who.account.id, page)
        held = await mandates.list_of(db, who.account.id)
        values = {
            "needs": await needs.list_of(db, around, who, held),
            "coming": await desk.list_coming(db, who.actor.id, HOME_MEETINGS),
            "posts": mine,
            "ends": links(request, mine, page),
            "news": await desk.list_news(db, who.actor.id, HOME_MEETINGS),
            "fitting": await matching.offered(db, around),
            "mandates": held,
        }
    return render(request, "pages/desk.html", around, values)
