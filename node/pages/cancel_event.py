"""Cancelling an event: first who would be told, and why it is; then it is done."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.actions.rsvp_news import CONCERNED
from node.actions.withdraw import cancel_event
from node.pages.attendees import organised
from node.store.db import Db
from node.store.events import attendees
from node.store.posts import activities
from node.theming.frame import Frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, writing
from node.web.keys import NODE
from schemas.limits import MESSAGE_CHARS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG
from schemas.records import Post


async def ask_to_cancel(request: web.Request) -> web.Response:
    """GET /events/{id}/cancel: who is told, and by which way."""
    async with reading(request) as db:
        around, _, event = await organised(request, db)
        told = await _told(db, event)
    return _page(request, around, event, told, Form({"state": ["one"]}))


async def cancel(request: web.Request) -> web.Response:
    """POST /events/{id}/cancel: call it off, or all later dates of its series too."""
    sent = entered(await posted(request))
    why = next(iter(sent.get("why", ())), "")
    async with writing(request) as db:
        around, who, event = await organised(request, db)
        told = await _told(db, event)
        if len(why) <= MESSAGE_CHARS:
            following = sent.get("state") == ["following"]
            await cancel_event(request.app[NODE], db, who, event.id, following=following, why=why)
    if len(why) > MESSAGE_CHARS:
        wrong = Problem(field="why", reason=TOO_LONG, values={"max": MESSAGE_CHARS})
        form = with_problems(sent, [wrong], ("why",), around.language)
        return _page(request, around, event, told, form, status=422)
    await sessions.say(request, around.say("The event is cancelled; those who meant to come are told."))
    raise web.HTTPSeeOther(f"/events/{event.id}")


async def _told(db: Db, event: Post) -> dict[str, Any]:
    """How many people would hear of it, by which way, and how many servers that hold a copy for their own."""
    followers = await activities.inboxes(db, event.actor.id, followers=True, to=())
    return {"reached": await attendees.reached(db, event.id, CONCERNED), "servers": len(followers)}


def _page(
    request: web.Request, around: Frame, event: Post, told: dict[str, Any], form: Form, status: int = 200
) -> web.Response:
    values: dict[str, Any] = {"post": event, "form": form, **told}
    return render(request, "pages/cancel_event.html", around, values, status=status)
