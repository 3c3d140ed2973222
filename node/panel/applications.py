"""The queue of those who want to join: what they answered, who invited them, yes or no to one or several."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from aiohttp import web

from node.actions import admit
from node.errors import Invalid, NotFound
from node.panel.asking import number_in
from node.panel.tables import Column, Deed, Look, board, chosen, shown
from node.store.db import Db
from node.store.members import applications
from node.store.members.applications import Application
from node.store.people import actors
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, local_path, posted, with_problems
from node.web.handlers import query, reading, signed_in, writing
from node.web.keys import URLS
from node.wording.showing import own_name
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/applications"
COLUMNS = (
    Column(name="name", label=msgid("Who")),
    Column(name="answers", label=msgid("What they say"), sorts=False),
    Column(name="inviter", label=msgid("Invited by")),
    Column(name="since", label=msgid("Since")),
    Column(name="state", label=msgid("State")),
)
DEEDS = (
    Deed(name="accept", label=msgid("Take them in")),
    Deed(name="decline", label=msgid("Decline them"), danger=True),
)
ACCEPTED = msgid("They are members now, and a letter tells them.")
DECLINED = msgid("Declined. A letter tells them.")
NOTED = msgid("Kept.")


class Asked(Look, frozen=True, kw_only=True):
    """Which applications, and how they are to be shown."""

    state: Literal["waiting", "accepted", "declined", "all"] = "waiting"


async def show_applications(request: web.Request) -> web.Response:
    """GET /admin/applications, for manage_members; whoever waits longest comes first."""
    asked = query(request, Asked)
    async with reading(request) as db:
        await signed_in(request, db, admit.RIGHT)
        around = await frame(request, db)
        found = await applications.list_of(db, asked.state, asked.slice())
    deeds = DEEDS if asked.state == "waiting" else ()
    values = {
        "form": Form({"q": [asked.q], "state": [asked.state]}),
        "mode": around.hub.sign_ups.mode,
        "board": board(request, COLUMNS, asked, found, key=lambda one: str(one.id), deeds=deeds),
    }
    return await shown(request, "panel/applications.html", around, values)


async def decide_applications(request: web.Request) -> web.Response:
    """POST /admin/applications: yes or no to the ticked ones, after a look at who they are and at the letter."""
    fields = await posted(request)
    back = local_path(fields.get("return_to"), PATH)
    deed = next((one for one in DEEDS if one.name == fields.get("deed", "")), None)
    async with reading(request) as db:
        who = await signed_in(request, db, admit.RIGHT)
        around = await frame(request, db)
        if deed is None:
            choices = ", ".join(one.name for one in DEEDS)
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": choices})])
        found = [await _waiting(db, one) for one in chosen(fields)]
    spoken = list(dict.fromkeys(one.language for one in found))
    if fields.get("sure") != "yes":
        settings = around.hub.sign_ups
        usual = {f"words.{code}": [settings.words(deed.name == "accept", code)] for code in spoken}
        return _sure(request, around, found, deed, back, Form(usual))
    words = {code: fields.get(f"words.{code}", "").strip() for code in spoken}
    if wrong := [one for code in spoken for one in admit.wrong_words(words[code], f"words.{code}")]:
        names = [f"words.{code}" for code in spoken]
        again = with_problems(entered(fields), wrong, names, around.language)
        return _sure(request, around, found, deed, back, again)
    keys = [await asyncio.to_thread(actors.make_keys) for _ in found] if deed.name == "accept" else []
    urls = request.app[URLS]
    async with writing(request) as db:
        who = await signed_in(request, db, admit.RIGHT)
        for number, one in enumerate(found):
            if deed.name == "accept":
                await admit.accept(db, urls, who, one.id, keys[number], words[one.language])
            else:
                await admit.decline(db, urls, who, one.id, words[one.language])
    await sessions.say(request, around.say(ACCEPTED if deed.name == "accept" else DECLINED))
    raise web.HTTPSeeOther(back)


def _sure(
    request: web.Request, around: Frame, found: Sequence[Application], deed: Deed, back: str, form: Form
) -> web.Response:
    """Who they are, and the words for the letter in each of their languages."""
    spoken = [(one, own_name(one)) for one in dict.fromkeys(one.language for one in found)]
    values = {"found": found, "deed": deed, "return_to": back, "form": form, "spoken": spoken}
    return render(request, "panel/applications_sure.html", around, values, status=422 if form.problems else 200)


async def show_application(request: web.Request) -> web.Response:
    """GET /admin/applications/{id}: all of one, with the notes of those who decide."""
    return await _page(request, None)


async def note_application(request: web.Request) -> web.Response:
    """POST /admin/applications/{id}: keep a note."""
    sent = entered(await posted(request))
    number = number_in(request)
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, admit.RIGHT)
            around = await frame(request, db)
            await admit.note(db, who, number, Form(sent).value("notes"))
    except Invalid as error:
        return await _page(request, with_problems(sent, error.problems, ("notes",), around.language))
    await sessions.say(request, around.say(NOTED))
    raise web.HTTPSeeOther(request.path)


async def _page(request: web.Request, form: Form | None) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, admit.RIGHT)
        around = await frame(request, db)
        found = await applications.find(db, number_in(request))
    if found is None:
        raise NotFound
    values = {"form": form or Form({"notes": [found.notes]}), "one": found, "deeds": DEEDS}
    return render(request, "panel/application.html", around, values, status=422 if form and form.problems else 200)


async def _waiting(db: Db, number: str) -> Application:
    known = number.isascii() and number.isdecimal() and len(number) < 19
    found = await applications.find(db, int(number)) if known else None
    if found is None:
        raise NotFound
    return found
