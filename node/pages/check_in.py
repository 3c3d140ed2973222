"""At the door: a list to search and tick, with one thumb, without scripts, or on paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from node.errors import NotFound
from node.pages.attendees import number_of, organised
from node.store.events import attendees
from node.theming.frame import render
from node.theming.theme import THEMES
from node.web.forms import posted
from node.web.handlers import reading, writing
from schemas.limits import DOOR_SECONDS, NAME_CHARS
from schemas.look import Look

AT_THE_DOOR = ("going", "maybe", "waiting", "asked")


async def show_check_in(request: web.Request) -> web.Response:
    """GET /events/{id}/check-in?q=: those who come, by name; who may come or waits stands below."""
    search = request.query.get("q", "").strip()[:NAME_CHARS]
    async with reading(request) as db:
        around, _, event = await organised(request, db)
        found = await attendees.list_of(db, event.id, states=AT_THE_DOOR, search=search)
    coming = [one for one in found if one.rsvp.state == "going"]
    here = [one for one in found if one.rsvp.checked_in_at]
    values = {
        "post": event,
        "event": event.event,
        "search": search,
        "coming": coming,
        "others": [one for one in found if one.rsvp.state != "going"],
        "here": sum(1 + one.rsvp.companions for one in here),
        "expected": sum(1 + one.rsvp.companions for one in coming),
    }
    return render(request, "pages/check_in.html", around, values)


async def tick(request: web.Request) -> web.Response:
    """POST /events/{id}/check-in: somebody is here; or that was a slip. `at`: when it was ticked, if the network was
    away then."""
    fields = await posted(request)
    at = _moment(fields.get("at", ""), datetime.now(UTC))
    number, search = number_of(fields.get("answer", "")), fields.get("q", "")[:NAME_CHARS]
    here = fields.get("here") == "yes"
    async with writing(request) as db:
        _, _, event = await organised(request, db)
        found = number is not None and await attendees.tick(db, event.id, number, here=here, at=at)
    if not found:
        raise NotFound
    query = f"?{urlencode({'q': search})}" if search else ""
    raise web.HTTPSeeOther(f"/events/{event.id}/check-in{query}#a{number}")


async def show_worker(request: web.Request) -> web.Response:
    """GET /events/{id}/door.js: the script that keeps this one list for a moment without network. It stands beside the
    list, since a worker answers only for what lies below it."""
    body = request.app[THEMES].of(Look()).by_name["door-worker.js"].body
    policy = {"Content-Security-Policy": "default-src 'none'; connect-src 'self'", "Cache-Control": "no-cache"}
    return web.Response(body=body, content_type="text/javascript", headers=policy)


def _moment(written: str, now: datetime) -> datetime:
    """A moment of the last days as a browser writes it, else now."""
    try:
        said = datetime.fromisoformat(written)
    except ValueError:
        return now
    fine = said.tzinfo is not None and now - timedelta(seconds=DOOR_SECONDS) <= said <= now
    return said if fine else now
