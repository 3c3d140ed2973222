"""/admin/settings/rules: the rules of the house with their hints, in order, in the languages of the hub."""

from __future__ import annotations

from aiohttp import web

from node.actions import hub_settings as deeds
from node.actions.hub_settings import Rule
from node.errors import Invalid
from node.panel.settings import RIGHT, SAVED, by_language, tongues
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from schemas.limits import HUB_RULES
from schemas.problems import Problem

EMPTY_ROWS = 2
"""How many empty rules stand below those there are."""


async def show_rules(request: web.Request) -> web.Response:
    """GET: the rules as they are, and room for more."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    return _page(request, around, Form(_fields(around)))


async def save_rules(request: web.Request) -> web.Response:
    """POST: the rules as they shall be; one without words is left out."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    form = Form(sent)
    rows, rules = _rules(form)
    try:
        async with writing(request) as db:
            await deeds.change_rules(db, await signed_in(request, db, RIGHT), rules)
    except Invalid as error:
        named = {f"rule.{number}": f"rule.{row}" for number, row in enumerate(rows)}
        problems = [_moved(one, named) for one in error.problems]
        known = [f"rule.{row}.{part}.{code}" for row in rows for part in ("text", "hint") for code in tongues(around)]
        return _page(request, around, with_problems(sent, problems, known, around.language))
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther("/admin/settings/rules")


def _rules(form: Form) -> tuple[list[int], list[Rule]]:
    """The rules in the wanted order, and in which row of the form each stands. New ones get the next number."""
    rows = [row for row in range(form.count("rule")) if by_language(form.entered, f"rule.{row}.text")]
    rows.sort(key=lambda row: (_number(form.value(f"rule.{row}.place"), row + 1), row))
    taken = {form.value(f"rule.{row}.id") for row in range(form.count("rule"))}
    fresh = (str(number) for number in range(1, 10 * HUB_RULES) if str(number) not in taken)
    return rows, [
        Rule(
            id=form.value(f"rule.{row}.id") or next(fresh),
            text=by_language(form.entered, f"rule.{row}.text"),
            hint=by_language(form.entered, f"rule.{row}.hint"),
        )
        for row in rows
    ]


def _moved(problem: Problem, rows: dict[str, str]) -> Problem:
    """A problem of the rule in the order of the rules, at the row of the form it stands in."""
    base, rest = ".".join(problem.field.split(".")[:2]), problem.field.split(".")[2:]
    field = ".".join([rows.get(base, base), *rest])
    return Problem(field=field, reason=problem.reason, values=problem.values)


def _number(written: str, otherwise: int) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else otherwise


def _fields(around: Frame) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for row, one in enumerate(around.hub.rules):
        fields[f"rule.{row}.id"] = [str(one.get("id", row + 1))]
        for part in ("text", "hint"):
            said = one.get(part) or {}
            texts = said if isinstance(said, dict) else {around.hub.language: str(said)}
            fields |= {f"rule.{row}.{part}.{code}": [str(words)] for code, words in texts.items()}
    return fields


def _page(request: web.Request, around: Frame, form: Form) -> web.Response:
    there = form.count("rule") if any(name.startswith("rule.") for name in form.entered) else 0
    rows = there if form.problems else min(there + EMPTY_ROWS, HUB_RULES)
    values = {"form": form, "tongues": tongues(around), "rows": rows, "there": there}
    return render(request, "panel/hub_rules.html", around, values, status=422 if form.problems else 200)
