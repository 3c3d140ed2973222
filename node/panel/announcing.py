"""/admin/settings/announcements: tell all members something, in the languages of the hub, now or later, and until when;
and take it back."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from node.actions import announce as deeds
from node.errors import Invalid
from node.panel.asking import number_of
from node.panel.settings import RIGHT, by_language, tongues
from node.panel.sheets import sheet
from node.panel.tables import Column, Deed, chosen, shown
from node.store.db import Db
from node.store.hub import announcing
from node.store.hub.announcing import Told
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import URLS
from node.wording.moments import known_zone
from node.wording.showing import plain
from schemas.limits import ANNOUNCEMENTS_SHOWN
from schemas.problems import Problem
from schemas.reasons import NO_WALL_TIME, msgid

PATH = "/admin/settings/announcements"
COLUMNS = (
    Column(name="words", label=msgid("Words")),
    Column(name="when", label=msgid("When")),
    Column(name="state", label=msgid("State")),
    Column(name="readers", label=msgid("Put away by")),
)
DEEDS = (Deed(name="take_back", label=msgid("Take it back"), danger=True),)
TIMES = ("at", "starts_at", "ends_at")
TOLD = msgid("Done. Members read it in their apps.")
BACK = msgid("Taken back.")


async def show_announcements(request: web.Request) -> web.Response:
    """GET: what was told, and a form for more."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        return await _page(request, db, await frame(request, db), Form({}))


async def change_announcements(request: web.Request) -> web.Response:
    """POST: announce something, or take it back."""
    fields = await posted(request)
    sent = entered(fields)
    form = Form(sent)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        if form.value("deed") == "take_back":
            numbers = chosen(fields)
            if form.value("sure") != "yes":
                return render(request, "panel/announcements_sure.html", around, await _ticked(request, numbers))
            await _take_back(request, numbers)
        else:
            await _tell(request, around, form)
    except Invalid as error:
        first = tongues(around)[0]
        problems = [
            Problem(field=f"text.{first}" if one.field == "text" else one.field, reason=one.reason, values=one.values)
            for one in error.problems
        ]
        known = (*TIMES, *(f"text.{code}" for code in tongues(around)))
        async with reading(request) as db:
            return await _page(request, db, around, with_problems(sent, problems, known, around.language))
    await sessions.say(request, around.say(BACK if form.value("deed") == "take_back" else TOLD))
    raise web.HTTPSeeOther(PATH)


async def _tell(request: web.Request, around: Frame, form: Form) -> None:
    moments = {name: _moment(form, name, around.zone) for name in TIMES}
    texts = by_language(form.entered, "text")
    ordered = {code: texts[code] for code in tongues(around) if code in texts}
    async with writing(request) as db:
        await deeds.compose(db, request.app[URLS], await signed_in(request, db, RIGHT), ordered, **moments)


async def _take_back(request: web.Request, numbers: list[str]) -> None:
    async with writing(request) as db:
        who = await signed_in(request, db, RIGHT)
        over = {one.id for one in await announcing.list_of(db, ANNOUNCEMENTS_SHOWN) if one.over}
        for number in (number_of(one) for one in numbers):
            if number not in over:
                await deeds.take_back(db, who, number)


async def _ticked(request: web.Request, numbers: list[str]) -> dict[str, object]:
    async with reading(request) as db:
        told = await announcing.list_of(db, ANNOUNCEMENTS_SHOWN)
    return {"told": [one for one in told if str(one.id) in numbers and not one.over], "return_to": PATH}


def _words(one: Told) -> str:
    """What an announcement says, in its first language."""
    first = one.versions[0]
    return first.source or plain(first.content)


def _moment(form: Form, name: str, zone: str) -> datetime | None:
    """A moment on the reader's clock."""
    written = form.value(name)
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise Invalid([Problem(field=name, reason=NO_WALL_TIME)]) from None
    return read if read.tzinfo else read.replace(tzinfo=known_zone(zone))


async def _page(request: web.Request, db: Db, around: Frame, form: Form) -> web.Response:
    told = sheet(
        request,
        "told",
        COLUMNS,
        await announcing.list_of(db, ANNOUNCEMENTS_SHOWN),
        lambda one: (_words(one), one.published_at, "over" if one.over else "told" if one.told_at else "", one.readers),
        key=lambda one: str(one.id),
        deeds=DEEDS,
    )
    values = {"form": form, "told": told, "words_of": _words, "tongues": tongues(around)}
    return await shown(request, "panel/announcements.html", around, values, status=422 if form.problems else 200)
