"""One case: all that helps to judge it, to whom it belongs, notes of the staff, measures, and its end."""

from __future__ import annotations

from typing import Any, get_args

from aiohttp import web

from node.actions import cases as deeds
from node.actions import moderate
from node.actions.moderate import KINDS
from node.errors import Conflict, Invalid, NotFound
from node.panel.asking import number_in, order_of
from node.panel.embedded import embed
from node.panel.servers import IN_FORCE, WAITS
from node.panel.tables import shown
from node.store.db import Db
from node.store.members import accounts
from node.store.moderation import case_files, cases, measures, reports
from node.store.moderation.case_files import Outcome
from node.store.moderation.cases import NEWEST, Sought
from node.store.moderation.reports import Report
from node.store.people import actors
from node.theming.frame import Frame, frame
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.limits import CASE_LINKS, CASE_NOTES, LIST_ITEMS, MEASURES_SHOWN, REPORTED_GROUPS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, NOT_WHOLE, msgid

FIELDS = ("kind", "private_reason", "public_reason", "ends_at", "at_once", "note", "outcome", "answer", "assigned",
          "other")  # fmt: skip
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SAID = {
    "note": msgid("Noted."),
    "close": msgid("Closed."),
    "reopen": msgid("Open again."),
    "assign": msgid("Given."),
    "mine": msgid("It is yours."),
    "forward": msgid("Their server is told."),
    "take_out": msgid("It is no longer passed on."),
    "link": msgid("They belong together."),
    "unlink": msgid("They no longer belong together."),
}


async def show_report(request: web.Request) -> web.Response:
    """GET /admin/reports/{id}; with `?template=` its words stand in the answer."""
    return await _page(request, Form({}))


async def change_report(request: web.Request) -> web.Response:
    """POST /admin/reports/{id}: assign it, write a note, link, forward or close it, or take it up again."""
    fields = await posted(request)
    written, deed, number = entered(fields), fields.get("deed", ""), number_in(request)
    async with reading(request) as db:
        await signed_in(request, db, "see_cases")
        around = await frame(request, db)
    try:
        async with writing(request) as db:
            await _do(request, db, deed, number, Form(written))
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, FIELDS, around.language))
    await sessions.say(request, around.say(SAID[deed]))
    raise web.HTTPSeeOther(f"/admin/reports/{number}")


async def take_measure(request: web.Request) -> web.Response:
    """POST /admin/reports/{id}/measures: a measure on whom the report is about, for moderate_accounts."""
    fields = await posted(request)
    written, number = entered(fields), number_in(request)
    async with reading(request) as db:
        who = await signed_in(request, db, "moderate_accounts")
        around = await frame(request, db)
        about = await actors.get(db, (await cases.get(db, number)).actor_id)
    try:
        order = order_of(written, "actor", about.uri, around.zone)
        async with writing(request) as db:
            measure = await moderate.take(db, who, order)
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, FIELDS, around.language))
    except Conflict as error:
        return await _page(request, Form(written, {"kind": [around.say(error.message, **error.values)]}))
    await sessions.say(request, around.say(WAITS if measure.state == "proposed" else IN_FORCE))
    raise web.HTTPSeeOther(f"/admin/reports/{number}")


async def _do(request: web.Request, db: Db, deed: str, number: int, form: Form) -> None:
    who, node = await signed_in(request, db, "see_cases"), request.app[NODE]
    match deed:
        case "note":
            await deeds.add_note(db, who, number, form.value("note"))
        case "mine":
            await deeds.assign(db, who, number, who.account.id)
        case "assign":
            given = form.value("assigned")
            await deeds.assign(db, who, number, _number("assigned", given) if given else None)
        case "link" | "unlink":
            await deeds.link(db, who, number, _number("other", form.value("other")), on=deed == "link")
        case "forward":
            await deeds.forward(node, db, who, number)
        case "take_out":
            post, _, actor = form.value("passed_on").partition("-")
            await deeds.take_out(node, db, who, number, _number("deed", post), _number("deed", actor))
        case "close":
            outcome = next((one for one in OUTCOMES if one == form.value("outcome")), None)
            if outcome is None:
                raise Invalid([_choice("outcome", OUTCOMES)])
            await deeds.close(node, db, who, number, outcome, form.value("answer"))
        case "reopen":
            await deeds.reopen(db, who, number)
        case _:
            raise Invalid([_choice("deed", tuple(SAID))])


