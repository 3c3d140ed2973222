"""/admin/settings/modules: what the hub uses, and what it does without."""

from __future__ import annotations

from aiohttp import web

from node.actions import hub_settings as deeds
from node.panel.settings import RIGHT, SAVED
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted
from node.web.handlers import reading, signed_in, writing
from schemas.modules import MODULES

PATH = "/admin/settings/modules"


async def show_modules(request: web.Request) -> web.Response:
    """GET /admin/settings/modules."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    form = Form({one: ["true"] for one in MODULES if around.hub.uses(one)})
    return render(request, "panel/modules.html", around, {"form": form, "modules": MODULES})


async def save_modules(request: web.Request) -> web.Response:
    """POST /admin/settings/modules: these from now on."""
    form = Form(entered(await posted(request)))
    async with writing(request) as db:
        used = [one for one in MODULES if form.value(one) == "true"]
        await deeds.change_modules(db, await signed_in(request, db, RIGHT), used)
        around = await frame(request, db)
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther(PATH)
