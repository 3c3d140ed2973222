"""Handling a report: notes of the staff, and its end, of which whoever reported hears."""

from __future__ import annotations

from node.errors import Conflict, Forbidden, Invalid
from node.store import actors, cases, log, notifications
from node.store.db import Db
from node.store.reports import Outcome, Report
from schemas.limits import CASE_NOTE_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, TOO_LONG
from schemas.records import Viewer

PERMISSION = "see_cases"


async def add_note(db: Db, by: Viewer, report_id: int, content: str) -> None:
    """Write a note on a report, for the staff only. Raises Forbidden, Invalid, NotFound."""
    _require(by)
    if not content:
        raise Invalid([Problem(field="note", reason=EMPTY)])
    _check_length("note", content)
    await cases.add_note(db, (await cases.get(db, report_id)).id, by.account.id, content)


async def close(db: Db, by: Viewer, report_id: int, outcome: Outcome, answer: str) -> Report:
    """Close a report; a member who sent it is told the outcome and the answer. Raises Forbidden, Invalid, NotFound, and
    Conflict if it is closed."""
    _require(by)
    _check_length("answer", answer)
    await cases.get(db, report_id)
    closed = await cases.close(db, report_id, by.account.id, outcome, answer)
    if closed is None:
        raise Conflict("This report is closed already.")
    if closed.reporter_id is not None and closed.from_host is None:
        detail = {"report": closed.id, "outcome": outcome, "answer": answer}
        hub = await actors.hub(db)
        await notifications.tell_actor(db, closed.reporter_id, "report_closed", from_id=hub.id, detail=detail)
    content = {"report": closed.id, "outcome": outcome, "by": by.actor.uri}
    await log.append(db, "report.closed", content, public=f"report {closed.id} · {outcome}")
    return closed


async def reopen(db: Db, by: Viewer, report_id: int) -> None:
    """Take a closed report up again. Raises Forbidden, NotFound, and Conflict if it is open."""
    _require(by)
    await cases.get(db, report_id)
    if not await cases.reopen(db, report_id):
        raise Conflict("This report is open.")
    content = {"report": report_id, "by": by.actor.uri}
    await log.append(db, "report.reopened", content, public=f"report {report_id}")


def _require(by: Viewer) -> None:
    if not by.may(PERMISSION):
        raise Forbidden


def _check_length(field: str, text: str) -> None:
    if len(text) > CASE_NOTE_CHARS:
        raise Invalid([Problem(field=field, reason=TOO_LONG, values={"max": CASE_NOTE_CHARS})])
