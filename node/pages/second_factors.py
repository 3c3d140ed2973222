"""Where a member sets up what is asked for beside the password: an authenticator app, recovery codes, passkeys.

Each change asks for the password; a change that ends the last factor makes the recovery codes void too."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web
from markupsafe import Markup

from node.actions import alarms, passkeys
from node.actions import factors as deeds
from node.pages.security import WRONG_PASSWORD, done, knows_password, owner, page, wrong
from node.pages.sign_in import WRONG_CODE
from node.store.access import factors, pending_sign_ins
from node.store.access import sessions as kept_sessions
from node.store.db import Db
from node.theming.frame import frame, render
from node.web import sessions, throttle
from node.web.forms import Form, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import SETTINGS, URLS
from node.web.limits import Rate
from schemas.limits import PASSKEY_NAME_CHARS, PASSKEYS, PENDING_TRIES, SIGN_IN_SECONDS
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Viewer

TRIES = Rate(count=PENDING_TRIES, seconds=SIGN_IN_SECONDS)
CHALLENGE = "passkey_challenge"
REMOVED_APP = msgid("No code is asked for any more.")
ADDED_KEY = msgid("The passkey is kept. From now on it is asked for when you sign in.")
REMOVED_KEY = msgid("The passkey is forgotten.")
NO_KEY = msgid("This passkey could not be kept. Please try again.")
TOO_MANY_KEYS = msgid("There may be {max} passkeys at most.")


async def show_totp(request: web.Request) -> web.Response:
    """GET /settings/security/totp: the picture that an authenticator app reads. The secret waits for its first code."""
    async with writing(request) as db:
        who = await signed_in(request, db)
        await factors.begin_totp(db, who.account.id, deeds.new_secret())
        return await _totp_page(request, db, who, Form({}))


async def confirm_totp(request: web.Request) -> web.Response:
    """POST /settings/security/totp: the first code; from now on one is asked for. Recovery codes come with it."""
    fields = await posted(request)
    who = await owner(request)
    problems: dict[str, str] = {}
    if not await knows_password(request, who, fields.get("password_now", "")):
        problems["password_now"] = WRONG_PASSWORD
    await throttle.count(request, "first code", str(who.account.id), TRIES)
    async with writing(request) as db:
        around = await frame(request, db)
        if not problems and await deeds.confirm(db, who.account.id, fields.get("code", "")):
            return await _secured(request, db, who)
        problems = problems or {"code": WRONG_CODE}
        form = Form({}, {name: [around.say(words)] for name, words in problems.items()})
        return await _totp_page(request, db, who, form, status=422)


async def remove_totp(request: web.Request) -> web.Response:
    """POST /settings/security/totp/remove."""
    who = await _with_password(request)
    if isinstance(who, web.Response):
        return who
    async with writing(request) as db:
        around = await frame(request, db)
        await factors.remove_totp(db, who.account.id)
        await _loosened(db, who)
        await alarms.tell_changed(db, request.app[URLS], who.account, "factor_removed")
    return await done(request, around, REMOVED_APP)


async def renew_recovery_codes(request: web.Request) -> web.Response:
    """POST /settings/security/recovery-codes: new ones, shown once; the old ones are void."""
    who = await _with_password(request)
    if isinstance(who, web.Response):
        return who
    async with writing(request) as db:
        codes = await deeds.new_recovery_codes(db, who.account.id)
        await alarms.tell_changed(db, request.app[URLS], who.account, "recovery_codes")
        return await page(request, db, who, Form({}), codes=codes)


async def show_passkeys(request: web.Request) -> web.Response:
    """GET /settings/security/passkeys: where a device makes a new one."""
    challenge = secrets.token_bytes(32)
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        known = await factors.list_passkeys(db, who.account.id)
    await sessions.put_by(request, CHALLENGE, challenge.hex())
    options = passkeys.creation_options(
        request.app[SETTINGS], around.hub.name, who.account, who.actor, known, challenge
    )
    return render(request, "pages/passkeys.html", around, {"form": Form({}), "options": options})


async def add_passkey(request: web.Request) -> web.Response:
    """POST /settings/security/passkeys: keep what the device made for the page's challenge."""
    fields = await posted(request)
    challenge = bytes.fromhex(await sessions.take(request, CHALLENGE))
    who = await _with_password(request)
    if isinstance(who, web.Response):
        return who
    name = " ".join(fields.get("name", "").split())[:PASSKEY_NAME_CHARS]
    async with writing(request) as db:
        around = await frame(request, db)
        before = await factors.of(db, who.account.id)
        if before.passkeys >= PASSKEYS:
            problem = Problem(field="name", reason=TOO_MANY_KEYS, values={"max": PASSKEYS})
        elif not challenge or not await passkeys.add(
            db, request.app[SETTINGS], who.account.id, challenge, fields.get("passkey", ""), name
        ):
            problem = Problem(field="name", reason=NO_KEY)
        elif before.any:
            problem = None
            await alarms.tell_changed(db, request.app[URLS], who.account, "factor_added")
        else:
            return await _secured(request, db, who)
    return await wrong(request, who, [problem]) if problem else await done(request, around, ADDED_KEY)


async def remove_passkey(request: web.Request) -> web.Response:
    """POST /settings/security/passkeys/remove."""
    fields = await posted(request)
    number = fields.get("passkey_id", "")
    who = await _with_password(request)
    if isinstance(who, web.Response):
        return who
    async with writing(request) as db:
        around = await frame(request, db)
        if number.isascii() and number.isdecimal() and len(number) < 19:
            await factors.remove_passkey(db, who.account.id, int(number))
        await _loosened(db, who)
        await alarms.tell_changed(db, request.app[URLS], who.account, "factor_removed")
    return await done(request, around, REMOVED_KEY)


async def _with_password(request: web.Request) -> Viewer | web.Response:
    """Who asks and has typed their password; else the page that says so."""
    fields = await posted(request)
    who = await owner(request)
    if await knows_password(request, who, fields.get("password_now", "")):
        return who
    return await wrong(request, who, [Problem(field="password_now", reason=WRONG_PASSWORD)])


async def _secured(request: web.Request, db: Db, who: Viewer) -> web.Response:
    """The first factor is in force: what was signed in without it ends, and recovery codes are shown (case 132)."""
    await pending_sign_ins.end_of(db, who.account.id)
    await kept_sessions.delete_of(db, who.account.id, but=await sessions.this_one(request))
    await alarms.tell_changed(db, request.app[URLS], who.account, "factor_added")
    codes = await deeds.new_recovery_codes(db, who.account.id)
    return await page(request, db, who, Form({}), codes=codes)


async def _loosened(db: Db, who: Viewer) -> None:
    """Recovery codes are for those who have a factor."""
    if not (await factors.of(db, who.account.id)).any:
        await factors.put_recovery_codes(db, who.account.id, [])


async def _totp_page(request: web.Request, db: Db, who: Viewer, form: Form, *, status: int = 200) -> web.Response:
    around = await frame(request, db)
    totp = await factors.find_totp(db, who.account.id)
    values: dict[str, Any] = {"form": form, "waiting": totp is not None and totp.confirmed_at is None}
    if totp and values["waiting"]:
        import segno  # noqa: PLC0415 - draws codes once per second factor

        address = deeds.address(totp.secret, who.actor.name, around.hub.name or request.app[SETTINGS].host)
        drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", omitsize=True)
        values |= {"secret": totp.secret, "picture": Markup(drawn)}  # noqa: S704 - segno's own drawing
    response = render(request, "pages/totp.html", around, values, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
