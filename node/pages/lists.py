"""The lists of findings and calls, narrowed to what a reader chooses, page by page."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from node.pages.choices import OFFERED_LANGUAGES
from node.store.posts import posts
from node.store.posts.reading import Page, Wanted, neighbours
from node.theming.frame import Frame, frame, render, with_query
from node.web.handlers import query, reading
from schemas.limits import LIST_ITEMS
from schemas.records import Post


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The query of a list."""

    when: Literal["open", "all"] | None = None
    area: str | None = None
    language: str | None = None
    tag: str | None = None
    q: str | None = None
    max_id: int | None = None
    min_id: int | None = None

    @property
    def wanted(self) -> Wanted:
        """What the store is asked for."""
        return Wanted(area=self.area, language=self.language, tag=self.tag or None, words=self.q or None)

    @property
    def filters(self) -> str:
        """The query that feeds of the same choice take, with its question mark; feeds know area, language and tag."""
        given = {name: getattr(self, name) for name in ("area", "language", "tag") if getattr(self, name)}
        return f"?{urlencode(given)}" if given else ""


async def show_findings(request: web.Request) -> web.Response:
    """/findings, the newest first."""
    chosen = query(request, Chosen)
    around, found, ends = await _things(request, "finding", chosen, chosen.wanted)
    say = around.say
    return _list(
        request,
        around,
        chosen,
        found,
        kind="finding",
        groups=[("", found)],
        heading=say("Findings"),
        lead=say("What cooperatives learnt, and what it rests on."),
        tabs=[],
        nothing=say("No finding to show here."),
        add=say("Publish a finding"),
        ends=ends,
        newer_label=say("Newer"),
        older_label=say("Older"),
    )


async def show_calls(request: web.Request) -> web.Response:
    """/calls: the open ones, or all, the newest first."""
    chosen = query(request, Chosen)
    everything = chosen.when == "all"
    chosen = msgspec.structs.replace(chosen, when="all" if everything else "open")
    wanted = chosen.wanted if everything else msgspec.structs.replace(chosen.wanted, open=True)
    around, found, ends = await _things(request, "call", chosen, wanted)
    say = around.say
    return _list(
        request,
        around,
        chosen,
        found,
        kind="call",
        groups=[("", found)],
        heading=say("Calls"),
        lead=say("Who is looking for whom, for what, until when."),
        tabs=[("open", say("Open calls")), ("all", say("All calls"))],
        nothing=say("No call to show here."),
        add=say("Publish a call"),
        ends=ends,
        newer_label=say("Newer"),
        older_label=say("Older"),
    )


def links(request: web.Request, found: list[Post], page: Page) -> dict[str, str | None]:
    """Where a list goes on, as addresses for the pager."""
    ends = neighbours(found, page)
    at_the_top = page.max_id is None and page.min_id is None
    newer = None if at_the_top else ends.get("newer")
    return {
        "newer": with_query(request, min_id=newer, max_id=None) if newer else None,
        "older": with_query(request, max_id=ends["older"], min_id=None) if "older" in ends else None,
    }


async def _things(
    request: web.Request, kind: Literal["finding", "call"], chosen: Chosen, wanted: Wanted
) -> tuple[Frame, list[Post], dict[str, str | None]]:
    page = Page(max_id=chosen.max_id, min_id=chosen.min_id, limit=LIST_ITEMS)
    async with reading(request) as db:
        around = await frame(request, db)
        found = await posts.list_public(db, kind, viewer=around.viewer_id, wanted=wanted, page=page)
    return around, found, links(request, found, page)


def _list(
    request: web.Request, around: Frame, chosen: Chosen, found: list[Post], *, kind: str, **values: Any
) -> web.Response:
    codes = dict.fromkeys([around.language, *around.hub.languages, *OFFERED_LANGUAGES])
    return render(
        request,
        "pages/list.html",
        around,
        {
            "kind": kind,
            "posts": found,
            "chosen": chosen,
            "language_choices": list(codes),
            "atom": f"/{kind}s.atom{chosen.filters}",
            **values,
        },
    )
