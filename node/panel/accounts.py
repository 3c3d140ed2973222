"""People: who is here and who is known elsewhere, and for each their history and the measures that can be taken."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.actions import moderate
from node.actions.moderate import KINDS, Order
from node.errors import Conflict, Invalid
from node.panel import tables
from node.panel.asking import number_in, number_of, order_of
from node.panel.embedded import embed
from node.panel.servers import IN_FORCE, WAITS
from node.panel.tables import Column, Deed, Look, chosen, shown
from node.store.db import Db
from node.store.members import account_list, accounts, mandates
from node.store.members.account_list import State
from node.store.moderation import measures
from node.store.people import actors
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, local_path, posted, with_problems
from node.web.handlers import query, reading, signed_in, writing
from schemas.limits import MEASURES_SHOWN
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Viewer

RIGHT, PATH = "moderate_accounts", "/admin/accounts"
FIELDS = ("kind", "private_reason", "public_reason", "ends_at", "at_once")
COLUMNS = (
    Column(name="name", label=msgid("Name")),
    Column(name="host", label=msgid("Server")),
    Column(name="since", label=msgid("Known since")),
    Column(name="seen", label=msgid("Last seen")),
    Column(name="roles", label=msgid("Offices")),
    Column(name="measures", label=msgid("Measures")),
)
DEEDS = (
    Deed(name="limit", label=msgid("Limit"), danger=True),
    Deed(name="suspend", label=msgid("Suspend"), danger=True),
)
DONE = msgid("Done with {number} of them.")


class Asked(Look, frozen=True, kw_only=True):
    """Which people."""

    state: State = "here"


async def show_accounts(request: web.Request) -> web.Response:
    """GET /admin/accounts, for mandates with the permission moderate_accounts."""
    asked = query(request, Asked)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await account_list.list_of(db, asked.state, asked.slice())
    values = {
        "form": Form({"q": [asked.q], "state": [asked.state]}),
        "board": tables.board(request, COLUMNS, asked, found, key=lambda one: str(one.id), deeds=DEEDS),
    }
    return await shown(request, "panel/accounts.html", around, values)


async def show_account(request: web.Request) -> web.Response:
    """GET /admin/accounts/{id}: one person, what was ever done about them, and the form for a measure."""
    return await _page(request, Form({}))


async def take_measure(request: web.Request) -> web.Response:
    """POST /admin/accounts/{id}/measures."""
    written, number = entered(await posted(request)), number_in(request)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        about = await actors.get(db, number)
    try:
        order = order_of(written, "actor", about.uri, around.zone)
        async with writing(request) as db:
            measure = await moderate.take(db, await signed_in(request, db, RIGHT), order)
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, FIELDS, around.language))
    except Conflict as error:
        return await _page(request, Form(written, {"kind": [around.say(error.message, **error.values)]}))
    await sessions.say(request, around.say(WAITS if measure.state == "proposed" else IN_FORCE))
    raise web.HTTPSeeOther(f"/admin/accounts/{number}")


async def take_measures(request: web.Request) -> web.Response:
    """POST /admin/accounts: the same measure on each of the ticked, after a look at who they are; those on whom it is
    in force already, or cannot be taken, stay as they are."""
    fields = await posted(request)
    written, back = entered(fields), local_path(fields.get("return_to"), PATH)
    deed = next((one for one in DEEDS if one.name == fields.get("deed", "")), None)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        if deed is None:
            choices = ", ".join(one.name for one in DEEDS)
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": choices})])
        found = [await actors.get(db, number_of(one)) for one in chosen(fields)]
    values: dict[str, Any] = {"people": found, "deed": deed, "return_to": back, "form": Form(written)}
    if fields.get("sure") != "yes":
        return render(request, "panel/accounts_sure.html", around, values)
    done = 0
    try:
        for one in found:
            order = order_of(written | {"kind": [deed.name]}, "actor", one.uri, around.zone)
            async with writing(request) as db:
                done += await _took(db, await signed_in(request, db, RIGHT), order)
    except Invalid as error:
        values["form"] = with_problems(written, error.problems, FIELDS, around.language)
        return render(request, "panel/accounts_sure.html", around, values, status=422)
    await sessions.say(request, around.say(DONE, number=done))
    raise web.HTTPSeeOther(back)


async def _took(db: Db, who: Viewer, order: Order) -> bool:
    try:
        await moderate.take(db, who, order)
    except Conflict:
        return False
    return True


async def _page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        about = await actors.get(db, number_in(request))
        account = await accounts.find_by_actor(db, about.id) if about.local else None
        values: dict[str, Any] = {
            "form": form,
            "about": about,
            "account": account,
            "offices": await mandates.list_of(db, account.id) if account else [],
            "kinds": KINDS["actor"] if about.role_here not in ("hub", "instance", "log") else (),
            "measures": await measures.list_of(db, "actor", about.uri, MEASURES_SHOWN),
            "server_measures": []
            if about.local
            else [
                one for one in await measures.list_of(db, "domain", about.host, MEASURES_SHOWN) if one.state != "ended"
            ],
        }
    values = embed(request, around, values)
    return await shown(request, "panel/account.html", around, values, status=422 if form.problems else 200)
