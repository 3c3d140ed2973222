"""Appeals: what the measured say, and the decision of somebody who had no part in the measure."""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import web

from node.actions import appeal
from node.errors import Invalid
from node.panel.asking import number_in
from node.panel.embedded import embed
from node.panel.sheets import sheet
from node.panel.tables import Column, shown
from node.store.moderation import appeals, measures
from node.store.people import actors
from node.theming.frame import Frame, frame
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.wording.log_sentences import MEASURES
from schemas.limits import APPEALS_SHOWN
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/appeals"
COLUMNS = (
    Column(name="who", label=msgid("Appeal")),
    Column(name="measure", label=msgid("Measure")),
    Column(name="when", label=msgid("When")),
    Column(name="state", label=msgid("State")),
)
DONE = {"grant": msgid("Lifted, and they are told."), "uphold": msgid("It stands, and they are told.")}


async def show_appeals(request: web.Request) -> web.Response:
    """GET /admin/appeals, for mandates with the permission moderate_accounts."""
    async with reading(request) as db:
        who = await signed_in(request, db, appeal.PERMISSION)
        around = await frame(request, db)
        found = {
            name: await appeals.list_of(db, who.account.id, undecided=name == "waiting", limit=APPEALS_SHOWN)
            for name in ("waiting", "decided")
        }
    values = {name: sheet(request, name, COLUMNS, rows, partial(_cells, around)) for name, rows in found.items()}
    return await shown(request, "panel/appeals.html", around, values)


def _cells(around: Frame, one: appeals.Appeal) -> tuple[object, ...]:
    state = {None: "open", True: "lifted", False: "stands"}[one.granted]
    return (one.handle, around.say(MEASURES.get(one.kind, one.kind)), one.created_at, state)


async def show_appeal(request: web.Request) -> web.Response:
    """GET /admin/appeals/{id}."""
    return await _page(request, Form({}))


async def decide_appeal(request: web.Request) -> web.Response:
    """POST /admin/appeals/{id}: lift the measure or let it stand; refused to who took it."""
    fields = await posted(request)
    written, deed = entered(fields), fields.get("deed", "")
    async with reading(request) as db:
        await signed_in(request, db, appeal.PERMISSION)
        around = await frame(request, db)
    try:
        if deed not in DONE:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(DONE)})])
        async with writing(request) as db:
            who = await signed_in(request, db, appeal.PERMISSION)
            answer = Form(written).value("answer")
            number = number_in(request)
            await appeal.decide(request.app[NODE], db, who, number, granted=deed == "grant", answer=answer)
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, ("answer",), around.language))
    await sessions.say(request, around.say(DONE[deed]))
    raise web.HTTPSeeOther(PATH)


async def _page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        who = await signed_in(request, db, appeal.PERMISSION)
        around = await frame(request, db)
        found = await appeals.get(db, number_in(request), who.account.id)
        values: dict[str, Any] = {
            "form": form,
            "appeal": found,
            "measures": [await measures.get(db, found.measure_id)],
            "measured": await actors.find(db, found.target),
        }
    values = embed(request, around, values)
    return await shown(request, "panel/appeal.html", around, values, status=422 if form.problems else 200)
