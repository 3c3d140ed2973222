"""The federation desk: look somebody or something up at its own server now, and see what became of one activity."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.actions.look_up_thing import look_up_thing
from node.panel.asking import domain_of
from node.panel.sheets import sheet
from node.panel.tables import Column, shown
from node.store.servers import hosts, traces
from node.theming.frame import frame
from node.web import sessions
from node.web.forms import Form, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import DATABASE, NODE
from node.wording.showing import page_path, profile_path
from schemas.limits import ADDRESS_BYTES, DESK_ROWS, TRACES_KEPT_DAYS
from schemas.reasons import msgid
from schemas.records import Post

PATH = "/admin/desk"
LINES = (
    Column(name="when", label=msgid("When")),
    Column(name="way", label=msgid("Way")),
    Column(name="host", label=msgid("Server")),
    Column(name="what", label=msgid("What happened")),
)
OWED = (
    Column(name="inbox", label=msgid("Inbox")),
    Column(name="tries", label=msgid("Tries")),
    Column(name="next", label=msgid("Next try")),
    Column(name="why", label=msgid("Why")),
)
FOUND = msgid("This is what its server shows now.")
NOTHING = msgid("Nothing was found there, or its server does not answer, or it is one we do not federate with.")
UNKNOWN = msgid("Nobody has looked at this server yet. It waits on the page of servers now.")


async def show_desk(request: web.Request) -> web.Response:
    """GET /admin/desk: with `?q=` (the id of an activity, or a server) what happened to it; for moderate_servers."""
    typed = request.query.get("q", "").strip()[:ADDRESS_BYTES].replace("\0", "")
    await request.app[NODE].traces.flush(request.app[DATABASE])  # what this process saw just now counts, too
    async with reading(request) as db:
        await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
        sought = domain_of(typed) or typed
        values: dict[str, Any] = {
            "form": Form({"q": [typed]}),
            "typed": typed,
            "days": TRACES_KEPT_DAYS,
        }
        lines = await traces.list_about(db, sought, DESK_ROWS) if typed else []
        owed = await traces.list_owed(db, typed, DESK_ROWS) if typed else []
    sheets = {
        "lines": sheet(
            request, "lines", LINES, lines, lambda one: (one.at, one.way, one.host, f"{one.type} {one.words}")
        ),
        "owed": sheet(request, "owed", OWED, owed, lambda one: (one.inbox, one.attempts, one.next_at, one.last_error)),
    }
    values |= sheets
    return await shown(request, "panel/desk.html", around, values)


async def look_up(request: web.Request) -> web.Response:
    """POST /admin/desk: fetch an actor or a thing by its handle or address, signed by the instance actor."""
    fields = await posted(request)
    typed = fields.get("what", "").strip()[:ADDRESS_BYTES].replace("\0", "")
    node = request.app[NODE]
    async with reading(request) as db:
        await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
    found = await look_up_thing(node, typed) if typed else None
    if found is not None:
        await sessions.say(request, around.say(FOUND))
        raise web.HTTPSeeOther(page_path(found) if isinstance(found, Post) else profile_path(found))
    host = domain_of(typed.rpartition("@")[2] if "://" not in typed else typed.split("/")[2])
    waits = host is not None and node.policy.waits(host)
    if waits and host is not None:
        async with writing(request) as db:
            await hosts.ask_about(db, host)
    await sessions.say(request, around.say(UNKNOWN if waits else NOTHING))
    raise web.HTTPSeeOther(PATH)
