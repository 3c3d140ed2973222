"""What is done with a measure that is there: confirm, end, or let it stand when its review is due."""

from __future__ import annotations

from aiohttp import web

from node.actions import moderate
from node.errors import Invalid
from node.panel.asking import any_of, number_in
from node.theming.frame import frame
from node.web import sessions
from node.web.forms import local_path, posted
from node.web.handlers import writing
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

DONE = {
    "confirm": msgid("Confirmed. It is in force now."),
    "end": msgid("Ended."),
    "keep": msgid("It stands. Its next review is in thirty days."),
}


async def change_measure(request: web.Request) -> web.Response:
    """POST /admin/measures/{id}: for those who may take such a measure themselves."""
    fields = await posted(request)
    deed = fields.get("deed", "")
    async with writing(request) as db:
        who = await any_of(request, db, tuple(moderate.PERMISSION.values()))
        around = await frame(request, db)
        if deed not in DONE:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(DONE)})])
        number = number_in(request)
        if deed == "confirm":
            await moderate.confirm(db, who, number)
        elif deed == "end":
            await moderate.end(db, who, number)
        else:
            await moderate.keep(db, who, number)
    await sessions.say(request, around.say(DONE[deed]))
    raise web.HTTPSeeOther(local_path(fields.get("return_to"), "/admin"))
