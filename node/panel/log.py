"""The log of moderation, page by page: all of it for the staff, and for everybody without names of persons; one entry
by itself, the feed, and taking out what should not stand there."""

from __future__ import annotations

from typing import Any

import aiohttp_jinja2
import msgspec
from aiohttp import web

from node import chain, sessions
from node.actions.log_notes import RIGHT, redact
from node.errors import Conflict, Invalid, NotFound
from node.forms import Form, entered, posted, with_problems
from node.frame import frame, render, with_query
from node.keys import NODE, URLS
from node.language import gettext
from node.log_words import name_of
from node.panel.asking import number_in
from node.showing import feed_words
from node.store import hub as hubs
from node.store import log
from node.store.db import Db
from node.theme import THEMES
from node.web import query, reading, signed_in, writing
from schemas.limits import FEED_ITEMS, FEED_SECONDS, LIST_ITEMS
from schemas.log_entry import LogEntry
from schemas.reasons import msgid

TAKEN_OUT = msgid("Taken out. The reason stands in its place.")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which page, and whether the whole chain is to be checked."""

    before: int | None = None
    whole: bool = False


async def show_log(request: web.Request) -> web.Response:
    """/admin/log: what was done, by whom and why, for mandates with the permission see_cases."""
    async with reading(request) as db:
        await signed_in(request, db, "see_cases")
        return await _page(request, db, staff=True)


async def show_public_log(request: web.Request) -> web.Response:
    """/log: what everybody may know of it."""
    async with reading(request) as db:
        return await _page(request, db, staff=False)


async def show_entry(request: web.Request) -> web.Response:
    """/log/{id}: one entry, as everybody may know it."""
    async with reading(request) as db:
        entry, around = await log.find(db, number_in(request)), await frame(request, db)
        if entry is None:
            raise NotFound
        before = await log.find(db, entry.id - 1) if entry.id > 1 else None
    values = {"entry": entry, "name": name_of(around.language, entry.kind), "fits": chain.fits(before, entry)}
    return render(request, "panel/log_entry.html", around, values)


async def show_feed(request: web.Request) -> web.Response:
    """/log.atom: the newest entries that are for everybody (RFC 4287)."""
    async with reading(request) as db:
        hub = await hubs.get(db)
        found = await log.list_newest(db, before=None, limit=FEED_ITEMS, public=True)
    base = request.app[URLS].base_url
    values = {
        "title": f"{hub.name} – {gettext(hub.language, 'Log of moderation')}",
        "language": hub.language,
        "address": f"{base}/log.atom",
        "page": f"{base}/log",
        "hub": hub,
        "entries": [(one, request.app[URLS].log_entry(one.id), name_of(hub.language, one.kind)) for one in found],
        "updated": max((one.at for one in found), default=hub.set_up_at or hub.created_at),
        **feed_words(hub.language),
    }
    templates = request.app[THEMES].key(hub.look)
    body = aiohttp_jinja2.render_string("feeds/log.xml", request, values, app_key=templates)
    headers = {"Cache-Control": f"public, max-age={FEED_SECONDS}"}
    return web.Response(text=body, content_type="application/atom+xml", charset="utf-8", headers=headers)


async def show_redaction(request: web.Request) -> web.Response:
    """GET /admin/log/{id}: an entry with all it says, and the form that takes it out."""
    return await _entry_page(request, Form({}))


async def take_out(request: web.Request) -> web.Response:
    """POST /admin/log/{id}: take out what an entry says; the chain still holds."""
    written, number = entered(await posted(request)), number_in(request)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, RIGHT)
            await redact(request.app[NODE], db, who, number, Form(written).value("why"))
    except Invalid as error:
        return await _entry_page(request, with_problems(written, error.problems, ("why",), around.language))
    except Conflict as error:
        return await _entry_page(request, Form(written, {"": [around.say(error.message, **error.values)]}))
    await sessions.say(request, around.say(TAKEN_OUT))
    raise web.HTTPSeeOther(f"/admin/log/{number}")


async def _entry_page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        entry = await log.find(db, number_in(request))
        if entry is None:
            raise NotFound
    values = {"form": form, "entry": entry, "name": name_of(around.language, entry.kind), "content": _content(entry)}
    return render(request, "panel/log_redact.html", around, values, status=422 if form.problems else 200)


def _content(entry: LogEntry) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(entry.content) if entry.content else {}
    return found


async def _page(request: web.Request, db: Db, *, staff: bool) -> web.Response:
    asked = query(request, Asked)
    before = asked.before if asked.before and 0 < asked.before < 2**63 else None
    around = await frame(request, db)
    found = await log.list_newest(db, before=before, limit=LIST_ITEMS + 1)
    shown, older = found[:LIST_ITEMS], found[LIST_ITEMS:]
    newer = with_query(request, before=None, whole=None) if before else None
    further = with_query(request, before=shown[-1].id, whole=None) if older else None
    checked, broken = await _check_all(db) if staff and asked.whole else (len(shown), _broken(shown, older))
    values = {
        "staff": staff,
        "entries": [(one, name_of(around.language, one.kind), _content(one) if staff else {}) for one in shown],
        "ends": {"newer": newer, "older": further},
        "whole": staff and asked.whole,
        "checked": checked,
        "broken": broken,
    }
    return render(request, "panel/log.html", around, values)


def _broken(shown: list[LogEntry], older: list[LogEntry]) -> int | None:
    """The newest entry on a page that does not fit to the one before it."""
    before: list[LogEntry | None] = [*shown[1:], *(older or (None,))]
    for newer, previous in zip(shown, before, strict=False):
        if not chain.fits(previous, newer):
            return newer.id
    return None


async def _check_all(db: Db) -> tuple[int, int | None]:
    """How many entries there are as far as the chain holds, and the first that does not fit."""
    previous: LogEntry | None = None
    async for entry in log.entries(db):
        if not chain.fits(previous, entry):
            return previous.id if previous else 0, entry.id
        previous = entry
    return previous.id if previous else 0, None
