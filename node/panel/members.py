"""The register of members: a table, one entry, everything about one person, and a file taken in after a look at it."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions import register
from node.actions.admit import RIGHT
from node.errors import Conflict, Invalid, NotFound
from node.panel.asking import number_in
from node.panel.tables import Column, Deed, Look, as_csv, board, chosen
from node.store.members import members
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, local_path, posted, with_problems
from node.web.handlers import query, reading, signed_in, writing
from schemas.members import DUES, FIELDS, KINDS, PURPOSES
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/members"
COLUMNS = (
    Column(name="number", label=msgid("Number")),
    Column(name="name", label=msgid("Name")),
    Column(name="category", label=msgid("Class")),
    Column(name="since", label=msgid("Member since")),
    Column(name="shares", label=msgid("Shares")),
    Column(name="dues", label=msgid("Dues")),
)
IN_FILES = tuple(Column(name=one, label=one) for one in (*FIELDS, "consents", "account"))
DEEDS = (
    Deed(name="paid", label=msgid("Dues paid")),
    Deed(name="due", label=msgid("Dues owed")),
    Deed(name="erase", label=msgid("Erase from the register"), danger=True),
)
KEPT = msgid("Kept.")
DONE = msgid("Done with {number} of them.")


class Asked(Look, frozen=True, kw_only=True):
    """Which entries, and how they are to be shown."""

    state: members.State = "now"


async def show_members(request: web.Request) -> web.Response:
    """GET /admin/members, for manage_members; as a file with every column, which can be taken in again."""
    asked = query(request, Asked)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await members.list_of(db, asked.state, asked.slice())
    if asked.format == "csv":
        rows = (
            (m.number, m.name, m.kind, m.category, m.email, m.address, m.since, m.until, m.shares, m.dues, m.notes,
             m.keep_until, " ".join(m.consents), m.handle)
            for m in found
        )  # fmt: skip
        return as_csv("members", IN_FILES, rows, around)
    values = {
        "form": Form({"q": [asked.q], "state": [asked.state]}),
        "board": board(request, COLUMNS, asked, found, key=lambda one: str(one.id), deeds=DEEDS),
    }
    return render(request, "panel/members.html", around, values)


async def change_members(request: web.Request) -> web.Response:
    """POST /admin/members: one deed with the ticked ones, after a look at who they are."""
    fields = await posted(request)
    back = local_path(fields.get("return_to"), PATH)
    deed = next((one for one in DEEDS if one.name == fields.get("deed", "")), None)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        if deed is None:
            choices = ", ".join(one.name for one in DEEDS)
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": choices})])
        numbers = [int(one) for one in chosen(fields) if one.isascii() and one.isdecimal() and len(one) < 19]
        found = [one for number in numbers if (one := await members.find(db, number))]
    if fields.get("sure") != "yes":
        values = {"found": found, "deed": deed, "return_to": back}
        return render(request, "panel/members_sure.html", around, values)
    async with writing(request) as db:
        await signed_in(request, db, RIGHT)
        if deed.name == "erase":
            await members.erase(db, numbers)
        else:
            await members.set_dues(db, numbers, "paid" if deed.name == "paid" else "due")
    await sessions.say(request, around.say(DONE, number=len(found)))
    raise web.HTTPSeeOther(back)


async def show_new_member(request: web.Request) -> web.Response:
    """GET /admin/members/new."""
    return await _page(request, None, Form({"kind": ["person"], "dues": ["none"]}))


async def add_member(request: web.Request) -> web.Response:
    """POST /admin/members/new."""
    return await _write(request, None)


async def show_member(request: web.Request) -> web.Response:
    """GET /admin/members/{id}."""
    return await _page(request, number_in(request), None)


async def change_member(request: web.Request) -> web.Response:
    """POST /admin/members/{id}."""
    return await _write(request, number_in(request))


async def extract_member(request: web.Request) -> web.Response:
    """GET /admin/members/{id}/extract: all that is kept about one person, as a file for them."""
    number = number_in(request)
    async with reading(request) as db:
        told = await register.extract(db, await signed_in(request, db, RIGHT), number)
    headers = {"Content-Disposition": f'attachment; filename="member-{number}.json"', "Cache-Control": "no-store"}
    body = msgspec.json.format(msgspec.json.encode(told), indent=2)
    return web.Response(body=body, content_type="application/json", headers=headers)


async def _write(request: web.Request, number: int | None) -> web.Response:
    sent = entered(await posted(request))
    form = Form(sent)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    typed = {name: form.value(name) for name in FIELDS}
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, RIGHT)
            purposes = form.values("consents")
            number = await register.write(db, who, number, typed, purposes, form.value("handle"))
    except Invalid as error:
        return await _page(request, number, with_problems(sent, error.problems, (*FIELDS, "handle"), around.language))
    except Conflict as error:
        return await _page(request, number, Form(sent, {"number": [around.say(error.message)]}))
    await sessions.say(request, around.say(KEPT))
    raise web.HTTPSeeOther(f"{PATH}/{number}")


async def _page(request: web.Request, number: int | None, form: Form | None) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await members.find(db, number) if number is not None else None
    if number is not None and found is None:
        raise NotFound
    if form is None and found is not None:
        said = {name: getattr(found, "category" if name == "class" else name) for name in FIELDS}
        fields = {name: [str(value)] if value is not None else [] for name, value in said.items()}
        form = Form({**fields, "handle": [found.handle or ""], "consents": list(found.consents)})
    values = {"form": form, "one": found, "kinds": KINDS, "dues": DUES, "purposes": PURPOSES}
    status = 422 if form and form.problems else 200
    return render(request, "panel/member.html", around, values, status=status)
