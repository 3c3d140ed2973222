"""The page of an actor: a member, the hub, an area, a group, or somebody on another server whom we know."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.pages.calendar_sources import gathered
from node.pages.following import Relation, relations
from node.pages.lists import links
from node.store.db import Db
from node.store.events import events
from node.store.files import media
from node.store.hub import areas
from node.store.members import kept_lines
from node.store.people import actors, standing
from node.store.people.standing import Standing
from node.store.posts import posts
from node.store.posts.reading import Page, Wanted
from node.theming.frame import Frame, frame, render
from node.web.handlers import query, reading
from node.web.keys import URLS
from node.wording.showing import profile_path
from schemas.limits import HOME_ITEMS, LIST_ITEMS
from schemas.records import Actor
from schemas.telling import Circle, ToldFact, ToldLine


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The query on one's own page: with whose eyes to look at it."""

    seen_by: Circle | None = None


async def show_profile(request: web.Request) -> web.Response:
    """/@name and /@name@host."""
    name, _, host = request.match_info["name"].partition("@")
    async with reading(request) as db:
        actor = await actors.find_by_handle(db, name, host.lower() or request.app[URLS].domain)
    if actor is None or actor.role_here == "instance":
        raise NotFound
    if actor.local and actor.role_here in ("area", "group") and not host:
        raise web.HTTPSeeOther(profile_path(actor))
    return await _profile(request, actor)


async def show_actor(request: web.Request) -> web.Response:
    """/actors/{name} for readers: their page is at /@name."""
    async with reading(request) as db:
        actor = await actors.find_local(db, request.match_info["name"])
    if actor is None or actor.deleted_at:
        raise NotFound
    raise web.HTTPSeeOther(profile_path(actor))


async def show_group(request: web.Request) -> web.Response:
    """/groups/{name} for readers."""
    async with reading(request) as db:
        actor = await actors.find_local(db, request.match_info["name"])
    if actor is None or actor.role_here != "group":
        raise NotFound
    return await _profile(request, actor)


async def show_area(request: web.Request) -> web.Response:
    """/areas/{name} for readers: what is on, what is needed, what was learnt in one field of activity."""
    name = request.match_info["name"]
    async with reading(request) as db:
        around = await frame(request, db)
        area, actor = await areas.find(db, name), await areas.find_actor(db, name)
        if area is None or actor is None:
            raise NotFound
        viewer, few, here = around.viewer_id, Page(limit=HOME_ITEMS), Wanted(area=name)
        # Some may be told of by two sources: so there are a few more to choose from.
        coming = await events.list_between(db, datetime.now(UTC), viewer=viewer, wanted=here, limit=2 * HOME_ITEMS)
        values = {
            "area": area,
            "label": area.label(around.language),
            "actor": actor,
            "follows": await _relations(db, around, actor),
            "events": [entry.post for entry in await gathered(db, coming)][:HOME_ITEMS],
            "calls": await posts.list_public(db, "call", viewer=viewer, wanted=Wanted(area=name, open=True), page=few),
            "findings": await posts.list_public(db, "finding", viewer=viewer, wanted=here, page=few),
        }
    return render(request, "pages/area.html", around, values)


async def _profile(request: web.Request, actor: Actor) -> web.Response:
    page = query(request, Page)
    page = Page(max_id=page.max_id, min_id=page.min_id, limit=LIST_ITEMS)
    async with reading(request) as db:
        around = await frame(request, db)
        if actor.deleted_at or actor.suspended_at or actor.host_suspended:
            raise NotFound
        found = await posts.list_of_actor(db, actor.id, viewer=around.viewer_id, answers=False, page=page)
        wanted = Wanted(actor_id=actor.id)
        upcoming = await events.list_between(
            db, datetime.now(UTC), viewer=around.viewer_id, wanted=wanted, limit=HOME_ITEMS
        )
        follows = await _relations(db, around, actor)
        hidden = await _hidden(db, around, actor)
        told, facts = await _told(db, request, around, actor)
        banner = await media.find(db, actor.banner_id) if actor.banner_id else None
    values = {
        "actor": actor,
        "banner": banner,
        "posts": found,
        "upcoming": upcoming,
        "follows": follows,
        "hidden": hidden,
        "told": told,
        "facts": facts,
        "as_seen_by": query(request, Seen).seen_by if around.viewer_id == actor.id else None,
        "ends": links(request, found, page),
    }
    return render(request, "pages/profile.html", around, values)


async def _told(db: Db, request: web.Request, around: Frame, actor: Actor) -> tuple[list[ToldLine], list[ToldFact]]:
    """What the viewer may read of an actor's lines and abilities; of one's own, on request, what others read."""
    told = await kept_lines.lines_of(db, actor, around.viewer_id)
    facts = (await kept_lines.facts_of(db, [actor.id], around.viewer_id)).get(actor.id, [])
    eyes = query(request, Seen).seen_by
    if eyes is None or around.viewer_id != actor.id:
        return told, facts
    open_to = {"public", eyes}
    return [one for one in told if one.audience in open_to], [one for one in facts if one.audience in open_to]


async def _relations(db: Db, around: Frame, actor: Actor) -> list[Relation]:
    return await relations(db, around.viewer, actor) if around.viewer else []


async def _hidden(db: Db, around: Frame, actor: Actor) -> Standing | None:
    """Whether the viewer mutes or blocks somebody else."""
    if around.viewer is None or around.viewer.actor.id == actor.id:
        return None
    return (await standing.towards(db, around.viewer.actor.id, [actor.id])).get(actor.id)
