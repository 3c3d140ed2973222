"""/admin/settings/keeping: what is kept for how long, and how much room copies of other servers' files may take."""

from __future__ import annotations

from aiohttp import web

from node.actions import hub_settings as deeds
from node.errors import Invalid
from node.panel.settings import RIGHT, SAVED
from node.store.hub import hub_settings
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import SETTINGS
from schemas.problems import Problem
from schemas.reasons import NOT_WHOLE
from schemas.retention import BOUNDS, Retention


async def show_keeping(request: web.Request) -> web.Response:
    """GET: as it is; an empty field means as the node does it by itself."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        kept = await hub_settings.retention(db)
    fields = {name: ["" if getattr(kept, name) is None else str(getattr(kept, name))] for name in BOUNDS}
    return _page(request, around, Form(fields))


async def save_keeping(request: web.Request) -> web.Response:
    """POST: as it shall be."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        async with writing(request) as db:
            await deeds.change_retention(db, await signed_in(request, db, RIGHT), _retention(Form(sent)))
    except Invalid as error:
        return _page(request, around, with_problems(sent, error.problems, BOUNDS, around.language))
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther("/admin/settings")


def _retention(form: Form) -> Retention:
    written = {name: text for name in BOUNDS if (text := form.value(name))}
    wrong = [name for name, text in written.items() if not (text.isascii() and text.isdecimal() and len(text) < 10)]
    if wrong:
        raise Invalid([Problem(field=name, reason=NOT_WHOLE) for name in wrong])
    return Retention(**{name: int(text) for name, text in written.items()})


def _page(request: web.Request, around: Frame, form: Form) -> web.Response:
    room = request.app[SETTINGS].media_cache_bytes // 1_000_000
    values = {"form": form, "bounds": BOUNDS | {"cache_megabytes": (BOUNDS["cache_megabytes"][0], room)}, "room": room}
    return render(request, "panel/keeping.html", around, values, status=422 if form.problems else 200)
