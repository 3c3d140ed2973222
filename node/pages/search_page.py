"""/search: one box for things, people and hubs, and what was found by kinds; /people: who wants to be found."""

from __future__ import annotations

import html
from typing import Any, Literal

import msgspec
from aiohttp import web
from markupsafe import Markup, escape

from node.pages import choices
from node.store.members import kept_lines
from node.store.timelines import site_search
from node.store.timelines.site_search import BEGIN, END
from node.theming.frame import frame, render, with_query
from node.web.handlers import query, reading
from schemas.limits import SEARCH_SHOWN

Tab = Literal["all", "event", "finding", "call", "post", "people", "hub"]
KINDS = ("event", "finding", "call", "post")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The query: words, among what, and from which result on."""

    q: str = ""
    kind: Tab = "all"
    skip: int = 0
    area: str = ""
    language: str = ""


async def show_search(request: web.Request) -> web.Response:
    """/search, for everybody."""
    asked = query(request, Asked)
    words = asked.q.strip()
    values: dict[str, Any] = {"asked": asked, "words": words, "hits": [], "actors": [], "counts": {}, "marked": marked}
    async with reading(request) as db:
        around = await frame(request, db)
        if words:
            viewer = around.viewer_id
            skip = asked.skip if asked.kind == "people" else 0
            people = await site_search.people(db, words, viewer, skip) if around.hub.uses("people") else []
            hubs = await site_search.hubs(db, words, viewer, asked.skip if asked.kind == "hub" else 0)
            kinds = KINDS if asked.kind == "all" else (asked.kind,)
            values["counts"] = await site_search.counts(db, words, viewer)
            values["hits"] = await site_search.things(db, words, viewer, kinds, asked.skip, around.language)
            values["actors"] = {"people": people, "hub": hubs, "all": [*hubs, *people]}.get(asked.kind, [])
    shown = values["actors"] if asked.kind in ("people", "hub") else values["hits"]
    values["ends"] = _ends(request, asked.skip, len(shown))
    values["hits"], values["actors"] = values["hits"][:SEARCH_SHOWN], values["actors"][:SEARCH_SHOWN]
    response = render(request, "pages/search.html", around, values)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


async def show_people(request: web.Request) -> web.Response:
    """/people: members who want to be found, by words if somebody looks for some."""
    asked = query(request, Asked)
    async with reading(request) as db:
        around = await frame(request, db)
        found = await site_search.people(
            db, asked.q, around.viewer_id, asked.skip, area=asked.area, language=asked.language
        )
        told = {one.id: await kept_lines.lines_of(db, one, around.viewer_id) for one in found[:SEARCH_SHOWN]}
        known = await kept_lines.facts_of(db, list(told), around.viewer_id)
        facts = {one: known.get(one, []) for one in told}
    values = {
        "asked": asked,
        "people": found[:SEARCH_SHOWN],
        "told": told,
        "facts": facts,
        "area_options": choices.area_options(around),
        "language_options": choices.languages(around, [asked.language]),
        "ends": _ends(request, asked.skip, len(found)),
    }
    return render(request, "pages/people.html", around, values)


def marked(excerpt: str) -> Markup:
    """An excerpt with its found words marked; what the text itself held stays text."""
    safe = escape(" ".join(html.unescape(excerpt).split()))
    return Markup(str(safe).replace(BEGIN, "<mark>").replace(END, "</mark>"))  # noqa: S704 - escaped before


def _ends(request: web.Request, skip: int, found: int) -> dict[str, str | None]:
    newer = with_query(request, skip=max(skip - SEARCH_SHOWN, 0) or None) if skip > 0 else None
    older = with_query(request, skip=max(skip, 0) + SEARCH_SHOWN) if found > SEARCH_SHOWN else None
    return {"newer": newer, "older": older}
