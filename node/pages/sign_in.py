"""Signing in and out. What somebody wrote when the session ended comes back after signing in."""

from __future__ import annotations

import math
from urllib.parse import parse_qsl

from aiohttp import web

from node import sessions
from node.actions import accounts
from node.errors import TooMany
from node.forms import Form, local_path, posted
from node.frame import frame, render
from node.keys import DATABASE, LIMITER, SETTINGS
from node.limits import Rate, asker
from node.web import client_address, reading
from schemas.limits import KEPT_FIELDS, SIGN_IN_COUNT, SIGN_IN_COUNT_ACCOUNT, SIGN_IN_SECONDS
from schemas.reasons import msgid

DESK = "/desk"
FROM_ONE_NETWORK = Rate(count=SIGN_IN_COUNT, seconds=SIGN_IN_SECONDS)
FROM_EVERYWHERE = Rate(count=SIGN_IN_COUNT_ACCOUNT, seconds=SIGN_IN_SECONDS)
WRONG = msgid("This name and password do not belong together.")
WAIT = msgid("Too many attempts. Please wait some minutes.")


async def show_sign_in(request: web.Request) -> web.Response:
    """GET /sign-in; who is signed in goes on."""
    return_to = local_path(request.query.get("return_to"), DESK)
    async with reading(request) as db:
        around = await frame(request, db)
    if around.viewer:
        raise web.HTTPSeeOther(return_to)
    return render(request, "pages/sign_in.html", around, {"form": Form({}), "return_to": return_to, "kept": ""})


async def sign_in(request: web.Request) -> web.Response:
    """POST /sign-in: a new session under a new key, and on to where the reader wanted to go (a path of ours)."""
    fields = await posted(request)
    who, kept = fields.get("who", "").strip(), fields.get("kept", "")
    return_to = local_path(fields.get("return_to"), DESK)
    _throttle(request, who)
    account = await accounts.sign_in(request.app[DATABASE].pool, who, fields.get("password", ""))
    if account is None:
        async with reading(request) as db:
            around = await frame(request, db)
        form = Form({"who": [who]}, {"password": [around.say(WRONG)]})
        values = {"form": form, "return_to": return_to, "kept": kept}
        return render(request, "pages/sign_in.html", around, values, status=422)
    await sessions.begin(request, account)
    if not kept:
        raise web.HTTPSeeOther(return_to)
    async with reading(request) as db:
        around = await frame(request, db)
    again = parse_qsl(kept, max_num_fields=KEPT_FIELDS)
    return render(request, "pages/kept.html", around, {"fields": again, "return_to": return_to})


async def sign_out(request: web.Request) -> web.Response:
    """POST /sign-out."""
    await posted(request)
    await sessions.end(request)
    raise web.HTTPSeeOther("/")


def _throttle(request: web.Request, who: str) -> None:
    """Counted by what was typed, whether there is such an account or not (case 115)."""
    if not request.app[SETTINGS].rate_limits:
        return
    name, limiter = who.casefold(), request.app[LIMITER]
    network = asker(client_address(request))
    waits = (
        limiter.wait("sign in", f"{name} {network}", FROM_ONE_NETWORK),
        limiter.wait("sign in", name, FROM_EVERYWHERE),
    )
    if wait := max(waits):
        raise TooMany(math.ceil(wait), WAIT)
