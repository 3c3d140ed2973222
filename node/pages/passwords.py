"""A forgotten password: asking for the letter, and setting a new one with its link."""

from __future__ import annotations

from aiohttp import web

from node.actions import accounts, forgotten
from node.errors import NotFound
from node.mailing.server import sends
from node.pages.security import NOT_THE_SAME
from node.secrets import passwords
from node.store.db import Db
from node.store.people import actors
from node.theming.frame import frame, render
from node.web import throttle
from node.web.forms import Form, posted, with_problems
from node.web.handlers import reading, writing
from node.web.keys import SETTINGS, URLS
from node.web.limits import Rate
from schemas.limits import EMAIL_CHARS, RESET_COUNT, RESET_COUNT_SECONDS
from schemas.problems import Problem
from schemas.reasons import REQUIRED
from schemas.records import Account

ASKED = Rate(count=RESET_COUNT, seconds=RESET_COUNT_SECONDS)
FIELDS = ("who", "password", "password_again")


class LinkOver(NotFound):
    """The key in a link opens nothing (any more)."""

    message = "This link does not work any more: it was used, or is too old. Please ask for a new one."


async def show_forgotten(request: web.Request) -> web.Response:
    """GET /password/forgotten."""
    return await _forgotten(request, Form({}))


async def ask(request: web.Request) -> web.Response:
    """POST /password/forgotten: the same answer, in the same time, whether there is such an account (case 115)."""
    fields = await posted(request)
    who = "".join(letter for letter in fields.get("who", "") if letter.isprintable()).strip()[:EMAIL_CHARS]
    if not who:
        problem = Problem(field="who", reason=REQUIRED)
        async with reading(request) as db:
            language = (await frame(request, db)).language
        return await _forgotten(request, with_problems({}, [problem], FIELDS, language), status=422)
    await throttle.count(request, "forgot", throttle.network(request), ASKED)
    await throttle.count(request, "forgot", who.casefold().removeprefix("@"), ASKED)
    async with writing(request) as db:
        await forgotten.ask(db, who)
    return await _forgotten(request, Form({}), asked=True)


async def show_new(request: web.Request) -> web.Response:
    """GET /password/new?token=…; the key stands in the query, which no log of ours keeps."""
    async with reading(request) as db:
        await _owner(db, request.query.get("token", ""))
    return await _new(request, request.query.get("token", ""), Form({}))


async def set_new(request: web.Request) -> web.Response:
    """POST /password/new: once; whatever was open closes, and a second factor is asked for as ever (case 132)."""
    fields = await posted(request)
    key, password = fields.get("token", ""), fields.get("password", "")
    async with reading(request) as db:
        account = await _owner(db, key)
        name = (await actors.get(db, account.actor_id)).name
        language = (await frame(request, db)).language
    problems = accounts.password_problems(password, name, account.email)
    if password != fields.get("password_again", ""):
        problems.append(Problem(field="password_again", reason=NOT_THE_SAME))
    if problems:
        return await _new(request, key, with_problems({}, problems, FIELDS, language), status=422)
    made = await passwords.hashed(password)
    async with writing(request) as db:
        if not await forgotten.reset(db, request.app[URLS], key, made):
            raise LinkOver
        around = await frame(request, db)
    return _private(render(request, "pages/password_set.html", around))


async def _owner(db: Db, key: str) -> Account:
    account = await forgotten.owner_of(db, key) if key else None
    if account is None:
        raise LinkOver
    return account


async def _forgotten(request: web.Request, form: Form, *, asked: bool = False, status: int = 200) -> web.Response:
    async with reading(request) as db:
        around = await frame(request, db)
        values = {"form": form, "asked": asked, "sends": await sends(db, request.app[SETTINGS])}
    return render(request, "pages/password_forgotten.html", around, values, status=status)


async def _new(request: web.Request, key: str, form: Form, *, status: int = 200) -> web.Response:
    async with reading(request) as db:
        around = await frame(request, db)
    return _private(render(request, "pages/password_new.html", around, {"form": form, "token": key}, status=status))


def _private(response: web.Response) -> web.Response:
    """Kept by nobody; its address holds a key, which the usual policy tells to no other server."""
    response.headers["Cache-Control"] = "no-store"
    return response
