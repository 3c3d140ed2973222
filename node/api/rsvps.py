"""Answering events by program, here and elsewhere; and the list of answers, for those who organise them."""

from __future__ import annotations

from aiohttp import web

from node.actions import attend, rsvp_poll
from node.actions.permissions import require_change
from node.api.answers import acting, as_json, linked, person, published, writer
from node.api.lists import OldestFirst
from node.api.things import found, read_json
from node.errors import Forbidden, NotFound
from node.store.events import rsvps
from node.store.people import relations
from node.web.handlers import decoded, query, reading, writing
from node.web.keys import NODE
from schemas.records import Actor, Rsvp
from schemas.relations import Attending, RsvpWish


async def show_rsvp(request: web.Request) -> web.Response:
    """One's own answer; NotFound where one gave none."""
    async with reading(request) as db:
        actor = acting(await writer(request, db))
        event = await found(db, request, "event")
        given = await rsvps.find(db, event.id, actor.id)
    if given is None:
        raise NotFound
    return as_json(_shown(given, actor))


async def put_rsvp(request: web.Request) -> web.Response:
    """Say whether one comes. What results may differ: `waiting` where it is full, `asked` where others decide."""
    wish = decoded(await read_json(request), RsvpWish)
    async with writing(request) as db:
        who = await writer(request, db)
        if not who.may("attend"):
            raise Forbidden
        event, actor = await found(db, request, "event"), acting(who)
        given = await attend.attend(request.app[NODE], db, actor, event.id, wish.state, "button", note=wish.note)
    return as_json(_shown(given, actor))


async def ask_by_poll(request: web.Request) -> web.Response:
    """Ask by a poll who comes, those whose server knows no RSVP; asked again it is the same poll."""
    async with writing(request) as db:
        who = await writer(request, db)
        event = await found(db, request, "event")
        return as_json(published(await rsvp_poll.ask_by_poll(request.app[NODE], db, who, event.id)))


async def list_rsvps(request: web.Request) -> web.Response:
    """Who answered, for those who may change the event."""
    asked = query(request, OldestFirst)
    async with reading(request) as db:
        who = await writer(request, db)
        event = await found(db, request, "event")
        require_change(who, event)
        given = await relations.list_rsvps(db, event.id, after=asked.after, limit=asked.limit)
    links = {"next": {"after": given[-1][0].id}} if len(given) == asked.limit else {}
    return linked(request, [_shown(one, actor) for one, actor in given], links)


def _shown(given: Rsvp, actor: Actor | None) -> Attending:
    return Attending(
        who=person(actor) if actor else None,
        name=given.guest_name or "",
        state=given.state,
        note=given.note,
        answered=given.answered_at,
    )
