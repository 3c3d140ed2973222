"""What stands around every page: who the hub is, who is asking, in which language and zone; and how a page is made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

import aiohttp_jinja2
import msgspec
from aiohttp import web
from markupsafe import Markup

from node.errors import NodeError
from node.store.db import Db, is_away
from node.store.hub import areas
from node.store.hub import hub as hubs
from node.store.hub.areas import Area
from node.store.notices import notifications
from node.store.people import editors
from node.theming import look as looks
from node.theming.theme import THEMES
from node.web import forms, sessions
from node.web.handlers import LANGUAGE_COOKIE, reading, viewer
from node.web.handlers import language as asked_language
from node.web.keys import NODE, SETTINGS, URLS
from node.wording import amounts, moments, showing
from node.wording.language import LANGUAGES, OWN_NAMES, choose, gettext, ngettext, pgettext, supported
from schemas.look import Look
from schemas.records import Hub, Viewer

CHOICE_COOKIE_SECONDS = 31_536_000
SCHEME_COOKIE = "scheme"
SCHEMES = ("light", "dark")
"""What a reader may choose; else it is as the device has it."""

PANEL = (
    "see_cases",
    "moderate_accounts",
    "moderate_servers",
    "see_queue",
    "manage_hub",
    "publish_as_hub",
    "manage_roles",
    "manage_members",
)
"""Whoever has one of these permissions finds something in the panel."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Read once for a page. `zone` is where the reader's clocks hang, as far as we know; `organisations`: in whose
    names the reader may publish, as a form sends it, and what they are called."""

    hub: Hub
    viewer: Viewer | None
    areas: list[Area]
    language: str
    zone: str
    notices: int
    said: str
    organisations: list[tuple[str, str]] = []

    @property
    def viewer_id(self) -> int | None:
        """Whom `may_see` is asked for."""
        return self.viewer.actor.id if self.viewer else None

    def say(self, msgid: str, /, **values: object) -> str:
        """Our sentence in the reader's language."""
        return gettext(self.language, msgid, **values)


async def frame(request: web.Request, db: Db) -> Frame:
    """Everything that surrounds the page of this request."""
    hub, who = await hubs.get(db), await viewer(request, db)
    return Frame(
        hub=hub,
        viewer=who,
        areas=await areas.list_all(db),
        language=_language(request, hub, who),
        zone=who.account.zone if who else hub.zone,
        notices=await notifications.count_unseen(db, who.account.id) if who else 0,
        said=await sessions.said(request) if who and request.method == "GET" else "",
        organisations=await _organisations(db, who) if who and who.account.edits else [],
    )


async def _organisations(db: Db, who: Viewer) -> list[tuple[str, str]]:
    return [(f"@{one.name}", one.display_name) for one in await editors.list_edited(db, who.account.id)]


def render(
    request: web.Request, template: str, around: Frame, values: Mapping[str, Any] | None = None, *, status: int = 200
) -> web.Response:
    """A page. What a signed-in reader sees is kept by nobody (case 137); a choice of language is remembered."""
    templates = request.app[THEMES].key(around.hub.look)
    words = {**_words(request, around), **(values or {})}
    body = aiohttp_jinja2.render_string(template, request, words, app_key=templates)
    response = web.Response(text=body, status=status, content_type="text/html", charset="utf-8")
    response.headers["Cache-Control"] = "no-store" if around.viewer else "no-cache"
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    response.headers["Content-Language"] = around.language
    sessions.remember_visit(request, response)
    _remember(request, response, LANGUAGE_COOKIE, supported(request.query.get("lang")))
    _remember(request, response, SCHEME_COOKIE, _scheme(request.query.get("scheme")))
    return response


