"""The apps that a member let in: what each may do, since when, and a button to shut it out."""

from __future__ import annotations

from aiohttp import web

from node.store.access import tokens
from node.store.people import people
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing
from node.wording.scopes_said import in_words

PAGE = "/settings/apps"


async def show_apps(request: web.Request) -> web.Response:
    """GET /settings/apps."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        known = await tokens.list_of(db, who.account.id)
        acting = await people.get_many(db, [one.acting_actor_id for one in known if one.acting_actor_id])
    shown = [(one, in_words(one.scopes, around.language), acting.get(one.acting_actor_id or 0)) for one in known]
    return render(request, "pages/apps.html", around, {"apps": shown})


async def shut_out(request: web.Request) -> web.Response:
    """POST /settings/apps: end one token, at once and for good."""
    fields = await posted(request)
    number = fields.get("token", "")
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        if number.isascii() and number.isdecimal() and len(number) < 19:
            await tokens.revoke(db, who.account.id, int(number))
    await sessions.say(request, around.say("This app is shut out."))
    raise web.HTTPSeeOther(PAGE)
