"""How safely a member's account is locked: its password, its second factors, and where it is open now."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.actions import accounts, alarms
from node.secrets import passwords
from node.store.access import factors
from node.store.access import sessions as kept_sessions
from node.store.access.sessions import hash_of
from node.store.db import Db
from node.theming.frame import Frame, frame, render
from node.web import sessions, throttle
from node.web.forms import Form, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import URLS
from node.web.limits import Rate
from schemas.limits import SIGN_IN_COUNT, SIGN_IN_SECONDS
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Viewer

PAGE = "/settings/security"
GUESSES = Rate(count=SIGN_IN_COUNT, seconds=SIGN_IN_SECONDS)
WRONG_PASSWORD = msgid("This is not your password.")
CHANGED = msgid("Your password is changed. Everything else that was signed in is signed out, apps too.")
SIGNED_OUT = msgid("Signed out there.")
NOT_THE_SAME = msgid("The two passwords are not the same.")


async def show_security(request: web.Request) -> web.Response:
    """GET /settings/security."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        return await page(request, db, who, Form({}))


async def page(
    request: web.Request, db: Db, who: Viewer, form: Form, *, status: int = 200, codes: list[str] | None = None
) -> web.Response:
    """The page, with what was wrong in one of its forms; `codes`: recovery codes just made, shown this once."""
    around = await frame(request, db)
    values: dict[str, Any] = {
        "form": form,
        "factors": await factors.of(db, who.account.id),
        "passkeys": await factors.list_passkeys(db, who.account.id),
        "sessions": await kept_sessions.list_of(db, who.account.id),
        "this_one": hash_of(await sessions.this_one(request)),
        "codes": codes or [],
    }
    return render(request, "pages/security.html", around, values, status=status)


async def change_password(request: web.Request) -> web.Response:
    """POST /settings/security/password: whatever is open with the old one closes, apps too; this browser goes on with
    a new session (case 131)."""
    fields = await posted(request)
    who = await owner(request)
    new = fields.get("password", "")
    problems = accounts.password_problems(new, who.actor.name, who.account.email)
    if new != fields.get("password_again", ""):
        problems.append(Problem(field="password_again", reason=NOT_THE_SAME))
    if not await knows_password(request, who, fields.get("password_now", "")):
        problems.insert(0, Problem(field="password_now", reason=WRONG_PASSWORD))
    if problems:
        return await wrong(request, who, problems)
    made = await passwords.hashed(new)
    async with writing(request) as db:
        around = await frame(request, db)
        await accounts.change_password(db, who.account, made)
        await alarms.tell_changed(db, request.app[URLS], who.account, "password")
    await sessions.begin(request, who.account)
    return await done(request, around, CHANGED)


async def end_session(request: web.Request) -> web.Response:
    """POST /settings/security/sessions: end one session, or all but this one."""
    fields = await posted(request)
    key_hash = fields.get("session", "")
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        if key_hash == "others":
            await kept_sessions.delete_of(db, who.account.id, but=await sessions.this_one(request))
        elif len(key_hash) == 64 and set(key_hash) <= set("0123456789abcdef"):
            await kept_sessions.delete_one(db, who.account.id, bytes.fromhex(key_hash))
    return await done(request, around, SIGNED_OUT)


async def owner(request: web.Request) -> Viewer:
    """Who changes their account; Unauthorized for anybody else."""
    async with reading(request) as db:
        return await signed_in(request, db)


async def knows_password(request: web.Request, who: Viewer, typed: str) -> bool:
    """Whether this is the password: asked again before a lock is changed, so that a browser left open is not enough.
    TooMany after some guesses."""
    await throttle.count(request, "own password", str(who.account.id), GUESSES)
    return await passwords.matches(who.account.password_hash, typed)


async def wrong(request: web.Request, who: Viewer, problems: list[Problem]) -> web.Response:
    """The page again, with what is wrong in the form that was sent."""
    names = ("password_now", "password", "password_again", "password_for_codes", "name")
    async with reading(request) as db:
        around = await frame(request, db)
        return await page(request, db, who, with_problems({}, problems, names, around.language), status=422)


async def done(request: web.Request, around: Frame, words: str) -> web.Response:
    """Back to the page, with a sentence about what was done."""
    await sessions.say(request, around.say(words))
    raise web.HTTPSeeOther(PAGE)
