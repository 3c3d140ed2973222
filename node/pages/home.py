"""The front page: what is on next, what is needed, what was learnt, who we are, how to take part."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from node.pages.about_page import shown
from node.pages.calendar_sources import gathered
from node.store.events import events
from node.store.files import media
from node.store.hub import hub_texts, openness
from node.store.posts import posts
from node.store.posts.reading import Page, Wanted
from node.theming.frame import frame, render
from node.web.handlers import reading
from schemas.limits import HOME_ITEMS, HOME_MEETINGS
from schemas.look import BLOCKS


async def show_home(request: web.Request) -> web.Response:
    """/ for everybody; before the hub is set up it says so."""
    async with reading(request) as db:
        around = await frame(request, db)
        if around.hub.set_up_at is None:
            return render(request, "pages/not_yet.html", around)
        viewer, few = around.viewer_id, Page(limit=HOME_ITEMS)
        # Some may be told of by two sources: so there are a few more to choose from.
        coming = await events.list_between(
            db, datetime.now(UTC), viewer=viewer, wanted=Wanted(network=True), limit=2 * HOME_MEETINGS
        )
        values = {
            "cover": await media.find_by_path(db, around.hub.cover) if around.hub.cover else None,
            "blocks": around.hub.look.blocks or BLOCKS,
            "events": [entry.post for entry in await gathered(db, coming)][:HOME_MEETINGS],
            "calls": await posts.list_public(db, "call", viewer=viewer, wanted=Wanted(open=True), page=few),
            "told": shown(request, around, await hub_texts.find(db, "about")),
            "numbers": await openness.numbers(db),
            "findings": await posts.list_public(db, "finding", viewer=viewer, page=few),
        }
    return render(request, "pages/home.html", around, values)
