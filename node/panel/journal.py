"""/admin/journal: what went wrong inside the node, by kind: no texts and no names of persons."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from node.observability import journal as gathering
from node.panel.tables import Column, Look, board, shown
from node.store.upkeep import journal
from node.theming.frame import frame
from node.web.forms import Form
from node.web.handlers import query, reading, signed_in
from node.web.keys import DATABASE
from schemas.limits import JOURNAL_DAYS
from schemas.reasons import msgid

RIGHT = "manage_hub"
COLUMNS = (
    Column(name="at", label=msgid("When")),
    Column(name="level", label=msgid("Level")),
    Column(name="source", label=msgid("Where")),
    Column(name="words", label=msgid("What")),
    Column(name="detail", label=msgid("Kind")),
)


class Asked(Look, frozen=True, kw_only=True):
    """Which lines, and how they are to be shown."""

    level: Literal["", "warning", "error", "critical"] = ""


async def show_journal(request: web.Request) -> web.Response:
    """GET: the newest first."""
    asked = query(request, Asked)
    await gathering.flush(request.app[DATABASE])  # what this process saw just now counts, too
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await journal.list_of(db, asked.level, asked.slice(newest_first="at"))
    values = {
        "form": Form({"q": [asked.q], "level": [asked.level]}),
        "board": board(request, COLUMNS, asked, found, key=lambda one: ""),
        "days": JOURNAL_DAYS,
    }
    return await shown(request, "panel/journal.html", around, values)
