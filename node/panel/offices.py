"""A member's own offices: what is offered to them, what they hold and hand over, and whose deputy they are."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from node.actions import offices
from node.errors import Conflict, Invalid
from node.panel.roles import items_of
from node.store.db import Db
from node.store.members import mandates, offers
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Viewer

PATH = "/offices"
TAKEN = msgid("The office is yours from the day on which it begins.")
SAID = {
    "take": msgid("The office is yours now."),
    "decline": msgid("You said no."),
    "agree": msgid("You are the deputy now."),
    "refuse": msgid("You are not the deputy."),
    "lay_down": msgid("You hold this office no longer."),
    "handover": msgid("Saved."),
}


async def show_offices(request: web.Request) -> web.Response:
    """GET /offices of whoever is signed in."""
    return await _page(request, Form({}))


async def change_offices(request: web.Request) -> web.Response:
    """POST /offices: take or decline an offer, agree to be deputy, lay an office down, write what is handed over."""
    fields = await posted(request)
    written, deed = entered(fields), fields.get("deed", "")
    async with reading(request) as db:
        await signed_in(request, db)
        around = await frame(request, db)
    try:
        async with writing(request) as db:
            who = await signed_in(request, db)
            said = await _do(db, who, deed, Form(written))
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, ("handover",), around.language))
    except Conflict as error:
        return await _page(request, Form(written, {"": [around.say(error.message, **error.values)]}))
    if deed in ("take", "agree"):
        await sessions.begin(request, who.account)  # whoever may do more does it under a new key (case 131)
    await sessions.say(request, around.say(said))
    raise web.HTTPSeeOther(PATH)


async def _do(db: Db, who: Viewer, deed: str, form: Form) -> str:
    """What to tell them then (a msgid)."""
    text = form.value("id")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
    match deed:
        case "take":
            begun = await offices.take(db, who, number)
            return TAKEN if begun.starts_at > datetime.now(UTC) else SAID[deed]
        case "decline":
            await offices.decline(db, who, number)
        case "agree" | "refuse":
            await offices.answer_as_deputy(db, who, number, agrees=deed == "agree")
        case "lay_down":
            await offices.lay_down(db, who, number)
        case "handover":
            await offices.hand_over(db, who, number, items_of(form))
        case _:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAID)})])
    return SAID[deed]


async def _page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        held = await mandates.list_held(db)
        waiting = await offers.list_open(db, who.account.id)
        given_up = {one.mandate.id: one for one in held}
        values = {
            "form": form,
            "offers": [(one, given_up.get(one.from_mandate_id or 0)) for one in waiting],
            "mine": [one for one in held if one.mandate.account_id == who.account.id],
            "coming": [one for one in await mandates.list_coming(db) if one.mandate.account_id == who.account.id],
            "deputising": [one for one in held if one.mandate.deputy_id == who.account.id],
        }
    return render(request, "panel/offices.html", around, values, status=422 if form.problems else 200)
