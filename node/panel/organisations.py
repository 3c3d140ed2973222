"""Organisations that publish here, and who speaks for them."""

from __future__ import annotations

import asyncio

from aiohttp import web

from node import sessions
from node.actions import organise
from node.actions.admit import RIGHT
from node.actions.organise import NewOrganisation
from node.errors import Conflict, Invalid
from node.forms import Form, entered, posted, with_problems
from node.frame import frame, render
from node.keys import URLS
from node.panel.asking import number_in, number_of
from node.store import actors, editors
from node.web import reading, signed_in, writing
from schemas.limits import ORGANISATIONS_MOST
from schemas.reasons import msgid

PATH = "/admin/organisations"
FIELDS = ("name", "display_name", "summary", "kind")
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
    sent = entered(await posted(request))
    form, number = Form(sent), number_in(request)
    dropped = form.value("drop")
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, RIGHT)
            around = await frame(request, db)
            if dropped:
                await organise.drop_editor(db, who, number, number_of(dropped))
            else:
                await organise.name_editor(db, who, number, form.value("name"))
    except Invalid as error:
        return await _one(request, with_problems(sent, error.problems, ("name",), around.language))
    except Conflict as error:
        return await _one(request, Form(sent, {"name": [around.say(error.message)]}))
    await sessions.say(request, around.say(DROPPED if dropped else NAMED))
    raise web.HTTPSeeOther(f"{PATH}/{number}")


async def _list(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        values = {"form": form, "organisations": await editors.list_organisations(db, ORGANISATIONS_MOST)}
    return render(request, "panel/organisations.html", around, values, status=422 if form.problems else 200)


async def _one(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        one = await organise.organisation(db, number_in(request))
        values = {"form": form, "one": one, "editors": await editors.list_of(db, one.id)}
    return render(request, "panel/organisation.html", around, values, status=422 if form.problems else 200)
