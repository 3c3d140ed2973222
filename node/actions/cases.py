"""Handling a report: to whom it belongs, notes of the staff, cases that belong together, and its end, of which whoever
reported hears wherever they can be reached."""

from __future__ import annotations

from federation.build import activities as say
from node.actions import direct_note, react
from node.actions.report import forward_to_home
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.secrets.case_keys import path_of
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import case_files, cases, log, reports
from node.store.moderation.case_files import Outcome
from node.store.moderation.reports import Report
from node.store.notices import mails, notifications
from node.store.notices.mails import MailDraft
from node.store.people import actors
from node.wording.language import gettext
from schemas.limits import CASE_LINKS, CASE_NOTE_CHARS, REPORTED_GROUPS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, TOO_LONG, TOO_MANY, msgid
from schemas.records import Viewer

PERMISSION = "see_cases"
NOT_THEIRS = msgid("This case is about you: somebody else must handle it.")
TOLD: dict[Outcome, str] = {
    "acted": msgid("Thank you for your report. We have looked at it and done something about it."),
    "no_breach": msgid("Thank you for your report. We have looked at it: no rule of ours was broken."),
    "elsewhere": msgid("Thank you for your report. We have looked at it: others have to decide about it."),
}
"""What people hear who are told no details."""


async def add_note(db: Db, by: Viewer, report_id: int, content: str) -> None:
    """Write a note on a report, for the staff only. Raises Forbidden, Invalid, NotFound."""
    report = await _case(db, by, report_id)
    if not content:
        raise Invalid([Problem(field="note", reason=EMPTY)])
    _check_length("note", content)
    await case_files.add_note(db, report.id, by.account.id, content)


async def assign(db: Db, by: Viewer, report_id: int, account_id: int | None) -> None:
    """Give a case to somebody who may handle cases, or to nobody. Raises Forbidden, Invalid, NotFound, and Conflict if
    it is closed or theirs already."""
    await _case(db, by, report_id)
    if account_id is not None and account_id not in {one.account_id for one in await cases.list_handlers(db, 1000)}:
        raise Invalid([Problem(field="assigned", reason=NOT_A_CHOICE, values={"choices": "…"})])
    if not await cases.assign(db, report_id, account_id):
        raise Conflict("This case is closed, or theirs already.")
    content = {"report": report_id, "assigned": account_id, "by": by.actor.uri}
    await log.append(db, "report.assigned", content)


async def link(db: Db, by: Viewer, report_id: int, other_id: int, *, on: bool) -> None:
    """Say that two cases belong together, or do not. Raises Forbidden, Invalid, NotFound."""
    await _case(db, by, report_id)
    if not on:
        await case_files.unlink(db, report_id, other_id)
        return
    if len(await case_files.list_linked(db, report_id, CASE_LINKS)) >= CASE_LINKS:
        raise Invalid([Problem(field="other", reason=TOO_MANY, values={"max": CASE_LINKS})])
    await case_files.link(db, report_id, other_id)


async def forward(node: Node, db: Db, by: Viewer, report_id: int) -> None:
    """Tell the server of the reported one too, without saying who reports. Raises Forbidden, NotFound, and Conflict
    where that was done, or they are ours."""
    report = await _case(db, by, report_id)
    about = await actors.get(db, report.actor_id)
    if about.local or not await cases.mark_forwarded(db, report_id):
        raise Conflict("Their own server knows of this already.")
    await forward_to_home(node, db, about, report)
    await log.append(db, "report.forwarded", {"report": report_id, "to": about.host, "by": by.actor.uri})


async def take_out(node: Node, db: Db, by: Viewer, report_id: int, post_id: int, actor_id: int) -> None:
    """Let the hub, a group or an area no longer pass on a reported post: its followers hear of it. Raises Forbidden,
    NotFound."""
    report = await _case(db, by, report_id)
    if not by.may("moderate_accounts"):
        raise Forbidden
    for one in await reports.passed_on(db, report.post_uris, REPORTED_GROUPS):
        if (one.post_id, one.actor_id) == (post_id, actor_id):
            await react.unboost(node, db, await actors.get(db, actor_id), post_id)
            content = {"report": report.id, "post": one.uri, "actor": actor_id, "by": by.actor.uri}
            await log.append(db, "report.taken_out", content, public=f"report {report.id} · {one.by}")
            return
    raise NotFound


