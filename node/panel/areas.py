"""/admin/settings/areas: the fields of activity, in three languages and in order; merged and retired where two are one
or nobody works in it any more."""

from __future__ import annotations

import asyncio

from aiohttp import web

from node.actions import areas as deeds
from node.errors import Conflict, Invalid
from node.panel.settings import RIGHT, SAVED, by_language, tongues
from node.store.db import Db
from node.store.hub import area_changes
from node.store.people import actors
from node.store.people.actors import Keys
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, NOT_WHOLE

PATH = "/admin/settings/areas"
DEEDS = ("add", "rename", "merge", "retire", "take_up")


async def show_areas(request: web.Request) -> web.Response:
    """GET: the areas, and a form for each."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        return await _page(request, db, await frame(request, db), Form({}))


async def change_areas(request: web.Request) -> web.Response:
    """POST: one deed on one area."""
    sent = entered(await posted(request))
    form = Form(sent)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    keys = await asyncio.to_thread(actors.make_keys) if form.value("deed") == "add" else None
    try:
        async with writing(request) as db:
            await _do(request, db, form, keys)
    except (Invalid, Conflict) as error:
        found = error.problems if isinstance(error, Invalid) else [Problem(field="", reason=error.message)]
        known = ("label", "into", "position", *(f"label.{code}" for code in tongues(around)))
        async with reading(request) as db:
            return await _page(request, db, around, with_problems(sent, found, known, around.language))
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther(PATH)


async def _do(request: web.Request, db: Db, form: Form, keys: Keys | None) -> None:
    who, node = await signed_in(request, db, RIGHT), request.app[NODE]
    name, labels = form.value("area"), by_language(form.entered, "label")
    match form.value("deed"):
        case "add" if keys:
            await deeds.add(node, db, who, labels, keys)
        case "rename":
            await deeds.rename(node, db, who, name, labels, _position(form.value("position")))
        case "merge":
            await deeds.merge(db, who, name, form.value("into"))
        case "retire":
            await deeds.retire(db, who, name)
        case "take_up":
            await deeds.take_up(db, who, name)
        case _:
            raise Invalid([Problem(field="", reason=NOT_A_CHOICE, values={"choices": ", ".join(DEEDS)})])


def _position(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdecimal()) or len(written) > 3:
        raise Invalid([Problem(field="position", reason=NOT_WHOLE)])
    return int(written)


async def _page(request: web.Request, db: Db, around: Frame, form: Form) -> web.Response:
    values = {"form": form, "retired": await area_changes.list_retired(db), "tongues": tongues(around)}
    return render(request, "panel/areas.html", around, values, status=422 if form.problems else 200)
