"""The desk of a call for those who made it: who answered, a shortlist, taking up and declining, writing back, thanks,
and how long the call lasts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from aiohttp import web

from node.actions import renew, respond
from node.actions.permissions import require_change
from node.errors import Invalid, NotFound
from node.pages import thing
from node.store.calls import answers, responses
from node.store.db import Db
from node.store.people import people
from node.theming.frame import Frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.answers import Answer
from schemas.limits import ANSWERS_SHOWN, TEXT_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, TOO_LONG, msgid
from schemas.records import Actor, Post, Viewer

TEXTS = {"message": "text", "thank": "thanks"}
"""The deeds that say something, with the field in which it is written."""
DEEDS = ("shortlist", "unlist", "renew", *TEXTS)
DONE = {
    "message": msgid("Your message is on its way. Only who answered reads it."),
    "renew": msgid("The call goes on."),
}


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as the desk shows it, with who gave it and what was written back."""

    answer: Answer
    actor: Actor
    messages: list[Post]


async def show_desk(request: web.Request) -> web.Response:
    """GET /calls/{id}/desk, for whoever may change the call."""
    async with reading(request) as db:
        around, _, call = await _own(request, db)
        return await _page(request, db, around, call, Form({}))


async def change_desk(request: web.Request) -> web.Response:
    """POST /calls/{id}/desk: one deed about the call or one answer to it."""
    sent = entered(await posted(request))
    deed = next(iter(sent.get("deed", [])), "")
    if deed not in DEEDS:
        raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(DEEDS)})])
    if wrong := _wrong(deed, sent):
        async with reading(request) as db:
            around, _, call = await _own(request, db)
            form = with_problems(sent, wrong, set(TEXTS.values()), around.language)
            return await _page(request, db, around, call, form, status=422)
    async with writing(request) as db:
        around, who, call = await _own(request, db)
        said = await _do(request, db, who, call, deed, sent, around)
    if said:
        await sessions.say(request, said)
    raise web.HTTPSeeOther(f"/calls/{call.id}/desk")


async def _do(
    request: web.Request, db: Db, who: Viewer, call: Post, deed: str, sent: dict[str, list[str]], around: Frame
) -> str:
    node, text = request.app[NODE], next(iter(sent.get(TEXTS.get(deed, ""), [])), "")
    if deed == "renew":
        await renew.renew(node, db, who, call.id)
    elif deed == "thank":
        count = await respond.thank(node, db, who, call.id, text)
        return around.say("Thanked: {number}.", number=count)
    elif deed == "message":
        await respond.message(node, db, who, await _answer(db, call, sent), text)
    else:
        await respond.shortlist(db, who, await _answer(db, call, sent), deed == "shortlist")
    return around.say(DONE[deed]) if deed in DONE else ""


async def _answer(db: Db, call: Post, sent: dict[str, list[str]]) -> int:
    """The id of the answer that was meant; NotFound unless it is to this call."""
    written = next(iter(sent.get("answer", [])), "")
    if not (written.isascii() and written.isdecimal()) or len(written) > 18:
        raise NotFound
    given = await answers.get(db, int(written))
    if given is None or given.call_id != call.id:
        raise NotFound
    return given.id


def _wrong(deed: str, sent: dict[str, list[str]]) -> list[Problem]:
    if deed not in TEXTS:
        return []
    text = next(iter(sent.get(TEXTS[deed], [])), "")
    if not text:
        return [Problem(field=TEXTS[deed], reason=EMPTY)]
    if len(text) > TEXT_CHARS:
        return [Problem(field=TEXTS[deed], reason=TOO_LONG, values={"max": TEXT_CHARS})]
    return []


async def _own(request: web.Request, db: Db) -> tuple[Frame, Viewer, Post]:
    who = await signed_in(request, db, "publish")
    around, call = await thing.to_change(request, db, "call")
    require_change(who, call)
    return around, who, call


async def _page(request: web.Request, db: Db, around: Frame, call: Post, form: Form, status: int = 200) -> web.Response:
    given = await answers.list_of(db, call.id, ANSWERS_SHOWN)
    written = await responses.messages_of(db, call.id)
    known = await people.get_many(db, [one.actor_id for one in given])
    told = [Given(answer=one, actor=known[one.actor_id], messages=written.get(one.id, [])) for one in given]
    ends = await responses.ends_at(db, call.id, renew.LASTS)
    values: dict[str, Any] = {
        "post": call,
        "form": form,
        "meant": form.value("answer"),
        "listed": [one for one in told if one.answer.shortlisted and one.answer.state == "offered"],
        "waiting": [one for one in told if not one.answer.shortlisted and one.answer.state == "offered"],
        "settled": [one for one in told if one.answer.state != "offered"],
        "unthanked": len({o.actor.id for o in told if o.answer.state != "withdrawn" and not o.answer.thanked_at}),
        "ends": ends,
        "soon": ends is not None and (ends - datetime.now(UTC)).days < 8,
    }
    return render(request, "pages/call_desk.html", around, values, status=status)
