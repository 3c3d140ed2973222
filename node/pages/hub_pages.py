"""Pages about what the hub knows: other hubs, tags."""

from __future__ import annotations

from aiohttp import web

from node.actions import hubs
from node.errors import Invalid, NotFound
from node.pages.lists import links
from node.store.people import actors
from node.store.posts import posts
from node.store.posts.reading import Page, Wanted
from node.store.servers import known_hubs
from node.theming.frame import frame, render
from node.web.forms import posted
from node.web.handlers import query, reading, signed_in, writing
from node.web.keys import NODE
from schemas.limits import LIST_ITEMS, PAGE_ITEMS_MOST
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE
from schemas.tags import normal


async def show_hubs(request: web.Request) -> web.Response:
    """/hubs for readers: the hubs that an editor approved; for editors also those that wait for a decision."""
    async with reading(request) as db:
        around = await frame(request, db)
        decides = around.viewer is not None and around.viewer.may("publish_as_hub")
        values = {
            "decides": decides,
            "hubs": await known_hubs.list_approved(db, PAGE_ITEMS_MOST),
            "suggested": await known_hubs.list_suggested(db, PAGE_ITEMS_MOST) if decides else [],
            "dismissed": await known_hubs.list_dismissed(db, PAGE_ITEMS_MOST) if decides else [],
        }
    return render(request, "pages/hubs.html", around, values)


async def decide_hub(request: web.Request) -> web.Response:
    """POST /hubs: an editor approves a hub, or takes it from the list."""
    fields = await posted(request)
    decide = {"approve": hubs.approve, "dismiss": hubs.dismiss}.get(fields.get("decision", ""))
    if decide is None:
        raise Invalid([Problem(field="decision", reason=NOT_A_CHOICE, values={"choices": "approve, dismiss"})])
    async with writing(request) as db:
        who = await signed_in(request, db)
        hub = await actors.find(db, fields.get("actor", ""))
        if hub is None:
            raise NotFound
        await decide(request.app[NODE], db, who, hub.id)
    raise web.HTTPSeeOther("/hubs")


async def show_tag(request: web.Request) -> web.Response:
    """/tags/{name} for readers: what carries a tag, the newest first."""
    tag, page = normal(request.match_info["name"]), query(request, Page)
    page = Page(max_id=page.max_id, min_id=page.min_id, limit=LIST_ITEMS)
    async with reading(request) as db:
        around = await frame(request, db)
        found = await posts.list_public(db, viewer=around.viewer_id, wanted=Wanted(tag=tag), page=page)
    return render(request, "pages/tag.html", around, {"tag": tag, "posts": found, "ends": links(request, found, page)})
