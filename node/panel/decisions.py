"""What waits for a second person or a vote, each decision with its ballot, and the rules by which this hub decides."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiohttp import web

from node.actions import decisions, moderate
from node.actions.mandates import propose_rules
from node.errors import Conflict, Forbidden, Invalid
from node.panel.asking import any_of, number_in
from node.panel.sheets import sheet
from node.panel.tables import TO_DO, Column, shown
from node.store.db import Db
from node.store.moderation import ballots, decision_rules, measures
from node.store.moderation.decision_rules import Rule
from node.store.people import naming
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.wording.log_sentences import HOW, MEASURES
from schemas.limits import DECIDED_SHOWN
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, NOT_WHOLE, msgid
from schemas.records import Measure, Viewer

DECIDERS = ("moderate_accounts", "moderate_servers", "manage_roles")
"""Whoever has one of these finds something to decide."""

FIELDS = ("choice", "reason")
WAITING = (
    Column(name="what", label=msgid("What")),
    Column(name="by", label=msgid("Proposed by")),
    Column(name="how", label=msgid("Decided by")),
    Column(name="until", label=msgid("Until")),
    TO_DO,
)
DECIDED = (
    Column(name="what", label=msgid("What")),
    Column(name="how", label=msgid("Decided by")),
    Column(name="when", label=msgid("When")),
    Column(name="state", label=msgid("State")),
)
ROLL = (
    Column(name="who", label=msgid("Who")),
    Column(name="choice", label=msgid("Choice")),
    Column(name="why", label=msgid("Why")),
)
SAID = {
    "confirm": msgid("Confirmed. It is in force now."),
    "vote": msgid("Your vote is counted. You can change it until the vote closes."),
    "end": msgid("Ended."),
}
PROPOSED = msgid("Proposed. A second person has to confirm it.")
CHANGED = msgid("Changed.")
UNCHANGED = msgid("Nothing would change.")


def outcome_words(measure: Measure) -> str:
    """What to tell who has just proposed something: that it waits, or that it is done."""
    return PROPOSED if measure.state == "proposed" else CHANGED


async def show_decisions(request: web.Request) -> web.Response:
    """GET /admin/decisions: what waits for the viewer, what waits for others, and what was decided last."""
    async with reading(request) as db:
        who = await any_of(request, db, DECIDERS)
        around = await frame(request, db)
        waiting = [one for one in await measures.list_undecided(db) if await _may_look(db, who, one)]
        awaited = await ballots.awaited(db, who.account.id, [one.id for one in waiting])
        decided = [one for one in await measures.list_decided(db, DECIDED_SHOWN) if await _may_look(db, who, one)]
        names = await naming.of_accounts(db, [one.proposed_by for one in (*waiting, *decided)])
    mine = [one for one in waiting if one.id in awaited or _may_confirm(who, one)]

    def cells(one: Measure) -> tuple[object, ...]:
        by = names.get(one.proposed_by) if one.proposed_by else None
        return (_what(around, one), by, around.say(HOW[one.how]), one.lapses_at or one.closes_at, "")

    sheets = {
        "mine": sheet(request, "mine", WAITING, mine, cells),
        "others": sheet(request, "others", WAITING, [one for one in waiting if one not in mine], cells),
        "decided": sheet(request, "decided", DECIDED, decided, partial(_decided_cells, around)),
    }
    return await shown(request, "panel/decisions.html", around, {"names": names, **sheets})


def _decided_cells(around: Frame, one: Measure) -> tuple[object, ...]:
    when = one.ended_at or one.executed_at or one.proposed_at
    return (_what(around, one), around.say(HOW[one.how]), when, one.ended_why or one.state)


def _what(around: Frame, one: Measure) -> str:
    return f"{around.say(MEASURES.get(one.kind, one.kind))} {one.target}"


async def show_decision(request: web.Request) -> web.Response:
    """GET /admin/decisions/{id}: what is proposed, why, who decides and how it stands."""
    return await _page(request, Form({}))


async def decide(request: web.Request) -> web.Response:
    """POST /admin/decisions/{id}: confirm, vote, or withdraw."""
    fields = await posted(request)
    written, deed, number = entered(fields), fields.get("deed", ""), number_in(request)
    async with reading(request) as db:
        await _looking(request, db, number)
        around = await frame(request, db)
    form = Form(written)
    try:
        if deed not in SAID:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAID)})])
        async with writing(request) as db:
            who, _ = await _looking(request, db, number)
            match deed:
                case "confirm":
                    await decisions.confirm(db, who, number)
                case "vote":
                    await decisions.vote(db, who, number, form.value("choice"), form.value("reason"))
                case _:
                    await moderate.end(db, who, number)
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, FIELDS, around.language))
    except Conflict as error:
        return await _page(request, Form(written, {"": [around.say(error.message, **error.values)]}))
    await sessions.say(request, around.say(SAID[deed]))
    raise web.HTTPSeeOther(f"/admin/decisions/{number}")


async def show_rules(request: web.Request) -> web.Response:
    """GET /admin/rules-of-decision: how each kind of measure is decided here."""
    return await _rules_page(request, None)


async def change_rules(request: web.Request) -> web.Response:
    """POST /admin/rules-of-decision: propose to decide otherwise; that is a strong measure itself."""
    fields = await posted(request)
    written = entered(fields)
    async with reading(request) as db:
        await signed_in(request, db, "manage_roles")
        around = await frame(request, db)
        known = await decision_rules.list_all(db)
    try:
        wanted = _wanted(Form(written), known)
        async with writing(request) as db:
            who = await signed_in(request, db, "manage_roles")
            measure = await propose_rules(db, who, wanted, Form(written).value("public_reason"))
    except Invalid as error:
        names = [f"{kind}.{one}" for kind in known for one in ("how", "quorum", "days")]
        return await _rules_page(
            request, with_problems(written, error.problems, (*names, "public_reason"), around.language)
        )
    except Conflict as error:
        return await _rules_page(request, Form(written, {"": [around.say(error.message, **error.values)]}))
    await sessions.say(request, around.say(outcome_words(measure) if measure else UNCHANGED))
    waits = measure is not None and measure.state == "proposed"
    raise web.HTTPSeeOther(f"/admin/decisions/{measure.id}" if waits and measure else "/admin/rules-of-decision")


def _wanted(form: Form, known: dict[str, Rule]) -> dict[str, Rule]:
    """The rules as entered; a kind whose fields were not sent stays as it is."""
    found, problems = dict[str, Rule](), list[Problem]()
    for kind, rule in known.items():
        numbers = {"quorum": rule.quorum, "days": rule.days}
        for name in numbers:
            text = form.value(f"{kind}.{name}")
            if text.isascii() and text.isdecimal() and len(text) < 6:
                numbers[name] = int(text)
            elif text:
                problems.append(Problem(field=f"{kind}.{name}", reason=NOT_WHOLE))
        how: Any = form.value(f"{kind}.how") or rule.how  # `propose_rules` refuses what it does not know
        found[kind] = Rule(kind=kind, how=how, quorum=numbers["quorum"], days=numbers["days"])
    if problems:
        raise Invalid(problems)
    return found


async def _rules_page(request: web.Request, form: Form | None) -> web.Response:
    async with reading(request) as db:
        await any_of(request, db, DECIDERS)
        around = await frame(request, db)
        rules = await decision_rules.list_all(db)
    if form is None:
        form = Form({f"{kind}.{name}": [str(getattr(rule, name))] for kind, rule in rules.items() for name in _PARTS})
    values = {"form": form, "kinds": [*_ORDER, *(one for one in rules if one not in _ORDER)]}
    return render(request, "panel/rules.html", around, values, status=422 if form.problems else 200)


_PARTS = ("how", "quorum", "days")
_ORDER = (
    "warn", "sensitive", "limit", "freeze", "suspend", "purge", "server_limit", "server_reject_media",
    "server_reject_reports", "server_suspend", "role", "rules",
)  # fmt: skip


async def _page(request: web.Request, form: Form) -> web.Response:
    number = number_in(request)
    async with reading(request) as db:
        who, measure = await _looking(request, db, number)
        around = await frame(request, db)
        roll = await ballots.list_of(db, number)
        mine = next((one for one in roll if one.account_id == who.account.id), None)
        if mine is not None and not form.entered:
            form = Form({"choice": [mine.choice or ""], "reason": [mine.reason]})
        running = decisions.is_open(measure) and not decisions.is_over(measure)
        values: dict[str, Any] = {
            "form": form,
            "measure": measure,
            "names": await naming.of_accounts(db, [measure.proposed_by, measure.confirmed_by, measure.ended_by]),
            "roll": sheet(request, "roll", ROLL, roll, lambda one: (one.name, one.choice, one.reason)),
            "mine": mine,
            "count": await ballots.count(db, number),
            "running": running,
            "begins": _day(measure, "starts_at"),
            "until": _day(measure, "ends_at"),
            "may_confirm": running and _may_confirm(who, measure),
            "may_end": measure.state == "proposed" and _may_withdraw(who, measure),
            "now": datetime.now(UTC),
        }
    return await shown(request, "panel/decision.html", around, values, status=422 if form.problems else 200)


def _day(measure: Measure, which: str) -> datetime | None:
    """The beginning or end of the term that is proposed."""
    said = measure.detail.get(which) if measure.kind == "role" else None
    return datetime.fromisoformat(said) if said else None


async def _looking(request: web.Request, db: Db, number: int) -> tuple[Viewer, Measure]:
    """Who may propose such a measure, and who is on its roll, looks at it."""
    who = await signed_in(request, db)
    if not (any(who.may(one) for one in DECIDERS) or await ballots.is_on_roll(db, number, who.account.id)):
        raise Forbidden
    measure = await measures.look_at(db, number)
    if not await _may_look(db, who, measure):
        raise Forbidden
    return who, measure


async def _may_look(db: Db, who: Viewer, measure: Measure) -> bool:
    return who.may(decisions.permission_of(measure)) or await ballots.is_on_roll(db, measure.id, who.account.id)


def _may_confirm(who: Viewer, measure: Measure) -> bool:
    return (
        measure.how != "vote"
        and who.may(decisions.permission_of(measure))
        and measure.proposed_by != who.account.id
        and measure.target != who.actor.uri
    )


def _may_withdraw(who: Viewer, measure: Measure) -> bool:
    if measure.how == "vote":
        return measure.proposed_by == who.account.id
    return who.may(decisions.permission_of(measure)) and measure.target != who.actor.uri
