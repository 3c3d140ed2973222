"""Those who answered an event, for those who organise it: the list, decisions, messages to them, the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from node.actions import rsvp_news
from node.actions.attend import decide
from node.actions.permissions import require_change
from node.errors import Invalid, NotFound
from node.pages import thing
from node.store.db import Db
from node.store.events import attendees, rsvp_terms, rsvps
from node.store.posts import posts
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.limits import MESSAGE_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, TOO_FEW, TOO_LONG, msgid
from schemas.records import Post, RsvpState, Viewer

STATES: dict[RsvpState, str] = {
    "going": msgid("Coming"),
    "maybe": msgid("Maybe"),
    "waiting": msgid("Waiting"),
    "asked": msgid("To be confirmed"),
    "declined": msgid("Not coming"),
}
DOORS = {
    "button": msgid("here"),
    "join": msgid("from another server"),
    "accept": msgid("from another server"),
    "poll": msgid("by the poll"),
    "reply": msgid("by a reply"),
    "mail": msgid("by mail"),
    "panel": msgid("by the organisers"),
}
DECISIONS = {"accept": True, "refuse": False}


async def show_attendees(request: web.Request) -> web.Response:
    """GET /events/{id}/people: who answered, by state."""
    return await _page(request, Form({"states": ["going"]}))


async def decide_attendee(request: web.Request) -> web.Response:
    """POST /events/{id}/people: admit or refuse somebody."""
    fields = await posted(request)
    accept, number = DECISIONS.get(fields.get("decision", "")), number_of(fields.get("answer", ""))
    if accept is None or number is None:
        raise Invalid([Problem(field="decision", reason=NOT_A_CHOICE, values={"choices": ", ".join(DECISIONS)})])
    async with writing(request) as db:
        around, _, event = await organised(request, db)
        await decide(request.app[NODE], db, event, number, accept=accept)
    await sessions.say(request, around.say("Done. They are told."))
    raise web.HTTPSeeOther(f"/events/{event.id}/people")


async def write_to_attendees(request: web.Request) -> web.Response:
    """POST /events/{id}/people/message: write to those whose answer is one of some, each by the door they came by."""
    sent = entered(await posted(request))
    states, words = [one for one in sent.get("states", []) if one in STATES], next(iter(sent.get("words", [])), "")
    problems = list(_wrong_message(states, words))
    if problems:
        async with reading(request) as db:
            around, _, _ = await organised(request, db)
        form = with_problems(sent, problems, ("states", "words"), around.language)
        return await _page(request, form, status=422)
    async with writing(request) as db:
        around, who, event = await organised(request, db)
        await rsvp_news.announce(db, event, "message", states=states, words=words, account_id=who.account.id)
    await sessions.say(request, around.say("Your message is on its way."))
    raise web.HTTPSeeOther(f"/events/{event.id}/people")


async def organised(request: web.Request, db: Db) -> tuple[Frame, Viewer, Post]:
    """The event of ours at this path, for its organisers and editors only."""
    who = await signed_in(request, db, "publish")
    around = await frame(request, db)
    event = await posts.get(db, thing.id_in(request), who.actor.id)
    if event.event is None or not event.local:
        raise NotFound
    require_change(who, event)
    return around, who, event


async def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    async with reading(request) as db:
        around, _, event = await organised(request, db)
        found = await attendees.list_of(db, event.id)
        values: dict[str, Any] = {
            "post": event,
            "event": event.event,
            "terms": await rsvp_terms.get(db, event.id),
            "groups": [(state, [one for one in found if one.rsvp.state == state]) for state in STATES],
            "states": [(state, around.say(words)) for state, words in STATES.items()],
            "state_words": {state: around.say(words) for state, words in STATES.items()},
            "doors": {door: around.say(words) for door, words in DOORS.items()},
            "counts": await rsvps.counts(db, event.id),
            "form": form,
        }
    return render(request, "pages/attendees.html", around, values, status=status)


def _wrong_message(states: Sequence[str], words: str) -> list[Problem]:
    wrong = []
    if not states:
        wrong.append(Problem(field="states", reason=TOO_FEW, values={"min": 1}))
    if not words:
        wrong.append(Problem(field="words", reason=EMPTY))
    if len(words) > MESSAGE_CHARS:
        wrong.append(Problem(field="words", reason=TOO_LONG, values={"max": MESSAGE_CHARS}))
    return wrong


def number_of(written: str) -> int | None:
    """A number in a form; None for what cannot be one."""
    fine = written.isascii() and written.isdecimal() and len(written) < 20 and int(written) <= thing.LARGEST_ID
    return int(written) if fine else None
