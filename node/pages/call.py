"""The page of a call, how to answer it, and deciding about an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from aiohttp import web

from federation.build.markup import paragraph, plain
from node.actions import answer
from node.actions.permissions import require_change
from node.errors import Invalid, NotFound
from node.pages import matching, thing
from node.store.calls import answers
from node.store.posts import findings
from node.theming.frame import Frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.limits import ANSWER_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, NOT_WHOLE, TOO_LONG
from schemas.records import Post

FIELDS = ("content", "quantity", "hours")
VERDICTS: dict[str, Literal["accepted", "rejected"]] = {"accept": "accepted", "reject": "rejected"}


async def show_call(request: web.Request) -> web.Response:
    """/calls/{id} for readers; its owner finds the way to the answers, a member why it fits them."""
    async with reading(request) as db:
        one = await thing.read(request, db, "call")
        viewer = one.frame.viewer_id
        mine = await answers.list_by(db, one.post.id, viewer) if viewer else []
        values = {
            "answer": mine[-1] if mine else None,
            "waiting": await answers.count_waiting(db, one.post.id) if one.may_manage else 0,
            "because": await matching.why(db, one.frame, one.post),
            "findings": await findings.list_born_of(db, one.post.id, viewer=viewer),
            "now": datetime.now(UTC),
        }
    return render(request, "pages/call.html", one.frame, one.values | values)


async def show_answer_form(request: web.Request) -> web.Response:
    """GET /calls/{id}/answer."""
    async with reading(request) as db:
        await signed_in(request, db, "answer")
        around, post = await thing.to_change(request, db, "call")
    return _form(request, around, post, Form({"quantity": ["1"]}))


async def answer_call(request: web.Request) -> web.Response:
    """POST /calls/{id}/answer: a member offers what the call asks for."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        who = await signed_in(request, db, "answer")
        around, post = await thing.to_change(request, db, "call")
    if problems := _problems(sent):
        return _form(request, around, post, with_problems(sent, problems, FIELDS, around.language), status=422)
    text, quantity, hours = (sent.get(name, [""])[0] for name in FIELDS)
    async with writing(request) as db:
        await answer.answer(
            request.app[NODE],
            db,
            who.actor,
            post.id,
            _html(text),
            quantity=int(quantity or 1),
            hours=int(hours) if hours else None,
        )
    await sessions.say(request, around.say("Your answer is on its way. Only those who made the call read it."))
    raise web.HTTPSeeOther(f"/calls/{post.id}")


async def decide_answer(request: web.Request) -> web.Response:
    """POST /calls/{id}/answers/{answer}: the owner accepts or declines, who answered takes it back."""
    decision = (await posted(request)).get("decision", "")
    if decision not in (*VERDICTS, "withdraw"):
        choices = ", ".join((*VERDICTS, "withdraw"))
        raise Invalid([Problem(field="decision", reason=NOT_A_CHOICE, values={"choices": choices})])
    async with writing(request) as db:
        who = await signed_in(request, db)
        _, post = await thing.to_change(request, db, "call")
        if decision != "withdraw":
            require_change(who, post)
        given = await answers.get(db, thing.id_in(request, "answer"))
        if given is None or given.call_id != post.id:
            raise NotFound
        if decision == "withdraw":
            await answer.withdraw(request.app[NODE], db, who.actor, given.id)
        else:
            await answer.decide(request.app[NODE], db, who.account.id, given.id, VERDICTS[decision])
    raise web.HTTPSeeOther(f"/calls/{post.id}{'' if decision == 'withdraw' else '/desk'}")


def _form(request: web.Request, around: Frame, post: Post, form: Form, status: int = 200) -> web.Response:
    return render(request, "pages/answer.html", around, {"post": post, "form": form}, status=status)


def _problems(sent: dict[str, list[str]]) -> list[Problem]:
    found = []
    text = sent.get("content", [""])[0]
    if not text:
        found.append(Problem(field="content", reason=EMPTY))
    if len(text) > ANSWER_CHARS:
        found.append(Problem(field="content", reason=TOO_LONG, values={"max": ANSWER_CHARS}))
    for name in ("quantity", "hours"):
        number = sent.get(name, [""])[0]
        if number and not (number.isascii() and number.isdecimal() and 0 < int(number[:10]) < 100_000):
            found.append(Problem(field=name, reason=NOT_WHOLE))
    return found


def _html(text: str) -> str:
    return "".join(paragraph(plain(part.strip())) for part in text.split("\n\n"))