async def close(node: Node, db: Db, by: Viewer, report_id: int, outcome: Outcome, answer: str) -> Report:
    """Close a report; who sent it is told the outcome: a member and a visitor with the answer, somebody elsewhere
    without any details. Raises Forbidden, Invalid, NotFound, and Conflict if it is closed."""
    await _case(db, by, report_id)
    _check_length("answer", answer)
    closed = await cases.close(db, report_id, by.account.id, outcome, answer)
    if closed is None:
        raise Conflict("This report is closed already.")
    await _tell_reporter(node, db, closed, outcome)
    content = {"report": closed.id, "outcome": outcome, "by": by.actor.uri}
    await log.append(db, "report.closed", content, public=f"report {closed.id} · {outcome}")
    return closed


async def reopen(db: Db, by: Viewer, report_id: int) -> None:
    """Take a closed report up again. Raises Forbidden, NotFound, and Conflict if it is open."""
    await _case(db, by, report_id)
    if not await cases.reopen(db, report_id):
        raise Conflict("This report is open.")
    content = {"report": report_id, "by": by.actor.uri}
    await log.append(db, "report.reopened", content, public=f"report {report_id}")


async def _tell_reporter(node: Node, db: Db, closed: Report, outcome: Outcome) -> None:
    itself = await actors.hub(db)
    if closed.reporter_id is not None and closed.from_host is None:
        detail = {"report": closed.id, "outcome": outcome, "answer": closed.answer}
        await notifications.tell_actor(db, closed.reporter_id, "report_closed", from_id=itself.id, detail=detail)
    elif closed.reporter_id is not None:
        reporter = await actors.get(db, closed.reporter_id)
        language = (await hub.get(db)).language
        words = gettext(language, TOLD[outcome])
        if reporter.kind == "Person" and not reporter.deleted_at:
            await direct_note.send(node, db, itself, reporter, [words], language)
        elif closed.uri and not reporter.deleted_at:  # a server's own actor reads no messages
            _, uri = new_activity_id(node.urls)
            said = say.answer_flag(
                uri, node.instance.uri, closed.uri, outcome=outcome, content=words, to=[reporter.uri]
            )
            await tell(db, node.instance, said, audience="direct", to=[reporter])
    elif closed.visitor_email:
        facts = {
            "number": closed.id,
            "words": gettext(closed.language, TOLD[outcome]),
            "answer": closed.answer,
            "link": node.urls.base_url + path_of((await hub.get(db)).secret, "report", closed.id),
        }
        draft = MailDraft(kind="case_closed", to=closed.visitor_email, language=closed.language, facts=facts)
        await mails.put(db, draft)


async def kept_from(db: Db, by: Viewer) -> int | None:
    """The actor of whose cases somebody sees nothing: themselves, who else would know who reported them and could close
    the case. None while nobody else handles cases."""
    others = {one.account_id for one in await cases.list_handlers(db, 2)} - {by.account.id}
    return by.actor.id if others else None


async def require_other(db: Db, by: Viewer, report: Report) -> None:
    """Raises Forbidden for who is reported themselves, as long as there is somebody else."""
    if report.actor_id == by.actor.id and await kept_from(db, by) is not None:
        raise Forbidden(NOT_THEIRS)


async def _case(db: Db, by: Viewer, report_id: int) -> Report:
    """The report, for whoever may handle it."""
    if not by.may(PERMISSION):
        raise Forbidden
    report = await cases.get(db, report_id)
    await require_other(db, by, report)
    return report


def _check_length(field: str, text: str) -> None:
    if len(text) > CASE_NOTE_CHARS:
        raise Invalid([Problem(field=field, reason=TOO_LONG, values={"max": CASE_NOTE_CHARS})])
