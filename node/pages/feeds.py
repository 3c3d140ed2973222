"""Feeds of what is public: Atom (RFC 4287) for each kind, iCalendar for events; of the hub, or of one area, language or
tag. They show what strangers may see, whoever asks, and may be kept for some minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

import aiohttp_jinja2
import msgspec
from aiohttp import web

from node.errors import NotFound
from node.pages.calendar_choice import Narrowing
from node.pages.calendar_sources import gathered
from node.pages.thing import id_in
from node.store.db import Db
from node.store.events import calendar as calendars
from node.store.hub import areas
from node.store.hub import hub as hubs
from node.store.posts import posts
from node.store.posts.reading import Page
from node.theming.frame import frame
from node.theming.theme import THEMES
from node.web.handlers import query, reading
from node.web.keys import URLS
from node.wording.language import choose, gettext
from node.wording.showing import feed_words
from schemas.limits import CALENDAR_EVENTS, CALENDAR_PAST_DAYS, FEED_ITEMS, FEED_SECONDS
from schemas.reasons import msgid
from schemas.records import Hub, Post
from schemas.things import Kind

TITLES: dict[Kind, str] = {"event": msgid("Events"), "finding": msgid("Findings"), "call": msgid("Calls")}
ATOM, ICAL = "application/atom+xml", "text/calendar"
FeedKind = Literal["event", "finding", "call"]


class Chosen(Narrowing, frozen=True, kw_only=True):
    """What a feed is narrowed to. `from=network`: also what the hub got from others; `lang`: in which language the feed
    itself speaks."""

    source: Literal["here", "network"] | None = msgspec.field(name="from", default="here")
    lang: str | None = None


async def events_atom(request: web.Request) -> web.Response:
    """/events.atom."""
    return await _atom(request, "event")


async def findings_atom(request: web.Request) -> web.Response:
    """/findings.atom."""
    return await _atom(request, "finding")


async def calls_atom(request: web.Request) -> web.Response:
    """/calls.atom."""
    return await _atom(request, "call")


async def events_ics(request: web.Request) -> web.Response:
    """/events.ics: what comes and what was in the last months, to subscribe to."""
    chosen = query(request, Chosen)
    since = datetime.now(UTC) - timedelta(days=CALENDAR_PAST_DAYS)
    async with reading(request) as db:
        hub = await hubs.get(db)
        name = await _name(db, hub, chosen, hub.name)
        wanted = chosen.wanted(await chosen.place(db))
        found = await _once(db, chosen, await calendars.list_events(db, since, wanted, CALENDAR_EVENTS))
        firsts = await calendars.first_starts(db, [post.id for post in found if post.series])
    body = _ical(name, _address(request, chosen), found, firsts, _language(hub, chosen))
    return _kept(request, body, ICAL)


async def event_ics(request: web.Request) -> web.Response:
    """/events/{id}.ics: one event, for whoever may see it."""
    async with reading(request) as db:
        around = await frame(request, db)
        post = await posts.get(db, id_in(request), around.viewer_id)
    if post.event is None:
        raise NotFound
    single = msgspec.structs.replace(post, series=None)
    body = _ical(around.hub.name, request.app[URLS].thing("event", post.id), [single], {}, around.language)
    response = _kept(request, body, ICAL)
    response.headers["Content-Disposition"] = f'attachment; filename="event-{post.id}.ics"'
    if around.viewer:
        response.headers["Cache-Control"] = "no-store"
    return response


def _ical(name: str, source: str, events: Sequence[Post], firsts: Mapping[int, datetime], language: str) -> bytes:
    from node.pages.calendar_entries import calendar  # noqa: PLC0415 - icalendar is large, and few ask for calendars

    made: bytes = calendar(name, source, events, firsts, language).to_ical()
    return made


async def _atom(request: web.Request, kind: FeedKind) -> web.Response:
    chosen = query(request, Chosen)
    async with reading(request) as db:
        hub = await hubs.get(db)
        wanted = chosen.wanted(await chosen.place(db))
        found = await posts.list_public(db, kind, wanted=wanted, page=Page(limit=FEED_ITEMS))
        found = await _once(db, chosen, [post for post in found if post.audience == "public"])
        language = _language(hub, chosen)
        name = await _name(db, hub, chosen, f"{hub.name} – {gettext(language, TITLES[kind])}")
    page = f"{request.app[URLS].base_url}/{kind}s"
    return render_atom(request, hub, name, page, found, address=_address(request, chosen), language=language)


def render_atom(
    request: web.Request,
    hub: Hub,
    title: str,
    page: str,
    found: Sequence[Post],
    *,
    address: str | None = None,
    language: str | None = None,
) -> web.Response:
    """A feed of what is public of these, beside the page that shows them; `address` is its own, if not the path."""
    language = language or hub.language
    shown = [post for post in found if post.audience == "public"]
    values = {
        "title": title,
        "language": language,
        "address": address or request.app[URLS].base_url + request.path,
        "page": page,
        "hub": hub,
        "posts": shown,
        "updated": max((post.updated_at for post in shown), default=hub.set_up_at or hub.created_at),
        **feed_words(language),
    }
    templates = request.app[THEMES].key(hub.look)
    body = aiohttp_jinja2.render_string("feeds/atom.xml", request, values, app_key=templates)
    return _kept(request, body.encode(), ATOM)


async def _once(db: Db, chosen: Chosen, found: list[Post]) -> list[Post]:
    """What several sources tell of, once: only where there is more than one source."""
    return found if chosen.source == "here" else [entry.post for entry in await gathered(db, found)]


async def _name(db: Db, hub: Hub, chosen: Chosen, plain: str) -> str:
    area = await areas.find(db, chosen.area) if chosen.area else None
    narrowed = [area.label(_language(hub, chosen)) if area else chosen.area, f"#{chosen.tag}" if chosen.tag else None]
    narrowed.append(chosen.near)
    return " – ".join([plain, *(part for part in narrowed if part)])


def _language(hub: Hub, chosen: Chosen) -> str:
    return choose((chosen.lang, chosen.language), hub=hub.language)


def _address(request: web.Request, chosen: Chosen) -> str:
    """The feed's own address: the same choice, written in one way."""
    given = {
        name: value for name, value in (chosen.given | {"lang": chosen.lang}).items() if value not in (None, "here")
    }
    base = f"{request.app[URLS].base_url}{request.path}"
    return f"{base}?{urlencode(given)}" if given else base


def _kept(request: web.Request, body: bytes, media_type: str) -> web.Response:
    """An answer that caches may keep, and that is not sent again to who has it (RFC 9110, 13.1.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={FEED_SECONDS}"}
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    response = web.Response(body=body, content_type=media_type, charset="utf-8", headers=headers)
    response.enable_compression()
    return response
