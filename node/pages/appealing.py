"""/appeal: somebody whom a measure hit says what speaks against it, also while they may not sign in: by the link in the
letter that told them, or with name and password for this alone."""

from __future__ import annotations

from aiohttp import web

from node.actions import appeal
from node.errors import Conflict, Invalid, NotFound
from node.pages.reporting import number_in
from node.secrets.case_keys import fits, path_of
from node.store.db import Db
from node.store.moderation import appeals
from node.theming.frame import frame, render
from node.web import throttle
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, writing
from node.web.keys import DATABASE
from node.web.limits import Rate
from schemas.limits import SIGN_IN_COUNT, SIGN_IN_COUNT_ACCOUNT, SIGN_IN_COUNT_NETWORK, SIGN_IN_SECONDS
from schemas.reasons import msgid
from schemas.records import Measure

PATH = "/appeal"
RATE = Rate(count=SIGN_IN_COUNT, seconds=SIGN_IN_SECONDS)
FOR_ANYBODY = Rate(count=SIGN_IN_COUNT_NETWORK, seconds=SIGN_IN_SECONDS)
FROM_EVERYWHERE = Rate(count=SIGN_IN_COUNT_ACCOUNT, seconds=SIGN_IN_SECONDS)
"""Counted together with attempts to sign in: a password is no easier to guess here."""
WRONG = msgid("Name or password is wrong.")
NOTHING = msgid("No measure on you is in force.")


async def show_appeals(request: web.Request) -> web.Response:
    """GET /appeal: the measures on who is signed in, else the way to them."""
    async with reading(request) as db:
        around = await frame(request, db)
        found = await appeal.list_on(db, around.viewer.account) if around.viewer else None
    return await _list(request, found, Form({}))


async def find_appeals(request: web.Request) -> web.Response:
    """POST /appeal: the same for who cannot sign in, by name and password."""
    sent = entered(await posted(request))
    form = Form(sent)
    who, network = form.value("who").strip(), throttle.network(request)
    name = who.casefold().removeprefix("@")
    await throttle.count(request, "sign in from", network, FOR_ANYBODY)
    await throttle.count(request, "sign in", f"{name} {network}", RATE)
    await throttle.count(request, "sign in", name, FROM_EVERYWHERE)
    found = await appeal.list_against(request.app[DATABASE].pool, who, form.value("password"))
    if found is None:
        async with reading(request) as db:
            around = await frame(request, db)
        return await _list(request, None, Form({"who": [who]}, {"password": [around.say(WRONG)]}))
    return await _list(request, found, Form({}))


async def show_appeal(request: web.Request) -> web.Response:
    """GET /appeal/{id}/{key}: one measure, and what was said against it so far."""
    return await _page(request, Form({}))


async def send_appeal(request: web.Request) -> web.Response:
    """POST /appeal/{id}/{key}: once for each measure."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        around = await frame(request, db)
        number, _ = await _measure(request, db, around.hub.secret)
    try:
        async with writing(request) as db:
            await appeal.appeal(db, number, Form(sent).value("content"))
    except Invalid as error:
        return await _page(request, with_problems(sent, error.problems, ("content",), around.language))
    except Conflict as error:
        return await _page(request, Form(sent, {"content": [around.say(error.message)]}))
    raise web.HTTPSeeOther(request.path)


async def _list(request: web.Request, found: list[Measure] | None, form: Form) -> web.Response:
    async with reading(request) as db:
        around = await frame(request, db)
    links = [(one, path_of(around.hub.secret, "appeal", one.id)) for one in found or ()]
    values = {"form": form, "known": found is not None, "links": links, "nothing": around.say(NOTHING)}
    response = render(request, "pages/appeals.html", around, values, status=422 if form.problems else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        around = await frame(request, db)
        number, measure = await _measure(request, db, around.hub.secret)
        values = {"form": form, "measure": measure, "appeal": await appeals.find_against(db, number)}
    response = render(request, "pages/appeal.html", around, values, status=422 if form.problems else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _measure(request: web.Request, db: Db, secret: bytes) -> tuple[int, Measure]:
    """The measure in the address; NotFound without its key."""
    number = number_in(request.match_info["id"])
    found = await appeal.measured(db, number) if fits(secret, "appeal", number, request.match_info["key"]) else None
    if found is None:
        raise NotFound
    return number, found[0]
