"""/admin/settings/emoji: the hub's own emoji: add one, sort it, switch it off and on."""

from __future__ import annotations

from aiohttp import web

from node import sessions
from node.actions import emojis as deeds
from node.errors import Conflict, Invalid
from node.forms import Form, entered, posted, with_problems
from node.frame import Frame, frame, render
from node.panel.settings import RIGHT, SAVED
from node.store import own_emojis
from node.store.db import Db
from node.uploads import receive_upload, takes_files
from node.web import reading, signed_in, writing
from schemas.limits import SIDE_EMOJI
from schemas.problems import Problem
from schemas.reasons import EMPTY

PATH = "/admin/settings/emoji"
FIELDS = ("shortcode", "file", "category")


async def show_emojis(request: web.Request) -> web.Response:
    """GET: those there are, and a form for another one."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        return await _page(request, db, await frame(request, db), Form({}))


@takes_files
async def change_emojis(request: web.Request) -> web.Response:
    """POST: one deed."""
    sent = entered(await posted(request))
    form = Form(sent)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        if form.value("deed") == "add":
            await _add(request, form)
        else:
            async with writing(request) as db:
                await _change(request, db, form)
    except (Invalid, Conflict) as error:
        found = error.problems if isinstance(error, Invalid) else [Problem(field="", reason=error.message)]
        async with reading(request) as db:
            return await _page(request, db, around, with_problems(sent, found, FIELDS, around.language))
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther(PATH)


async def _add(request: web.Request, form: Form) -> None:
    shortcode, category = form.value("shortcode").strip(":"), form.value("category")
    async with reading(request) as db:
        await deeds.check(db, await signed_in(request, db, RIGHT), shortcode, category)
    medium = await receive_upload(request, "file", side=SIDE_EMOJI)
    if medium is None:
        raise Invalid([Problem(field="file", reason=EMPTY)])
    async with writing(request) as db:
        await deeds.add(db, await signed_in(request, db, RIGHT), shortcode, medium, category)


async def _change(request: web.Request, db: Db, form: Form) -> None:
    who, shortcode = await signed_in(request, db, RIGHT), form.value("emoji")
    if form.value("deed") == "sort":
        await deeds.put_in(db, who, shortcode, form.value("category"))
    else:
        await deeds.switch(db, who, shortcode, on=form.value("deed") == "on")


async def _page(request: web.Request, db: Db, around: Frame, form: Form) -> web.Response:
    values = {"form": form, "emojis": await own_emojis.list_all(db)}
    return render(request, "panel/emojis.html", around, values, status=422 if form.problems else 200)
