"""Following from our pages: as oneself or, for editors, as the hub; people, hubs and areas here and elsewhere."""

from __future__ import annotations

import math
from typing import Literal

import msgspec
from aiohttp import web

from node.actions import follow, look_up
from node.errors import Forbidden, Invalid, NotFound, TooMany
from node.store.db import Db
from node.store.members import desk
from node.store.people import actors, follows
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, local_path, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import LIMITER, NODE, SETTINGS
from node.web.limits import Rate
from schemas.limits import LOOKUP_RATE_COUNT, LOOKUP_RATE_SECONDS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Actor, Viewer

As = Literal["me", "hub"]
LOOKUPS = Rate(count=LOOKUP_RATE_COUNT, seconds=LOOKUP_RATE_SECONDS)
NOBODY = msgid("Nobody was found at this address. Please check it; perhaps the other server does not answer now.")


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """How one of the actors a viewer can be stands to another: nothing, `pending` or `accepted`."""

    state: str
    mine: As


async def relations(db: Db, viewer: Viewer, actor: Actor) -> list[Relation]:
    """How the viewer, and for an editor the hub, follow an actor; nobody follows themselves."""
    mine: list[tuple[Actor, As]] = [(viewer.actor, "me")]
    if viewer.may("publish_as_hub") and actor.role_here != "hub":
        mine.append((await actors.hub(db), "hub"))
    found = []
    for one, name in mine:
        if one.id != actor.id:
            known = await follows.find(db, one.id, actor.id)
            found.append(Relation(state=known.state if known else "", mine=name))
    return found


async def show_follow(request: web.Request) -> web.Response:
    """GET /follow: search by handle or address, and whom one follows."""
    typed = request.query.get("who", "").strip()
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
    found = await find_typed(request, who, typed) if typed else None
    problems = {"who": [around.say(NOBODY)]} if typed and found is None else {}
    async with reading(request) as db:
        values = {
            "form": Form({"who": [typed]}, problems),
            "found": found,
            "follows": await relations(db, who, found) if found else [],
            "following": await desk.list_followed(db, who.actor.id),
        }
    return render(request, "pages/follow.html", around, values, status=422 if problems else 200)


async def change_follow(request: web.Request) -> web.Response:
    """POST /follow: follow or stop following, as oneself or as the hub."""
    fields = await posted(request)
    stop = fields.get("unfollow_as")
    mine, back = stop or fields.get("follow_as"), local_path(fields.get("return_to"), "/follow")
    if mine not in ("me", "hub"):
        raise Invalid([Problem(field="follow_as", reason=NOT_A_CHOICE, values={"choices": "me, hub"})])
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        if mine == "hub" and not who.may("publish_as_hub"):
            raise Forbidden
        follower = await actors.hub(db) if mine == "hub" else who.actor
        followed = await actors.find(db, fields.get("actor", ""))
        if followed is None:
            raise NotFound
        if stop:
            await follow.unfollow(request.app[NODE], db, follower, followed)
        else:
            made = await follow.follow(request.app[NODE], db, follower, followed)
    if not stop:
        accepted = made.state == "accepted"
        await sessions.say(
            request, around.say("Followed." if accepted else "Asked. The other side still has to agree.")
        )
    raise web.HTTPSeeOther(back)


async def decide_request(request: web.Request) -> web.Response:
    """POST /follow/requests: let somebody follow, or not."""
    fields = await posted(request)
    decide = {"accept": follow.accept_follow, "reject": follow.reject_follow}.get(fields.get("decision", ""))
    if decide is None:
        raise Invalid([Problem(field="decision", reason=NOT_A_CHOICE, values={"choices": "accept, reject"})])
    async with writing(request) as db:
        who = await signed_in(request, db)
        asking = await actors.find(db, fields.get("actor", ""))
        if asking is None:
            raise NotFound
        await decide(request.app[NODE], db, who.actor, asking)
    raise web.HTTPSeeOther("/notifications")


async def find_typed(request: web.Request, who: Viewer, typed: str) -> Actor | None:
    """The actor behind what somebody typed: here, known, or asked of its own server now. None if there is nobody."""
    node = request.app[NODE]
    if found := await look_up.known(node, typed):
        return found
    if request.app[SETTINGS].rate_limits:
        wait = request.app[LIMITER].wait("look up", str(who.account.id), LOOKUPS)
        if wait:
            raise TooMany(math.ceil(wait))
    return await look_up.ask(node, typed)
