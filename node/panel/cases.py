"""The list of cases: found by state, reason, server and whose they are, and some of them handled at once."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from node.actions import cases as deeds
from node.errors import Conflict, Invalid
from node.panel.asking import domain_of
from node.panel.tables import Column, Deed, Look, board, chosen, shown
from node.store.db import Db
from node.store.moderation import cases
from node.store.moderation.cases import Sought
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, local_path, posted
from node.web.handlers import query, reading, signed_in, writing
from node.web.keys import NODE
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/reports"
COLUMNS = (
    Column(name="number", label=msgid("Report")),
    Column(name="about", label=msgid("About")),
    Column(name="from", label=msgid("From")),
    Column(name="when", label=msgid("When")),
    Column(name="assigned", label=msgid("Whose")),
    Column(name="state", label=msgid("State")),
)
DEEDS = (
    Deed(name="mine", label=msgid("I take them")),
    Deed(name="no_breach", label=msgid("Close: no rule was broken")),
    Deed(name="acted", label=msgid("Close: something was done")),
)
DONE = msgid("Done with {number} of them.")


class Asked(Look, frozen=True, kw_only=True):
    """Which cases, and how they are to be shown."""

    state: Literal["open", "closed", "all"] = "open"
    whose: Literal["", "mine", "nobody"] = ""
    source: Literal["", "members", "servers", "visitors"] = ""
    category: str | None = None
    host: str = ""


async def show_reports(request: web.Request) -> web.Response:
    """GET /admin/reports, for mandates with the permission see_cases."""
    asked = query(request, Asked)
    async with reading(request) as db:
        who = await signed_in(request, db, "see_cases")
        around = await frame(request, db)
        sought = Sought(
            state=asked.state,
            whose=asked.whose,
            source=asked.source,
            category=asked.category,
            host=domain_of(asked.host.strip()) or asked.host.strip() or None,
            account_id=who.account.id,
            not_about=await deeds.kept_from(db, who),
        )
        found = await cases.list_of(db, sought, asked.slice(newest_first="number"))
    values = {
        "form": Form(
            {name: [str(getattr(asked, name) or "")] for name in ("q", "state", "whose", "source", "category", "host")}
        ),
        "board": board(request, COLUMNS, asked, found, key=lambda one: str(one.id), deeds=DEEDS),
    }
    return await shown(request, "panel/reports.html", around, values)


async def change_reports(request: web.Request) -> web.Response:
    """POST /admin/reports: do something with the ticked ones, after a look at which they are."""
    fields = await posted(request)
    deed, back = fields.get("deed", ""), local_path(fields.get("return_to"), PATH)
    known = {one.name: one for one in DEEDS}
    async with reading(request) as db:
        await signed_in(request, db, "see_cases")
        numbers = [int(one) for one in chosen(fields) if one.isascii() and one.isdecimal() and len(one) < 19]
        around = await frame(request, db)
        if deed not in known:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(known)})])
        found = [await cases.get(db, number) for number in numbers]
    if fields.get("sure") != "yes":
        values = {"cases": found, "deed": known[deed], "return_to": back}
        return render(request, "panel/cases_sure.html", around, values)
    done = 0
    for number in numbers:
        async with writing(request) as db:
            done += await _do(request, db, deed, number)
    await sessions.say(request, around.say(DONE, number=done))
    raise web.HTTPSeeOther(back)


async def _do(request: web.Request, db: Db, deed: str, number: int) -> bool:
    who = await signed_in(request, db, "see_cases")
    try:
        if deed == "mine":
            await deeds.assign(db, who, number, who.account.id)
        elif deed == "acted":
            await deeds.close(request.app[NODE], db, who, number, "acted", "")
        else:
            await deeds.close(request.app[NODE], db, who, number, "no_breach", "")
    except Conflict:
        return False
    return True
