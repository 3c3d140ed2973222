"""/collections/{id}: people whom somebody recommends together, and the way out for whoever is one of them."""

from __future__ import annotations

from aiohttp import web

from node.actions import collections as deeds
from node.errors import NotFound
from node.pages.thing import id_in
from node.store.people import collections, people
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing


async def show_collection(request: web.Request) -> web.Response:
    """GET /collections/{id}."""
    async with reading(request) as db:
        around = await frame(request, db)
        found = await collections.get(db, id_in(request), around.viewer_id)
        items = (await collections.items_of(db, [found.id], around.viewer_id))[found.id]
        known = await people.get_many(db, [found.actor_id, *(one.actor_id for one in items)])
        mine = await collections.find_actor(db, found.id, around.viewer_id) if around.viewer_id else None
    if found.actor_id not in known:
        raise NotFound
    values = {
        "collection": found,
        "owner": known[found.actor_id],
        "people": [known[one.actor_id] for one in items if one.actor_id in known],
        "mine": mine,
    }
    return render(request, "pages/collection.html", around, values)


async def leave_collection(request: web.Request) -> web.Response:
    """POST /collections/{id}: take oneself out of it, for good."""
    await posted(request)
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        found = await collections.get(db, id_in(request), who.actor.id)
        mine = await collections.find_actor(db, found.id, who.actor.id)
        if mine is None:
            raise NotFound
        await deeds.revoke(db, who.actor, found, mine.id)
    await sessions.say(request, around.say("You are not in this collection any more."))
    raise web.HTTPSeeOther(f"/collections/{found.id}")
