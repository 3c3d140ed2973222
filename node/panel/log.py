"""The log of moderation, page by page: all of it for the staff, and for everybody without names of persons; one entry
by itself, the feed, and taking out what should not stand there."""

from __future__ import annotations

from typing import Any

import aiohttp_jinja2
import msgspec
from aiohttp import web

from node import chain
from node.actions.log_notes import RIGHT, redact
from node.errors import Conflict, Invalid, NotFound
from node.panel.asking import number_in
from node.panel.tables import Column, Look, board, shown
from node.store.db import Db
from node.store.hub import hub as hubs
from node.store.moderation import log
from node.theming.frame import frame, render
from node.theming.theme import THEMES
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import query, reading, signed_in, writing
from node.web.keys import NODE, URLS
from node.wording.language import gettext, supported
from node.wording.log_sentences import sentence
from node.wording.log_words import KINDS, name_of
from node.wording.showing import feed_words
from schemas.limits import FEED_ITEMS, FEED_SECONDS, LIST_ITEMS
from schemas.log_entry import LogEntry
from schemas.reasons import msgid

TAKEN_OUT = msgid("Taken out. The reason stands in its place.")


COLUMNS = (
    Column(name="number", label=msgid("Number")),
    Column(name="when", label=msgid("When")),
    Column(name="what", label=msgid("What")),
    Column(name="words", label=msgid("Words")),
)
STAFF = (*COLUMNS, Column(name="staff", label=msgid("For the staff"), sorts=False))


class Asked(Look, frozen=True, kw_only=True):
    """Which entries, how they are to be shown, and whether the whole chain is to be checked."""

    kind: str = ""
    before: int | None = None
    whole: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the entries follow each other without gaps, from the newest down."""
        return not (self.q.strip() or self.kind or self.sort)


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
    values = {
        "entry": entry,
        "name": name_of(around.language, entry.kind),
        "words": sentence(around.language, entry),
        "fits": chain.fits(before, entry),
    }
    return render(request, "panel/log_entry.html", around, values)


async def show_feed(request: web.Request) -> web.Response:
    """/log.atom: the newest entries that are for everybody (RFC 4287); `lang` chooses the language, else the hub's."""
    async with reading(request) as db:
        hub = await hubs.get(db)
        found = await log.list_newest(db, before=None, limit=FEED_ITEMS, public=True)
    base, urls = request.app[URLS].base_url, request.app[URLS]
    chosen = supported(request.query.get("lang"))
    spoken = chosen or hub.language
    values = {
        "title": f"{hub.name} – {gettext(spoken, 'Log of moderation')}",
        "language": spoken,
        "address": f"{base}/log.atom" + (f"?lang={chosen}" if chosen else ""),
        "page": f"{base}/log",
        "hub": hub,
        "entries": [(one, urls.log_entry(one.id), name_of(spoken, one.kind), sentence(spoken, one)) for one in found],
        "updated": max((one.at for one in found), default=hub.set_up_at or hub.created_at),
        **feed_words(spoken),
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
    values = {"form": form, "entry": entry, "words": sentence(around.language, entry)}
    values |= {"name": name_of(around.language, entry.kind), "content": _content(entry)}
    return render(request, "panel/log_redact.html", around, values, status=422 if form.problems else 200)


def _content(entry: LogEntry) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(entry.content) if entry.content else {}
    return found


async def _page(request: web.Request, db: Db, *, staff: bool) -> web.Response:
    asked = query(request, Asked)
    before = asked.before if asked.before and 0 < asked.before < 2**63 else None
    around = await frame(request, db)
    wanted, columns = asked.slice(newest_first="number"), STAFF if staff else COLUMNS
    found = await log.list_of(db, wanted, kind=asked.kind, before=before, staff=staff)
    here, older = found[:LIST_ITEMS], found[LIST_ITEMS:]
    values: dict[str, Any] = {
        "staff": staff,
        "form": Form({"q": [asked.q], "kind": [asked.kind]}),
        "kinds": sorted(((one, name_of(around.language, one)) for one in KINDS), key=lambda pair: pair[1]),
        "board": board(request, columns, asked, found, key=lambda one: str(one.id)),
        "name_of_kind": lambda kind: name_of(around.language, kind),
        "sentence": lambda entry: sentence(around.language, entry),
        "content": _content,
    }
    if staff and asked.whole:
        checked, broken = await _check_all(db)
    else:
        checked, broken = (len(here), _broken(here, older)) if asked.is_plain else (0, None)
    values |= {"whole": staff and asked.whole, "checked": checked, "broken": broken}
    return await shown(request, "panel/log.html", around, values)


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
