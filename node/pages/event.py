"""The page of an event, and a member's answer to it."""

from __future__ import annotations

from typing import Literal, cast

from aiohttp import web

from node import sessions
from node.actions import attend, rsvp_poll
from node.errors import Invalid
from node.forms import posted
from node.frame import Frame, frame, render
from node.keys import NODE
from node.pages import thing
from node.store import actors, events, findings, rsvps
from node.web import reading, signed_in, writing
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

Wish = Literal["going", "maybe", "declined"]
WISHES = ("going", "maybe", "declined")
OUTCOMES = {
    "going": msgid("You are coming. See you there!"),
    "maybe": msgid("You may come. The organisers know."),
    "declined": msgid("You are not coming. Thank you for telling us."),
    "waiting": msgid("All seats are taken: you are on the waiting list and will hear when one is free."),
    "asked": msgid("The organisers have your answer and will confirm it."),
}


async def show_event(request: web.Request) -> web.Response:
    """/events/{id} for readers."""
    async with reading(request) as db:
        one = await thing.read(request, db, "event")
        event, viewer = one.post.event, one.frame.viewer_id
        assert event is not None  # noqa: S101 - the kind says so
        hosts = await actors.find_many(db, event.organisers)
        values = {
            "hosts": list(hosts.values()),
            "counts": {"maybe": 0, "waiting": 0} | await rsvps.counts(db, one.post.id),
            "rsvp": await rsvps.find(db, one.post.id, viewer) if viewer else None,
            "askable": rsvp_poll.why_not(one.post) is None and not await rsvps.find_poll(db, one.post.id),
            "findings": await findings.list_born_of(db, one.post.id, viewer=viewer),
            "series": await events.list_series(db, one.post.series, viewer=viewer) if one.post.series else [],
        }
    return render(request, "pages/event.html", one.frame, one.values | values)


async def answer_event(request: web.Request) -> web.Response:
    """POST /events/{id}/rsvp: a member says whether they come."""
    fields = await posted(request)
    wish = fields.get("state", "")
    if wish not in WISHES:
        raise Invalid([Problem(field="state", reason=NOT_A_CHOICE, values={"choices": ", ".join(WISHES)})])
    event_id = thing.id_in(request)
    async with writing(request) as db:
        around: Frame = await frame(request, db)
        who = await signed_in(request, db, "attend")
        rsvp = await attend.attend(request.app[NODE], db, who.actor, event_id, cast(Wish, wish), "button")
    await sessions.say(request, around.say(OUTCOMES[rsvp.state]))
    raise web.HTTPSeeOther(f"/events/{event_id}")
