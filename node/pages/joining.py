"""/join: the way in, in one short form; the letter that confirms the address; and the first steps of a new member."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from node.actions import join
from node.actions.join import Wish
from node.errors import Conflict, Forbidden, Invalid
from node.pages.passwords import LinkOver
from node.secrets import passwords, proofs
from node.store.members import applications
from node.store.people import actors
from node.theming.frame import Frame, frame, render
from node.web import throttle
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import URLS
from node.web.limits import Rate
from node.wording.language import LANGUAGES
from schemas.limits import PASSWORD_CHARS_LEAST, PROOF_BITS, SIGN_UP_COUNT, SIGN_UP_SECONDS
from schemas.problems import Problem
from schemas.reasons import msgid

PATH = "/join"
FROM_ONE_NETWORK = Rate(count=SIGN_UP_COUNT, seconds=SIGN_UP_SECONDS)
TRAP = "website"
"""A field that nobody sees: what fills it in fills in everything."""
TRAPPED = msgid("Leave this empty: it is there for programs that fill in everything.")


async def show_join(request: web.Request) -> web.Response:
    """GET /join, and /join/{code} for who was invited; says plainly where nobody comes in."""
    async with reading(request) as db:
        around = await frame(request, db)
        try:
            invitation = await join.way_in(db, around.hub.sign_ups, request.match_info.get("code"))
        except (Forbidden, Conflict) as error:
            values = {"why": around.say(error.message), "member": around.viewer is not None}
            return render(request, "pages/join_closed.html", around, values, status=error.status)
    if around.viewer is not None:
        raise web.HTTPSeeOther("/desk")
    return _form(request, around, Form({"language": [around.language]}), invitation.by if invitation else None)


async def ask_to_join(request: web.Request) -> web.Response:
    """POST /join or /join/{code}: the same page afterwards for every address, whether it is known here or not."""
    sent = entered(await posted(request))
    await throttle.count(request, "sign up", throttle.network(request), FROM_ONE_NETWORK)
    form, code = Form(sent), request.match_info.get("code")
    async with reading(request) as db:
        around = await frame(request, db)
        invitation = await join.way_in(db, around.hub.sign_ups, code)
        secret = around.hub.secret
        wish = _wish(sent, around, code)
        found = join.problems(wish, around.hub.sign_ups)
        if form.value(TRAP):
            found.append(Problem(field=TRAP, reason=TRAPPED))
        proved = not found and await proofs.spend(db, secret, form.value("challenge"), form.value("proof"))
    inviter = invitation.by if invitation else None
    if found:
        return _again(request, around, sent, found, inviter)
    hashed = await passwords.hashed(wish.password)
    try:
        async with writing(request) as db:
            await join.apply(db, request.app[URLS], _wish(sent, around, code, proved=proved), hashed)
    except Invalid as error:
        return _again(request, around, sent, error.problems, inviter)
    return render(request, "pages/join_sent.html", around, {"address": wish.email})


async def show_confirm(request: web.Request) -> web.Response:
    """GET /join/confirm?token=…: a button; programs that look at links in letters confirm nothing."""
    key = request.query.get("token", "")
    async with reading(request) as db:
        found = await applications.find_by_key(db, key) if key else None
        around = await frame(request, db)
    if found is None:
        raise LinkOver
    return _private(render(request, "pages/join_confirm.html", around, {"token": key, "address": found.email}))


async def confirm(request: web.Request) -> web.Response:
    """POST /join/confirm: in, or in the queue; the page says which."""
    key = (await posted(request)).get("token", "")
    async with reading(request) as db:
        around = await frame(request, db)
        found = await applications.find_by_key(db, key)
    if found is None:
        raise LinkOver
    direct = join.goes_in(around.hub.sign_ups, found)
    keys = await asyncio.to_thread(actors.make_keys) if direct else None
    async with writing(request) as db:
        done = await join.confirm(db, request.app[URLS], key, keys)
    if done is None:
        raise LinkOver
    return _private(render(request, "pages/joined.html", around, {"inside": done.state == "accepted"}))


async def show_welcome(request: web.Request) -> web.Response:
    """GET /welcome: three next steps for a new member."""
    async with reading(request) as db:
        await signed_in(request, db)
        around = await frame(request, db)
    return render(request, "pages/welcome.html", around)


def _wish(sent: dict[str, list[str]], around: Frame, code: str | None, *, proved: bool = False) -> Wish:
    form = Form(sent)
    numbers = range(len(around.hub.sign_ups.questions))
    return Wish(
        name=form.value("name").removeprefix("@").lower(),
        display_name=form.value("display_name"),
        email=form.value("email"),
        password=form.value("password"),
        language=form.value("language") if form.value("language") in LANGUAGES else around.language,
        answers={number: form.value(f"answers.{number}") for number in numbers},
        agreed=form.value("agreed") == "true",
        proved=proved,
        code=code,
    )


def _again(
    request: web.Request, around: Frame, sent: dict[str, list[str]], found: Sequence[Problem], inviter: str | None
) -> web.Response:
    names = ["name", "display_name", "email", "password", "language", "agreed", TRAP]
    names += [f"answers.{number}" for number in range(len(around.hub.sign_ups.questions))]
    return _form(request, around, with_problems(sent, found, names, around.language), inviter, status=422)


def _form(request: web.Request, around: Frame, form: Form, inviter: str | None, status: int = 200) -> web.Response:
    settings = around.hub.sign_ups
    values = {
        "form": form,
        "inviter": inviter,
        "waits": settings.look_at_invited if inviter else settings.mode != "open",
        "questions": [
            (f"answers.{n}", one.text(around.language), one.needed) for n, one in enumerate(settings.questions)
        ],
        "least": PASSWORD_CHARS_LEAST,
        "challenge": proofs.challenge(around.hub.secret),
        "bits": PROOF_BITS,
        "trap": TRAP,
    }
    return _private(render(request, "pages/join.html", around, values, status=status))


def _private(response: web.Response) -> web.Response:
    """Not for caches, and no page after it learns its address: it may hold a key."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
