"""Signing in and out, in one step or two. What somebody wrote when the session ended comes back after signing in."""

from __future__ import annotations

from urllib.parse import parse_qsl

import msgspec
from aiohttp import web
from multidict import MultiDictProxy

from node.actions import accounts, alarms, factors, passkeys
from node.pages import confirming
from node.store.access import factors as kept_factors
from node.store.access import pending_sign_ins
from node.store.access.pending_sign_ins import Pending
from node.store.db import Db
from node.store.members import accounts as logins
from node.theming.frame import Frame, frame, render
from node.web import sessions, throttle
from node.web.forms import Form, local_path, posted
from node.web.handlers import reading, writing
from node.web.keys import DATABASE, SETTINGS, URLS
from node.web.limits import Rate
from schemas.limits import (
    KEPT_FIELDS,
    PENDING_TRIES,
    SIGN_IN_COUNT,
    SIGN_IN_COUNT_ACCOUNT,
    SIGN_IN_COUNT_NETWORK,
    SIGN_IN_SECONDS,
)
from schemas.reasons import msgid
from schemas.records import Account

DESK = "/desk"
FROM_ONE_NETWORK = Rate(count=SIGN_IN_COUNT, seconds=SIGN_IN_SECONDS)
FOR_ANYBODY = Rate(count=SIGN_IN_COUNT_NETWORK, seconds=SIGN_IN_SECONDS)
FROM_EVERYWHERE = Rate(count=SIGN_IN_COUNT_ACCOUNT, seconds=SIGN_IN_SECONDS)
SECOND_STEP = Rate(count=PENDING_TRIES, seconds=SIGN_IN_SECONDS)
WRONG = msgid("This name and password do not belong together.")
WRONG_CODE = msgid("This is not the right code, or it was used before.")
TOO_LATE = msgid("That took too long. Please sign in again.")
WAIT = msgid("Too many attempts. Please wait some minutes.")


class Onward(msgspec.Struct, frozen=True, kw_only=True):
    """Where the reader wanted to go (a path of ours), and what they had written."""

    return_to: str
    kept: str


async def show_sign_in(request: web.Request) -> web.Response:
    """GET /sign-in; who is signed in goes on, unless somebody else wants to sign in (`anew`)."""
    onward = Onward(return_to=local_path(request.query.get("return_to"), DESK), kept="")
    async with reading(request) as db:
        around = await frame(request, db)
    if around.viewer and not request.query.get("anew"):
        raise web.HTTPSeeOther(onward.return_to)
    return _first_step(request, around, onward, Form({}))


async def sign_in(request: web.Request) -> web.Response:
    """POST /sign-in: a new session under a new key, and on; or the second step first, where the account wants one."""
    fields = await posted(request)
    who, onward = fields.get("who", "").strip(), _onward(fields)
    await _throttle(request, who)
    account = await accounts.sign_in(request.app[DATABASE].pool, who, fields.get("password", ""))
    if account is None:
        return await _again(request, onward, {"who": [who]}, "password", WRONG)
    if account.confirmed_at is None:
        return await confirming.not_confirmed(request, account)
    async with writing(request) as db:
        wanted = await kept_factors.of(db, account.id)
        if wanted.any:
            key, pending = await pending_sign_ins.begin(db, account.id)
            return await _second_step(request, db, key, pending, onward)
    return await _go_on(request, account, onward)


async def sign_in_second(request: web.Request) -> web.Response:
    """POST /sign-in/second: a code, or what a passkey signed, from whoever knew the password (case 132)."""
    fields = await posted(request)
    key, onward = fields.get("key", ""), _onward(fields)
    async with reading(request) as db:
        pending = await pending_sign_ins.find(db, key)
    if pending is None:
        return await _again(request, onward, {}, "", TOO_LATE)
    await throttle.count(request, "second step", str(pending.account_id), SECOND_STEP, WAIT)
    async with writing(request) as db:
        account = await logins.find(db, pending.account_id)
        right = await _is_right(request, db, pending, fields)
        if not right or account is None:
            return await _second_step(request, db, key, pending, onward, WRONG_CODE)
        if not await pending_sign_ins.end(db, key):
            account = None
    if account is None:
        return await _again(request, onward, {}, "", TOO_LATE)
    return await _go_on(request, account, onward)


async def sign_out(request: web.Request) -> web.Response:
    """POST /sign-out. What the browser kept for a moment without network, names at the door, goes with it."""
    await posted(request)
    await sessions.end(request)
    raise web.HTTPSeeOther("/", headers={"Clear-Site-Data": '"storage"'})


async def _is_right(request: web.Request, db: Db, pending: Pending, fields: MultiDictProxy[str]) -> bool:
    if signed := fields.get("passkey", ""):
        return await passkeys.check(db, request.app[SETTINGS], pending.account_id, pending.challenge, signed)
    return await factors.check(db, pending.account_id, fields.get("code", ""))


async def _second_step(
    request: web.Request, db: Db, key: str, pending: Pending, onward: Onward, wrong: str = ""
) -> web.Response:
    around = await frame(request, db)
    known = await kept_factors.list_passkeys(db, pending.account_id)
    values = {
        "form": Form({}, {"code": [around.say(wrong)]} if wrong else {}),
        "key": key,
        "options": passkeys.request_options(request.app[SETTINGS], known, pending.challenge) if known else "",
        "by_code": (await kept_factors.of(db, pending.account_id)).totp,
        "return_to": onward.return_to,
        "kept": onward.kept,
    }
    response = render(request, "pages/second_step.html", around, values, status=422 if wrong else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _again(
    request: web.Request, onward: Onward, entered: dict[str, list[str]], field: str, why: str
) -> web.Response:
    async with reading(request) as db:
        around = await frame(request, db)
    return _first_step(request, around, onward, Form(entered, {field: [around.say(why)]}), status=422)


def _first_step(request: web.Request, around: Frame, onward: Onward, form: Form, *, status: int = 200) -> web.Response:
    values = {"form": form, "return_to": onward.return_to, "kept": onward.kept}
    return render(request, "pages/sign_in.html", around, values, status=status)


async def _go_on(request: web.Request, account: Account, onward: Onward) -> web.Response:
    await sessions.begin(request, account)
    async with writing(request) as db:
        device, agent = sessions.device(request), sessions.agent(request)
        await alarms.meet_device(db, request.app[URLS], account, device, agent)
    if not onward.kept:
        raise web.HTTPSeeOther(onward.return_to)
    async with reading(request) as db:
        around = await frame(request, db)
    again = parse_qsl(onward.kept, max_num_fields=KEPT_FIELDS)
    return render(request, "pages/kept.html", around, {"fields": again, "return_to": onward.return_to})


def _onward(fields: MultiDictProxy[str]) -> Onward:
    return Onward(return_to=local_path(fields.get("return_to"), DESK), kept=fields.get("kept", ""))


async def _throttle(request: web.Request, who: str) -> None:
    """Counted by what was typed, whether there is such an account or not (case 115)."""
    name, network = who.casefold().removeprefix("@"), throttle.network(request)
    await throttle.count(request, "sign in from", network, FOR_ANYBODY, WAIT)
    await throttle.count(request, "sign in", f"{name} {network}", FROM_ONE_NETWORK, WAIT)
    await throttle.count(request, "sign in", name, FROM_EVERYWHERE, WAIT)
