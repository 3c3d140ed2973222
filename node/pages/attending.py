"""Answering an event on a page of its own: who comes along, what the organisers ask. For members, and by a signed link
for whoever answered by mail or from another server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, cast

import msgspec
from aiohttp import web

from node.actions import rsvp_links
from node.actions.attend import attend, attend_by_mail
from node.errors import Conflict, Invalid, NotFound
from node.node import Node
from node.pages import thing
from node.store.db import Db
from node.store.events import rsvp_requests, rsvp_terms, rsvps
from node.store.events.rsvp_requests import Request
from node.store.events.rsvps import Extra, Guest
from node.store.people import actors
from node.store.posts import posts
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Fields, Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.attending import Terms, wrong_answers
from schemas.limits import RSVP_ERASED_WEEKS, RSVP_REQUEST_SECONDS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Post, Rsvp

Wish = Literal["going", "maybe", "declined"]
WISHES = ("going", "maybe", "declined")
OUTCOMES = {
    "going": msgid("You are coming. See you there!"),
    "maybe": msgid("You may come. The organisers know."),
    "declined": msgid("You are not coming. Thank you for telling us."),
    "waiting": msgid("All seats are taken: you are on the waiting list and will hear when one is free."),
    "asked": msgid("The organisers have your answer and will confirm it."),
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a page to answer is about. `given` is the answer that counts, `request` one that does not count yet."""

    event: Post
    terms: Terms
    given: Rsvp | None = None
    request: Request | None = None


async def show_answer_form(request: web.Request) -> web.Response:
    """GET /events/{id}/answer: for members all that is asked; for others the ways to answer."""
    async with reading(request) as db:
        around, event = await thing.to_change(request, db, "event")
        terms = await rsvp_terms.get(db, event.id)
        given = await rsvps.find(db, event.id, around.viewer_id) if around.viewer_id else None
    fields = {**_fields(given, None), "state": [request.query.get("state") or (given.state if given else "going")]}
    asked = Asked(event=event, terms=terms, given=given)
    return _page(request, around, asked, Form(_shown(fields)))


async def answer_in_full(request: web.Request) -> web.Response:
    """POST /events/{id}/answer: a member answers, with what is asked."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        around, event = await thing.to_change(request, db, "event")
        who = await signed_in(request, db, "attend")
        terms = await rsvp_terms.get(db, event.id)
        given = await rsvps.find(db, event.id, who.actor.id)
    asked = Asked(event=event, terms=terms, given=given)
    try:
        wish, extra = read_answer(sent, terms)
        async with writing(request) as db:
            node = request.app[NODE]
            after = await attend(node, db, who.actor, event.id, wish, "button", extra=extra, sees_it=True)
    except (Invalid, Conflict) as error:
        return _again(request, around, asked, sent, error)
    await sessions.say(request, around.say(OUTCOMES[after.state]))
    raise web.HTTPSeeOther(f"/events/{event.id}")


async def show_answer_by_link(request: web.Request) -> web.Response:
    """GET /rsvp/{token}: how an answer stands, and a form to confirm or change it. Looking at it changes nothing: mail
    programs look at links too."""
    async with reading(request) as db:
        around, asked = await _by_link(request, db)
    return _page(request, around, asked, Form(_shown(_fields(asked.given, asked.request))))


async def answer_by_link(request: web.Request) -> web.Response:
    """POST /rsvp/{token}: confirm or change the answer."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        around, asked = await _by_link(request, db)
    try:
        wish, extra = read_answer(sent, asked.terms)
        async with writing(request) as db:
            await _answer(request.app[NODE], db, around, asked, wish, extra)
    except (Invalid, Conflict) as error:
        return _again(request, around, asked, sent, error)
    raise web.HTTPSeeOther(request.path)


def read_answer(sent: Fields, terms: Terms) -> tuple[Wish, Extra]:
    """The answer in a form. Raises Invalid; who cannot come need not answer any question."""
    wish = _first(sent, "state")
    if wish not in WISHES:
        raise Invalid([Problem(field="state", reason=NOT_A_CHOICE, values={"choices": ", ".join(WISHES)})])
    answers = {one.id: _first(sent, f"question.{one.id}") for one in terms.questions}
    written = _first(sent, "companions") or "0"
    companions = int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else None
    if wish != "declined" and (problems := list(wrong_answers(terms, companions, answers))):
        raise Invalid(problems)
    said = {number: answer for number, answer in answers.items() if answer}
    return cast(Wish, wish), Extra(companions=companions or 0, answers=said if wish != "declined" else {})


async def _answer(node: Node, db: Db, around: Frame, asked: Asked, wish: Wish, extra: Extra) -> None:
    given, request = asked.given, asked.request
    if given is not None and given.actor_id is not None:
        actor = await actors.get(db, given.actor_id)
        await attend(node, db, actor, asked.event.id, wish, given.door, note=given.note, extra=extra, sees_it=True)
        return
    email, name = (
        (request.email, request.name) if request else (given and given.guest_email, given and given.guest_name)
    )
    number = request.id if request else given.id if given else 0
    guest = Guest(email=email or "", name=name or "", language=around.language, number=number)
    await attend_by_mail(node, db, asked.event, guest, wish, extra)


async def _by_link(request: web.Request, db: Db) -> tuple[Frame, Asked]:
    around = await frame(request, db)
    number = rsvp_links.number_in(around.hub.secret, request.match_info["token"])
    given = await rsvps.get(db, number) if number is not None else None
    asked = await rsvp_requests.find(db, number or 0, timedelta(seconds=RSVP_REQUEST_SECONDS))
    event_id = given.event_id if given else asked.event_id if asked else None
    event = await posts.find(db, event_id) if event_id is not None else None
    if event is None or event.event is None or not event.local or (given is not None and given.erased_at is not None):
        raise NotFound
    terms = await rsvp_terms.get(db, event.id)
    return around, Asked(event=event, terms=terms, given=given, request=asked)


def _fields(given: Rsvp | None, request: Request | None) -> dict[str, list[str]]:
    answers = {f"question.{number}": [said] for number, said in given.answers.items()} if given else {}
    state = request.state if request else given.state if given else "going"
    return {**answers, "state": [state], "companions": [str(given.companions if given else 0)]}


def _shown(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Who waits or has asked wanted to come."""
    state = fields["state"][0]
    return {**fields, "state": [state if state in WISHES else "going"]}


def _again(
    request: web.Request, around: Frame, asked: Asked, sent: dict[str, list[str]], error: Invalid | Conflict
) -> web.Response:
    problems = error.problems if isinstance(error, Invalid) else [Problem(field="", reason=error.message)]
    known = {"state", "companions", *(f"question.{one.id}" for one in asked.terms.questions)}
    form = with_problems(sent, problems, known, around.language)
    return _page(request, around, asked, form, status=error.status)


def _page(request: web.Request, around: Frame, asked: Asked, form: Form, status: int = 200) -> web.Response:
    values: dict[str, Any] = {
        "post": asked.event,
        "event": asked.event.event,
        "terms": asked.terms,
        "given": asked.given,
        "asked": asked.request,
        "by_link": "token" in request.match_info,
        "form": form,
        "erased_weeks": RSVP_ERASED_WEEKS,
    }
    response = render(request, "pages/attending.html", around, values, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _first(sent: Fields, name: str) -> str:
    return next(iter(sent.get(name, ())), "")
