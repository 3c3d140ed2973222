"""Organisations that publish here, and who speaks for them."""

from __future__ import annotations

import asyncio

from aiohttp import web

from node.actions import organise
from node.actions.admit import RIGHT
from node.actions.organise import NewOrganisation
from node.errors import Conflict, Invalid
from node.panel.asking import number_in, number_of
from node.panel.sheets import sheet
from node.panel.tables import Column, Deed, chosen, shown
from node.store.people import actors, editors
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import URLS
from schemas.limits import ORGANISATIONS_MOST
from schemas.reasons import msgid

PATH = "/admin/organisations"
FIELDS = ("name", "display_name", "summary", "kind")
COLUMNS = (
    Column(name="name", label=msgid("Name")),
    Column(name="handle", label=msgid("Handle")),
    Column(name="editors", label=msgid("Editors")),
)
EDITORS = (Column(name="who", label=msgid("Who")), Column(name="since", label=msgid("Since")))
DEEDS = (Deed(name="drop", label=msgid("Take away"), danger=True),)
MADE = msgid("Made. Now name who speaks for it.")
NAMED = msgid("They can publish as it from now on.")
DROPPED = msgid("They can publish as it no more.")


async def show_organisations(request: web.Request) -> web.Response:
    """GET /admin/organisations, for manage_members."""
    return await _list(request, Form({"kind": ["Organization"]}))


async def add_organisation(request: web.Request) -> web.Response:
    """POST /admin/organisations: make one."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    form = Form(sent)
    new = NewOrganisation(
        name=form.value("name").removeprefix("@").lower(),
        display_name=form.value("display_name"),
        summary=form.value("summary"),
        kind=form.value("kind"),
    )
    keys = await asyncio.to_thread(actors.make_keys)
    try:
        async with writing(request) as db:
            made = await organise.create(db, request.app[URLS], await signed_in(request, db, RIGHT), new, keys)
    except Invalid as error:
        return await _list(request, with_problems(sent, error.problems, FIELDS, around.language))
    await sessions.say(request, around.say(MADE))
    raise web.HTTPSeeOther(f"{PATH}/{made.id}")


async def show_organisation(request: web.Request) -> web.Response:
    """GET /admin/organisations/{id}: who speaks for it."""
    return await _one(request, Form({}))


async def change_organisation(request: web.Request) -> web.Response:
    """POST /admin/organisations/{id}: name an editor, or take one away."""
    fields = await posted(request)
    sent = entered(fields)
    form, number = Form(sent), number_in(request)
    dropped = [number_of(one) for one in chosen(fields)] if form.value("deed") == "drop" else []
    if dropped and form.value("sure") != "yes":
        return await _preview(request, number, dropped)
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, RIGHT)
            around = await frame(request, db)
            if dropped:
                for one in dropped:
                    await organise.drop_editor(db, who, number, one)
            else:
                await organise.name_editor(db, who, number, form.value("name"))
    except Invalid as error:
        return await _one(request, with_problems(sent, error.problems, ("name",), around.language))
    except Conflict as error:
        return await _one(request, Form(sent, {"name": [around.say(error.message)]}))
    await sessions.say(request, around.say(DROPPED if dropped else NAMED))
    raise web.HTTPSeeOther(f"{PATH}/{number}")


async def _preview(request: web.Request, number: int, ticked: list[int]) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        one = await organise.organisation(db, number)
        found = [who for who in await editors.list_of(db, one.id) if who.account_id in ticked]
    return render(request, "panel/organisation_sure.html", around, {"one": one, "editors": found})


async def _list(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await editors.list_organisations(db, ORGANISATIONS_MOST)
    organisations = sheet(
        request, "organisations", COLUMNS, found, lambda one: (one[0].display_name, one[0].name, one[1])
    )
    values = {"form": form, "organisations": organisations}
    return await shown(request, "panel/organisations.html", around, values, status=422 if form.problems else 200)


async def _one(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        one = await organise.organisation(db, number_in(request))
        found = await editors.list_of(db, one.id)
    speakers = sheet(
        request,
        "editors",
        EDITORS,
        found,
        lambda who: (who.name, who.since),
        key=lambda who: str(who.account_id),
        deeds=DEEDS,
    )
    values = {"form": form, "one": one, "editors": speakers}
    return await shown(request, "panel/organisation.html", around, values, status=422 if form.problems else 200)