async def error_page(request: web.Request, error: NodeError) -> web.Response:
    """An error as a page, with what the reader can do next. Nobody signed in: with the way to the sign-in page. Where
    the database is away, the page does without it."""
    if request.app[NODE].troubles.has("database"):
        return _plain_page(request, error)
    try:
        async with reading(request) as db:
            around = await frame(request, db)
    except Exception as second:
        if not is_away(second):
            raise
        return _plain_page(request, error)
    fields = await forms.kept(request) if error.status in (401, 403) else []
    values = {
        "error": error,
        "form": forms.Form({}),
        "kept": urlencode(fields),
        "again": fields if isinstance(error, sessions.StaleForm) else [],
        "return_to": forms.local_path(request.path_qs),
    }
    return render(request, "errors/error.html", around, values, status=error.status)


def _plain_page(request: web.Request, error: NodeError) -> web.Response:
    spoken = asked_language(request)
    say = partial(gettext, spoken)
    values = {
        "_": say,
        "lang": spoken,
        "away": error.status == 503,
        "message": say(error.message, **error.values),
        "again": request.path_qs if request.method in ("GET", "HEAD") else "/",
        "domain": request.app[URLS].domain,
    }
    body = aiohttp_jinja2.render_string("errors/plain.html", request, values, app_key=request.app[THEMES].key(Look()))
    return web.Response(text=body, status=error.status, content_type="text/html", charset="utf-8")


def _language(request: web.Request, hub: Hub, who: Viewer | None) -> str:
    wishes = (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE), who.account.language if who else None)
    return choose(wishes, request.headers.get("Accept-Language", ""), hub.language)


def _scheme(wish: str | None) -> str | None:
    """A choice of light or dark; nothing for what is none, and a blank to forget it."""
    return wish if wish in SCHEMES else "" if wish == "device" else None


def _remember(request: web.Request, response: web.StreamResponse, cookie: str, asked: str | None) -> None:
    if asked == "":
        response.del_cookie(cookie)
    elif asked and asked != request.cookies.get(cookie):
        response.set_cookie(
            cookie,
            asked,
            max_age=CHOICE_COOKIE_SECONDS,
            httponly=True,
            secure=request.app[SETTINGS].https,
            samesite="Lax",
        )


def _words(request: web.Request, around: Frame) -> dict[str, Any]:
    language, zone, look = around.language, around.zone, around.hub.look
    asked = _scheme(request.query.get("scheme"))
    return {
        "_": partial(gettext, language),
        "ngettext": partial(ngettext, language),
        "pgettext": partial(pgettext, language),
        "say_day": partial(moments.day, language),
        "say_short_day": partial(moments.short_day, language),
        "say_moment": lambda instant: moments.moment(language, instant, zone),
        "say_age": partial(moments.age, language),
        "say_event": lambda event: moments.of_event(language, event, zone),
        "say_leaf": partial(moments.leaf, language),
        "say_month": partial(moments.month, language),
        "say_weekday": partial(moments.weekday, language),
        "say_clock": partial(moments.clock, language),
        "say_size": partial(amounts.size, language),
        "is_over": moments.is_over,
        "form_token_field": lambda: _hidden(sessions.FORM_FIELD, sessions.form_token(request, around.hub.secret)),
        "with_query": partial(with_query, request),
        "lang": language,
        "languages": [(one, OWN_NAMES[one]) for one in LANGUAGES],
        "frame": around,
        "hub": around.hub,
        "viewer": around.viewer,
        "looks_after": around.viewer is not None and any(around.viewer.may(one) for one in PANEL),
        "areas": around.areas,
        "area_labels": {area.name: area.label(language) for area in around.areas},
        "urls": request.app[URLS],
        "path": request.path,
        "scheme": (asked if asked is not None else _scheme(request.cookies.get(SCHEME_COOKIE))) or "",
        "own_style": looks.address(look),
        "blocks": look.blocks,
        **showing.words(language, request.app[URLS], lambda instant: instant.astimezone(moments.known_zone(zone))),
    }


def _hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


def with_query(request: web.Request, **changes: str | int | None) -> str:
    """This page's address with some of its query changed; None takes a parameter away."""
    query = {**request.query, **changes}
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path
