"""The fields of the profile form: from an actor to what is entered, and from there to what is to be different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from federation import sanitise
from node.actions import profile
from node.actions.profile import Changes
from node.web.forms import Form
from node.wording.language import LANGUAGES
from schemas.limits import KEPT_LINES, PROFILE_FIELD_CHARS, PROFILE_FIELDS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NO_ZONE, NOT_A_CHOICE
from schemas.records import Actor
from schemas.telling import CIRCLES, Circle, Line, ToldLine
from schemas.times import is_zone

LINES = PROFILE_FIELDS + KEPT_LINES
SWITCHES = ("locked", "discoverable", "indexable", "hide_collections", "bot")
LINES_AT_FIRST = 4
"""Lines that the form offers at least, empty or not; one that is full brings another."""


def fields_of(actor: Actor, source: str, told: Sequence[ToldLine]) -> dict[str, list[str]]:
    """What the form shows of an actor; `source` is its text as it was written, `told` all its lines."""
    shown = {"display_name": [actor.display_name], "note": [source]}
    for number, one in enumerate(told[:LINES]):
        shown[f"fields.{number}.name"] = [sanitise.plain(one.name)]
        shown[f"fields.{number}.value"] = [one.source or sanitise.plain(one.value)]
        shown[f"fields.{number}.audience"] = [one.audience]
    return shown | {name: ["true"] for name in SWITCHES if getattr(actor, name)}


def changes_in(sent: Mapping[str, Sequence[str]], actor: Actor, source: str, told: Sequence[ToldLine]) -> Changes:
    """What differs from how an actor presents itself now: nobody is told of a form that was only sent again."""
    wanted, before = _said(Form(sent)), _said(Form(fields_of(actor, source, told)))
    changed = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value != getattr(before, name)}
    return Changes(**changed)


def problems_in(sent: Mapping[str, Sequence[str]], *, own: bool) -> list[Problem]:
    """What is wrong with the form, each by the name of its field; language and zone are those of one's own account."""
    form = Form(sent)
    found = [_named(one, form) for one in profile.problems(_said(form))]
    said = enumerate(_line(form, number) for number in range(LINES))
    found += [
        Problem(field=f"fields.{number}.name", reason=EMPTY) for number, one in said if one.value and not one.name
    ]
    if own and form.value("language") not in LANGUAGES:
        found.append(Problem(field="language", reason=NOT_A_CHOICE, values={"choices": ", ".join(LANGUAGES)}))
    if own and not is_zone(form.value("zone")):
        found.append(Problem(field="zone", reason=NO_ZONE))
    return found


def lines(form: Form) -> int:
    """How many lines the form offers: one more than there are, as far as there may be."""
    used = max((n + 1 for n in range(LINES) if _is_used(form, n) or _is_wrong(form, n)), default=0)
    return min(LINES, max(LINES_AT_FIRST, used + 1))


def names() -> set[str]:
    """The fields beside which problems can stand."""
    pairs = {f"fields.{number}.{part}" for number in range(LINES) for part in ("name", "value")}
    return {"display_name", "note", "language", "zone", "icon.file", "icon.alt", "banner.file", "banner.alt"} | pairs


def _said(form: Form) -> Changes:
    on = {name for name in SWITCHES if form.value(name) == "true"}
    return Changes(
        display_name=form.value("display_name"),
        note=form.value("note"),
        lines=tuple(_line(form, number) for number in range(LINES)),
        locked="locked" in on,
        discoverable="discoverable" in on,
        indexable="indexable" in on,
        hide_collections="hide_collections" in on,
        bot="bot" in on,
    )


def _line(form: Form, number: int) -> Line:
    """One line, empty or not; who reads it is nobody else where that is not one of our words."""
    if not _is_used(form, number):
        return Line(name="", value="")
    said = form.value(f"fields.{number}.audience") or "public"
    audience: Circle = next((one for one in CIRCLES if one == said), "self")
    return Line(name=form.value(f"fields.{number}.name"), value=form.value(f"fields.{number}.value"), audience=audience)


def _is_used(form: Form, number: int) -> bool:
    return any(form.value(f"fields.{number}.{part}") for part in ("name", "value"))


def _is_wrong(form: Form, number: int) -> bool:
    return form.wrong_below(f"fields.{number}")


def _named(one: Problem, form: Form) -> Problem:
    if not one.field.startswith("fields["):
        return one
    number = one.field.removeprefix("fields[").removesuffix("]")
    part = "name" if len(form.value(f"fields.{number}.name")) > PROFILE_FIELD_CHARS else "value"
    return Problem(field=f"fields.{number}.{part}", reason=one.reason, values=one.values)
