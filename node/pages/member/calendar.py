"""/calendar/mine: the meetings a member goes to or holds, and the secret address under which a calendar program reads
them: it can be renewed and taken away."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from itertools import groupby

from aiohttp import web

from node.errors import Invalid, NotFound
from node.pages.feeds import ICAL
from node.store.events import calendar as calendars
from node.store.events import own_calendar
from node.store.events.own_calendar import CalendarKey
from node.store.members import accounts
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import URLS
from node.wording.language import gettext
from schemas.limits import CALENDAR_MINE_EVENTS, CALENDAR_PAST_DAYS, CALENDAR_SECRET_BYTES
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/calendar/mine"
FIRST = msgid("Your calendar has an address now. Whoever knows it reads the calendar.")
MADE = msgid("Your calendar has a new address. The one before leads nowhere any more.")
GONE = msgid("Your calendar has no address any more.")
NAME = msgid("My meetings at {hub}")


async def show_mine(request: web.Request) -> web.Response:
    """GET /calendar/mine, and ?hubs=yes with what followed hubs publish."""
    with_hubs = request.query.get("hubs") == "yes"
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        found = await own_calendar.list_events(
            db, who.actor.id, datetime.now(UTC), with_hubs=with_hubs, limit=CALENDAR_MINE_EVENTS
        )
        key = await own_calendar.find(db, who.account.id)
    days = groupby(found, lambda post: post.event.starts_local.date() if post.event else None)
    values = {
        "days": [(day, list(those)) for day, those in days],
        "with_hubs": with_hubs,
        "key": key,
        "address": _address(request, key) if key else "",
    }
    return render(request, "pages/own_calendar.html", around, values)


async def change_mine(request: web.Request) -> web.Response:
    """POST /calendar/mine: a first or another address, none, or what stands in it."""
    fields = await posted(request)
    deed, with_hubs = fields.get("deed", ""), fields.get("with_hubs") == "true"
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        match deed:
            case "renew":
                words = MADE if await own_calendar.find(db, who.account.id) else FIRST
                await own_calendar.put(
                    db, who.account.id, secrets.token_hex(CALENDAR_SECRET_BYTES), with_hubs=with_hubs
                )
            case "choose":
                await own_calendar.choose(db, who.account.id, with_hubs=with_hubs)
            case "remove":
                await own_calendar.remove(db, who.account.id)
            case _:
                raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": "renew, choose, remove"})])
    if deed != "choose":
        await sessions.say(request, around.say(words if deed == "renew" else GONE))
    raise web.HTTPSeeOther(f"{PATH}#address")


async def own_ics(request: web.Request) -> web.Response:
    """GET /calendar/{token}.ics: for whoever knows the address; NotFound for one that is none, or none any more."""
    from node.pages.calendar_entries import calendar  # noqa: PLC0415 - icalendar is large, and few ask for calendars

    since = datetime.now(UTC) - timedelta(days=CALENDAR_PAST_DAYS)
    async with reading(request) as db:
        key = await own_calendar.find_by_secret(db, request.match_info["token"])
        account = await accounts.find(db, key.account_id) if key else None
        if key is None or account is None:
            raise NotFound
        around = await frame(request, db)
        found = await own_calendar.list_events(
            db, account.actor_id, since, with_hubs=key.with_hubs, limit=CALENDAR_MINE_EVENTS
        )
        firsts = await calendars.first_starts(db, [post.id for post in found if post.series])
    name = gettext(account.language, NAME, hub=around.hub.name)
    body: bytes = calendar(name, _address(request, key), found, firsts, account.language).to_ical()
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return web.Response(body=body, content_type=ICAL, charset="utf-8", headers=headers)


def _address(request: web.Request, key: CalendarKey) -> str:
    return f"{request.app[URLS].base_url}/calendar/{key.secret}.ics"
