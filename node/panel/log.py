"""The log of moderation, page by page: all of it for the staff, and for everybody without names of persons."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node import chain
from node.frame import frame, render, with_query
from node.store import log
from node.store.db import Db
from node.web import query, reading, signed_in
from schemas.limits import LIST_ITEMS
from schemas.records import LogEntry


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
        "entries": [(one, msgspec.json.decode(one.content) if one.content and staff else {}) for one in shown],
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
