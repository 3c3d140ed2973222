"""/admin/settings/emoji: the hub's own emoji: add one, sort it, switch it off and on."""

from __future__ import annotations

from aiohttp import web

from node.actions import emojis as deeds
from node.errors import Conflict, Invalid
from node.panel.settings import RIGHT, SAVED
from node.panel.sheets import sheet
from node.panel.tables import Column, Deed, chosen, shown
from node.store.db import Db
from node.store.files import own_emojis
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.uploads import receive_upload, takes_files
from schemas.limits import SIDE_EMOJI
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, msgid

PATH = "/admin/settings/emoji"
FIELDS = ("shortcode", "file", "category")
COLUMNS = (
    Column(name="shortcode", label=msgid("Short name")),
    Column(name="picture", label=msgid("Picture"), sorts=False, says=False),
    Column(name="category", label=msgid("Category")),
    Column(name="state", label=msgid("State")),
)
DEEDS = {
    "sort": Deed(name="sort", label=msgid("Put under a category")),
    "on": Deed(name="on", label=msgid("Switch on")),
    "off": Deed(name="off", label=msgid("Switch off"), danger=True),
}


async def show_emojis(request: web.Request) -> web.Response:
    """GET: those there are, and a form for another one."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        return await _page(request, db, await frame(request, db), Form({}))


@takes_files
async def change_emojis(request: web.Request) -> web.Response:
    """POST: one deed."""
    fields = await posted(request)
    sent = entered(fields)
    form = Form(sent)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        if form.value("deed") == "add":
            await _add(request, form)
        elif deed := DEEDS.get(form.value("deed")):
            names = chosen(fields)
            if form.value("sure") != "yes":
                values = {"form": form, "names": names, "deed": deed, "return_to": PATH}
                return render(request, "panel/emojis_sure.html", around, values)
            await _change(request, deed.name, names, form.value("category"))
        else:
            raise Invalid([Problem(field="", reason=NOT_A_CHOICE, values={"choices": ", ".join(DEEDS)})])
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


async def _change(request: web.Request, deed: str, names: list[str], category: str) -> None:
    """One deed on the ticked ones; those that are as they shall be stay so."""
    async with writing(request) as db:
        who = await signed_in(request, db, RIGHT)
        known = {one.shortcode: one for one in await own_emojis.list_all(db)}
        for name in names:
            if deed == "sort":
                await deeds.put_in(db, who, name, category)
            elif name not in known or (known[name].disabled_at is None) != (deed == "on"):
                await deeds.switch(db, who, name, on=deed == "on")


async def _page(request: web.Request, db: Db, around: Frame, form: Form) -> web.Response:
    emojis = sheet(
        request,
        "emoji",
        COLUMNS,
        await own_emojis.list_all(db),
        lambda one: (one.shortcode, one.path, one.category, "off" if one.disabled_at else "on"),
        key=lambda one: one.shortcode,
        deeds=tuple(DEEDS.values()),
    )
    values = {"form": form, "emojis": emojis}
    return await shown(request, "panel/emojis.html", around, values, status=422 if form.problems else 200)
