"""Tables on pages about one person, server or case: the measures and the reports that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from aiohttp import web

from node.panel.sheets import sheet
from node.panel.tables import TO_DO, Board, Column
from node.store.moderation.cases import Case
from node.theming.frame import Frame
from node.wording import log_sentences
from schemas.reasons import msgid
from schemas.records import Measure

MEASURES = (
    Column(name="measure", label=msgid("Measure")),
    Column(name="state", label=msgid("State")),
    Column(name="when", label=msgid("When")),
    Column(name="why", label=msgid("Why")),
    TO_DO,
)
CASES = (
    Column(name="report", label=msgid("Report")),
    Column(name="about", label=msgid("About")),
    Column(name="from", label=msgid("From")),
    Column(name="when", label=msgid("When")),
    Column(name="state", label=msgid("State")),
)
STATES = {
    "proposed": msgid("Waits for a second person"),
    "confirmed": msgid("Waits for a second person"),
    "executed": msgid("In force"),
    "ended": msgid("Ended"),
}
CATEGORIES = {
    "spam": msgid("Unwanted advertising"),
    "legal": msgid("Against the law"),
    "violation": msgid("Against our rules"),
    "other": msgid("Something else"),
}
OF_MEASURES = ("measures", "server_measures", "above")
OF_CASES = ("cases", "others", "neighbours")
"""What such tables are called among the values of a page, and in its address."""


def embed(request: web.Request, around: Frame, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a page with its lists of measures and cases as tables."""
    boards = dict[str, Board]()
    for name in OF_MEASURES:
        if name in values:
            boards[name] = sheet(request, name, MEASURES, values[name], partial(_measure, around))
    for name in OF_CASES:
        if name in values:
            boards[name] = sheet(request, name, CASES, values[name], partial(_case, around))
    return {**values, **boards}


def _measure(around: Frame, one: Measure) -> tuple[object, ...]:
    kind = around.say(log_sentences.MEASURES.get(one.kind, one.kind))
    reasons = " / ".join(text for text in (one.public_reason, one.private_reason) if text)
    return (f"{kind} {one.target}", around.say(STATES[one.state]), one.proposed_at, reasons, "")


def _case(around: Frame, one: Case) -> tuple[object, ...]:
    closed = log_sentences.OUTCOMES[one.outcome] if one.outcome else msgid("Closed")
    state = closed if one.resolved_at else msgid("Open")
    reason = around.say(CATEGORIES.get(one.category, CATEGORIES["other"]))
    return (f"{one.id} {reason}", one.about, one.from_host or one.reporter, one.created_at, around.say(state))
