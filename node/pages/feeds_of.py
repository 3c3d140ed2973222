"""Atom feeds of one person, hub or organisation here (/@name.atom), and of a tag (/tags/name.atom): what strangers may
see."""

from __future__ import annotations

from aiohttp import web

from node.errors import NotFound
from node.pages.feeds import render_atom
from node.store.hub import hub as hubs
from node.store.people import actors
from node.store.posts import posts
from node.store.posts.reading import Page, Wanted
from node.web.handlers import reading
from node.web.keys import URLS
from node.wording.showing import name, profile_path
from schemas.limits import FEED_ITEMS
from schemas.tags import normal


async def actor_atom(request: web.Request) -> web.Response:
    """GET /@{name}.atom."""
    async with reading(request) as db:
        hub, actor = await hubs.get(db), await actors.find_local(db, request.match_info["name"])
        if actor is None or actor.deleted_at or actor.suspended_at or actor.role_here == "instance":
            raise NotFound
        found = await posts.list_public(db, wanted=Wanted(actor_id=actor.id), page=Page(limit=FEED_ITEMS))
    page = request.app[URLS].base_url + profile_path(actor)
    return render_atom(request, hub, name(actor, hub.language), page, found)


async def tag_atom(request: web.Request) -> web.Response:
    """GET /tags/{name}.atom."""
    tag = normal(request.match_info["name"])
    async with reading(request) as db:
        hub = await hubs.get(db)
        found = await posts.list_public(db, wanted=Wanted(tag=tag), page=Page(limit=FEED_ITEMS))
    return render_atom(request, hub, f"{hub.name} – #{tag}", request.app[URLS].tag(tag), found)
