"""The draft box: what lists and the circle propose, with what each would break; decided one by one or some at once."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from node.actions import domain_lists as deeds
from node.errors import Invalid
from node.panel.tables import Column, Deed, Look, board, chosen, shown
from node.store.moderation import domain_lists, drafts
from node.store.moderation.drafts import Kind, Sought
from node.store.tabular import Slice
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, local_path, posted
from node.web.handlers import query, reading, signed_in, writing
from schemas.limits import LISTS_MOST, TABLE_CHOSEN
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/drafts"
COLUMNS = (
    Column(name="domain", label=msgid("Server")),
    Column(name="kind", label=msgid("Measure")),
    Column(name="source", label=msgid("From")),
    Column(name="why", label=msgid("Why")),
    Column(name="breaks", label=msgid("What it would break"), sorts=False),
    Column(name="when", label=msgid("When")),
)
DEEDS = (
    Deed(name="accept", label=msgid("Accept them"), danger=True),
    Deed(name="reject", label=msgid("Reject them")),
)
DONE = msgid("Done with {number} of them.")


class Asked(Look, frozen=True, kw_only=True):
    """Which drafts, and how they are to be shown."""

    list_id: int | None = None
    kind: Kind | None = None
    state: Literal["waiting", "accepted", "rejected", "withdrawn"] = "waiting"
    known: bool = False


async def show_drafts(request: web.Request) -> web.Response:
    """GET /admin/drafts, for mandates with the permission moderate_servers."""
    asked = query(request, Asked)
    sought = Sought(state=asked.state, list_id=asked.list_id, kind=asked.kind, known=asked.known)
    async with reading(request) as db:
        await signed_in(request, db, deeds.PERMISSION)
        around = await frame(request, db)
        found = await drafts.list_of(db, sought, asked.slice())
        lists = await domain_lists.list_all(db, LISTS_MOST)
    entered = {"q": asked.q, "list_id": asked.list_id, "kind": asked.kind, "state": asked.state}
    form = {name: ["" if value is None else str(value)] for name, value in entered.items()}
    values = {
        "form": Form(form | {"known": ["true" if asked.known else ""]}),
        "lists": lists,
        "board": board(
            request,
            COLUMNS,
            asked,
            found,
            key=lambda one: str(one.id),
            deeds=DEEDS if asked.state == "waiting" else (),
        ),
    }
    return await shown(request, "panel/drafts.html", around, values)


async def decide_drafts(request: web.Request) -> web.Response:
    """POST /admin/drafts: accept or reject the ticked ones, after a look at what that breaks."""
    fields = await posted(request)
    deed, back = fields.get("deed", ""), local_path(fields.get("return_to"), PATH)
    known = {one.name: one for one in DEEDS}
    async with reading(request) as db:
        await signed_in(request, db, deeds.PERMISSION)
        numbers = [int(one) for one in chosen(fields) if one.isascii() and one.isdecimal() and len(one) < 19]
        around = await frame(request, db)
        if deed not in known:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(known)})])
        found = await drafts.list_of(db, Sought(ids=numbers), Slice(limit=TABLE_CHOSEN))
    if fields.get("sure") != "yes":
        values = {"drafts": found, "deed": known[deed], "return_to": back, "ties": sum(one.ties for one in found)}
        return render(request, "panel/drafts_sure.html", around, values)
    done = 0
    async with writing(request) as db:
        who = await signed_in(request, db, deeds.PERMISSION)
        done = await deeds.decide(db, who, numbers, accept=deed == "accept")
    await sessions.say(request, around.say(DONE, number=done))
    raise web.HTTPSeeOther(back)
