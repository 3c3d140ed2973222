"""The page of an event, and a member's answer to it."""

from __future__ import annotations

from typing import cast

from aiohttp import web

from federation import trust
from node.actions import attend, co_hosts, rsvp_poll
from node.actions.permissions import may_act_as
from node.errors import Invalid
from node.pages import thing
from node.pages.attending import OUTCOMES, WISHES, Wish
from node.pages.attending_by_mail import takes_mail
from node.pages.told_to_machines import event_data
from node.store.db import Db
from node.store.events import co_hosts as named_hosts
from node.store.events import events, rsvp_terms, rsvps
from node.store.people import actors
from node.store.posts import findings
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE, URLS
from schemas.limits import RSVP_ERASED_WEEKS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE


async def show_event(request: web.Request) -> web.Response:
    """/events/{id} for readers."""
    async with reading(request) as db:
        one = await thing.read(request, db, "event")
        event, viewer = one.post.event, one.frame.viewer_id
        assert event is not None  # noqa: S101 - the kind says so
        values = {
            **await _hosts(db, one),
            "counts": {"maybe": 0, "waiting": 0} | await rsvps.counts(db, one.post.id),
            "terms": await rsvp_terms.get(db, one.post.id),
            "by_mail": takes_mail(one.post) and one.frame.hub.uses("mail_answers"),
            "form": Form({"state": ["going"]}),
            "data": event_data(one.post, one.frame.language, request.app[URLS]) if one.post.local else None,
            "erased_weeks": RSVP_ERASED_WEEKS,
            "rsvp": await rsvps.find(db, one.post.id, viewer) if viewer else None,
            "askable": one.frame.hub.uses("polls")
            and rsvp_poll.why_not(one.post) is None
            and not await rsvps.find_poll(db, one.post.id),
            "findings": await findings.list_born_of(db, one.post.id, viewer=viewer),
            "series": await events.list_series(db, one.post.series, viewer=viewer) if one.post.series else [],
        }
    return render(request, "pages/event.html", one.frame, one.values | values)


async def answer_hosting(request: web.Request) -> web.Response:
    """POST /events/{id}/co-host: somebody who is named agrees to hold the event, or declines."""
    fields = await posted(request)
    agrees = {"accept": True, "decline": False}.get(fields.get("decision", ""))
    if agrees is None:
        raise Invalid([Problem(field="decision", reason=NOT_A_CHOICE, values={"choices": "accept, decline"})])
    event_id = thing.id_in(request)
    async with writing(request) as db:
        who = await signed_in(request, db)
        await co_hosts.answer(request.app[NODE], db, who, event_id, fields.get("name", ""), agrees=agrees)
    raise web.HTTPSeeOther(f"/events/{event_id}")


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
        terms, before = await rsvp_terms.get(db, event_id), await rsvps.find(db, event_id, who.actor.id)
        if wish != "declined" and (before is None or not before.answers) and terms.needed:
            raise web.HTTPSeeOther(f"/events/{event_id}/answer?state={wish}")
        node = request.app[NODE]
        rsvp = await attend.attend(node, db, who.actor, event_id, cast(Wish, wish), "button", sees_it=True)
    await sessions.say(request, around.say(OUTCOMES[rsvp.state]))
    raise web.HTTPSeeOther(f"/events/{event_id}")


async def _hosts(db: Db, one: thing.Thing) -> dict[str, object]:
    """Who holds it (of another server's event those of that server: nobody else can be known to have agreed), who is
    named without having been able to agree, and for whom the viewer is asked to agree."""
    event, viewer = one.post.event, one.frame.viewer
    assert event is not None  # noqa: S101 - the kind says so
    held_by = await actors.find_many(db, event.organisers)
    states = await named_hosts.list_of(db, one.post.id)
    others = [await actors.get(db, actor_id) for actor_id in states]
    return {
        "hosts": [h for h in held_by.values() if one.post.local or trust.same_origin(h.uri, one.post.actor.uri)],
        "named": [actor for actor in others if states[actor.id] == "named"],
        "asked_for": [a for a in others if states[a.id] == "asked" and viewer is not None and may_act_as(viewer, a)],
        "asked": [actor for actor in others if states[actor.id] == "asked"] if one.may_manage else [],
    }
