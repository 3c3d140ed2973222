"""Tables that stand on pages about one person, server or case: the measures and the reports that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from node.frame import Frame
from node.panel.sheets import file_of, sheet
from node.panel.tables import Board, Column
from node.store.cases import Case
from schemas.reasons import msgid
from schemas.records import Measure

MEASURES = (
    Column(name="measure", label=msgid("Measure")),
    Column(name="state", label=msgid("State")),
    Column(name="when", label=msgid("When")),
    Column(name="why", label=msgid("Why"), sorts=False),
    Column(name="todo", label=msgid("To do"), sorts=False),
)
CASES = (
    Column(name="report", label=msgid("Report")),
    Column(name="about", label=msgid("About")),
    Column(name="from", label=msgid("From")),
    Column(name="when", label=msgid("When")),
    Column(name="state", label=msgid("State")),
)
OF_MEASURES = ("measures", "server_measures", "above")
OF_CASES = ("cases", "others", "neighbours")
"""What such tables are called among the values of a page, and in its address."""


def embed(request: web.Request, around: Frame, values: Mapping[str, Any]) -> tuple[dict[str, Any], web.Response | None]:
    """The values of a page with its lists of measures and cases as tables, and the file where one is asked for."""
    boards: dict[str, Board] = {}
    for name in OF_MEASURES:
        if name in values:
            boards[name] = sheet(request, name, MEASURES, values[name], _measure)
    for name in OF_CASES:
        if name in values:
            boards[name] = sheet(request, name, CASES, values[name], _case)
    return {**values, **boards}, file_of(request, around, *boards.values())


def _measure(one: Measure) -> tuple[object, ...]:
    reasons = " / ".join(text for text in (one.public_reason, one.private_reason) if text)
    return (f"{one.kind} {one.target}", one.state, one.proposed_at, reasons, "")


def _case(one: Case) -> tuple[object, ...]:
    state = one.outcome or ("closed" if one.resolved_at else "open")
    return (f"{one.id} {one.category}", one.about, one.from_host or one.reporter, one.created_at, state)