def _number(field: str, written: str) -> int:
    written = written.strip().removeprefix("#")
    if not (written.isascii() and written.isdecimal()) or len(written) > 19 or int(written) >= 2**63:
        raise Invalid([Problem(field=field, reason=NOT_WHOLE)])
    return int(written)


def _choice(field: str, choices: tuple[str, ...]) -> Problem:
    return Problem(field=field, reason=NOT_A_CHOICE, values={"choices": ", ".join(choices)})


async def _page(request: web.Request, form: Form) -> web.Response:
    number = number_in(request)
    async with reading(request) as db:
        # Whoever may only take measures gets here when one was refused.
        who = await signed_in(request, db, None if form.problems else "see_cases")
        if not (who.may("see_cases") or who.may("moderate_accounts")):
            raise NotFound
        around = await frame(request, db)
        report = await cases.get(db, number)
        await deeds.require_other(db, who, report)
        values = await _values(db, around, report)
    if not form.entered:
        form = _filled(request, values)
    values = embed(request, around, values | {"form": form})
    return await shown(request, "panel/report.html", around, values, status=422 if form.problems else 200)


async def _values(db: Db, around: Frame, report: Report) -> dict[str, Any]:
    about = await actors.get(db, report.actor_id)
    exhibits = await case_files.list_exhibits(db, report.id)
    shown = {one.uri for one in exhibits}
    same_person = Sought(state="all", actor_id=about.id, but=report.id)
    same_server = Sought(state="all", host=about.host, but=report.id)
    linked = await case_files.list_linked(db, report.id, CASE_LINKS)
    return {
        "report": report,
        "about": about,
        "reporter": await actors.get(db, report.reporter_id) if report.reporter_id else None,
        "exhibits": exhibits,
        "passed_on": await reports.passed_on(db, report.post_uris, REPORTED_GROUPS),
        "unknown": [uri for uri in report.post_uris if uri not in shown],
        "rules": around.hub.rules_in(around.language),
        "notes": await case_files.list_notes(db, report.id, CASE_NOTES),
        "outcomes": OUTCOMES,
        "handlers": await cases.list_handlers(db, LIST_ITEMS * 5),
        "templates": await case_files.list_templates(db),
        "language": await _language(db, around, report),
        "kinds": KINDS["actor"],
        "measures": await measures.list_of(db, "actor", about.uri, MEASURES_SHOWN),
        "server_measures": [] if about.local else await measures.list_of(db, "domain", about.host, MEASURES_SHOWN),
        "linked": [await cases.get(db, one) for one in linked],
        "others": await cases.list_of(db, same_person, NEWEST),
        "neighbours": [] if about.local else await cases.list_of(db, same_server, NEWEST),
    }


async def _language(db: Db, around: Frame, report: Report) -> str:
    """In which language whoever reported reads the answer."""
    if report.from_host is not None:
        return around.hub.language
    account = await accounts.find_by_actor(db, report.reporter_id) if report.reporter_id else None
    return account.language if account else report.language


def _filled(request: web.Request, values: dict[str, Any]) -> Form:
    """The form with the words of the message that was asked for."""
    asked = request.query.get("template", "")
    for one in values["templates"]:
        if str(one.id) == asked:
            text = one.texts.get(values["language"]) or next(iter(one.texts.values()), "")
            return Form({"answer": [text], "outcome": [one.outcome or ""]})
    return Form({})
