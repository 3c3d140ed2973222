"""/settings/membership: what the register says of a member, and what they agree to; both for them to see and to say."""

from __future__ import annotations

from aiohttp import web

from node.actions import register
from node.store.members import members
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted
from node.web.handlers import reading, signed_in, writing
from schemas.members import PURPOSES
from schemas.reasons import msgid

PATH = "/settings/membership"
KEPT = msgid("It holds from now on.")


async def show_entry(request: web.Request) -> web.Response:
    """GET /settings/membership."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        mine = await members.of_account(db, who.account.id)
    form = Form({"consents": list(mine.consents) if mine else []})
    return render(request, "pages/membership.html", around, {"one": mine, "form": form, "purposes": PURPOSES})


async def change_entry(request: web.Request) -> web.Response:
    """POST /settings/membership: agree, or take it back."""
    form = Form(entered(await posted(request)))
    async with writing(request) as db:
        await register.consent(db, await signed_in(request, db), form.values("consents"))
        around = await frame(request, db)
    await sessions.say(request, around.say(KEPT))
    raise web.HTTPSeeOther(PATH)
