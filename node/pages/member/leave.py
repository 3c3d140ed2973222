"""/settings/leave: a member has their account deleted. First what goes and what stays, then the password, then some
days in which it can be taken back."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.actions import factors as factor_deeds
from node.actions import leave
from node.errors import Conflict
from node.pages.security import knows_password
from node.store.access import factors
from node.store.access import sessions as kept_sessions
from node.store.members import leaving
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.limits import LEAVING_DAYS
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Viewer

PATH = "/settings/leave"
FIELDS = ("password", "code", "sure")
WRONG = msgid("This is not your password.")
WRONG_CODE = msgid("This code is not right. Each code works once.")
NOT_SURE = msgid("Please tick this first.")
STAYS = msgid("You stay. Apps have to be let in again.")


async def show_leave(request: web.Request) -> web.Response:
    """GET /settings/leave."""
    return await _page(request, Form({}))


async def change_leave(request: web.Request) -> web.Response:
    """POST /settings/leave: leave, with the password or a second factor once more; or stay after all."""
    fields = await posted(request)
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
    if fields.get("deed") == "stay":
        async with writing(request) as db:
            await leave.take_back(db, who.account)
        await sessions.say(request, around.say(STAYS))
        raise web.HTTPSeeOther(PATH)
    problems = await _problems(request, who, fields.get("password", ""), fields.get("code", "").strip())
    if fields.get("sure") != "true":
        problems.append(Problem(field="sure", reason=NOT_SURE))
    if not problems:
        try:
            async with writing(request) as db:
                await leave.ask(request.app[NODE], db, who.account)
                await kept_sessions.delete_of(db, who.account.id, but=await sessions.this_one(request))
        except Conflict as error:
            problems = [Problem(field="", reason=error.message, values=dict(error.values))]
    if problems:
        return await _page(request, with_problems({}, problems, FIELDS, around.language))
    raise web.HTTPSeeOther(PATH)


async def _problems(request: web.Request, who: Viewer, password: str, code: str) -> list[Problem]:
    """Whether it is really the account's owner who asks; guesses are counted."""
    right = await knows_password(request, who, password)
    if right:
        return []
    if code:
        async with writing(request) as db:
            right = await factor_deeds.check(db, who.account.id, code)
        return [] if right else [Problem(field="code", reason=WRONG_CODE)]
    return [Problem(field="password", reason=WRONG)]


async def _page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        values: dict[str, Any] = {
            "form": form,
            "day": await leaving.day_of(db, who.account.id),
            "going": await leaving.count(db, who.account.id, who.actor.id),
            "days": LEAVING_DAYS,
            "has_factor": (await factors.of(db, who.account.id)).any,
        }
    return render(request, "pages/leave.html", around, values, status=422 if form.problems else 200)
