"""Reports: the list, one with all that helps to judge it, notes of the staff, measures, and the end of the case."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec
from aiohttp import web

from node import sessions
from node.actions import cases as deeds
from node.actions import moderate
from node.actions.moderate import KINDS
from node.errors import Conflict, Invalid, NotFound
from node.forms import Form, entered, posted, with_problems
from node.frame import frame, render, with_query
from node.panel.asking import domain_of, number_in, order_of
from node.panel.servers import IN_FORCE, WAITS
from node.store import actors, cases, measures, posts
from node.store.cases import Sought
from node.store.db import Db
from node.store.reading import Page
from node.store.reports import Outcome
from node.web import query, reading, signed_in, writing
from schemas.limits import CASE_NOTES, LIST_ITEMS, MEASURES_SHOWN
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

FIELDS = ("kind", "private_reason", "public_reason", "ends_at", "at_once", "note", "outcome", "answer")
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SAID = {
    "note": msgid("Noted."),
    "close": msgid("Closed."),
    "reopen": msgid("Open again."),
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which reports, and which page of them."""

    state: Literal["open", "closed", "all"] = "open"
    category: str | None = None
    host: str = ""
    max_id: int | None = None
    min_id: int | None = None


async def show_reports(request: web.Request) -> web.Response:
    """GET /admin/reports, for mandates with the permission see_cases."""
    asked = query(request, Asked)
    host = domain_of(asked.host.strip()) or asked.host.strip() or None
    page = Page(max_id=asked.max_id, min_id=asked.min_id, limit=LIST_ITEMS)
    async with reading(request) as db:
        await signed_in(request, db, "see_cases")
        around = await frame(request, db)
        found = await cases.list_of(db, Sought(state=asked.state, category=asked.category, host=host), page)
    top = asked.max_id is None and asked.min_id is None
    full = len(found) == LIST_ITEMS or asked.min_id is not None
    values = {
        "form": Form({"state": [asked.state], "category": [asked.category or ""], "host": [asked.host]}),
        "cases": found,
        "ends": {
            "newer": None if top or not found else with_query(request, min_id=found[0].id, max_id=None),
            "older": with_query(request, max_id=found[-1].id, min_id=None) if found and full else None,
        },
    }
    return render(request, "panel/reports.html", around, values)


async def show_report(request: web.Request) -> web.Response:
    """GET /admin/reports/{id}."""
    return await _page(request, Form({}))


async def change_report(request: web.Request) -> web.Response:
    """POST /admin/reports/{id}: write a note, close it, or take it up again."""
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
    who = await signed_in(request, db, "see_cases")
    match deed:
        case "note":
            await deeds.add_note(db, who, number, form.value("note"))
        case "close":
            outcome = next((one for one in OUTCOMES if one == form.value("outcome")), None)
            if outcome is None:
                raise Invalid([_choice("outcome", OUTCOMES)])
            await deeds.close(db, who, number, outcome, form.value("answer"))
        case "reopen":
            await deeds.reopen(db, who, number)
        case _:
            raise Invalid([_choice("deed", tuple(SAID))])


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
        about = await actors.get(db, report.actor_id)
        same_person = Sought(state="all", actor_id=about.id, but=number)
        same_server = Sought(state="all", host=about.host, but=number)
        values = {
            "form": form,
            "report": report,
            "about": about,
            "reporter": await actors.get(db, report.reporter_id) if report.reporter_id else None,
            "posts": [(uri, await posts.find_by_uri(db, uri)) for uri in report.post_uris],
            "rules": {str(rule.get("id", n)): rule for n, rule in enumerate(around.hub.rules, start=1)},
            "notes": await cases.list_notes(db, number, CASE_NOTES),
            "outcomes": OUTCOMES,
            "kinds": [one for one in KINDS["actor"] if about.local or one != "warn"],
            "measures": await measures.list_of(db, "actor", about.uri, MEASURES_SHOWN),
            "server_measures": [] if about.local else await measures.list_of(db, "domain", about.host, MEASURES_SHOWN),
            "others": await cases.list_of(db, same_person, Page(limit=LIST_ITEMS)),
            "neighbours": [] if about.local else await cases.list_of(db, same_server, Page(limit=LIST_ITEMS)),
        }
    return render(request, "panel/report.html", around, values, status=422 if form.problems else 200)
