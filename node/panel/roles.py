"""Offices: who holds which until when and who follows, what each role may do, and what is proposed about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

from aiohttp import web

from node.actions import mandates as deeds
from node.actions import offices
from node.actions.mandates import PERMISSIONS, Change, Deed
from node.errors import Conflict, Invalid, NotFound
from node.panel.asking import end_of_day, number_in, start_of_day
from node.panel.decisions import outcome_words
from node.panel.sheets import sheet
from node.panel.tables import TO_DO, Column, shown
from node.store.members import accounts, mandates, offers, roles
from node.store.members.mandates import Item
from node.store.people import actors, naming
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.wording.log_sentences import ROLES
from schemas.limits import MANDATE_DAYS
from schemas.problems import Problem
from schemas.reasons import NOT_WHOLE, msgid
from schemas.records import Measure

RIGHT = "manage_roles"
FIELDS = (
    "name",
    "role",
    "starts_at",
    "ends_at",
    "public_reason",
    "private_reason",
    "deed",
    "handover",
    "permissions",
    "seats",
)
KEPT = msgid("Saved.")
HELD = (
    Column(name="role", label=msgid("Office")),
    Column(name="who", label=msgid("Who")),
    Column(name="since", label=msgid("Since")),
    Column(name="until", label=msgid("Until")),
    Column(name="deputy", label=msgid("Deputy")),
    TO_DO,
)
SETS = (
    Column(name="role", label=msgid("Role")),
    Column(name="may", label=msgid("May")),
    Column(name="seats", label=msgid("Seats")),
)


async def show_roles(request: web.Request) -> web.Response:
    """GET /admin/roles: the offices, what is vacant, and the form that proposes to give one."""
    return await _roles_page(request, Form(_usual()))


async def propose(request: web.Request) -> web.Response:
    """POST /admin/roles: propose to give an office to somebody."""
    written = entered(await posted(request))
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        measure = await _propose(request, _change(written, around, "give", None))
    except (Invalid, Conflict) as error:
        return await _roles_page(request, _form(written, error, around))
    raise await _done(request, around, measure)


async def show_role(request: web.Request) -> web.Response:
    """GET /admin/roles/{name}: what a role may do; one that is not there yet can be proposed there."""
    return await _role_page(request, None)


async def change_role(request: web.Request) -> web.Response:
    """POST /admin/roles/{name}: propose what a role may do."""
    written = entered(await posted(request))
    form = Form(written)
    name = form.value("role") or request.match_info["name"]
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, RIGHT)
            permissions, seats = list(form.values("permissions")), _whole(form.value("seats"))
            measure = await deeds.propose_role(db, who, name, permissions, seats, form.value("public_reason"))
    except (Invalid, Conflict) as error:
        return await _role_page(request, _form(written, error, around))
    raise await _done(request, around, measure)


async def show_mandate(request: web.Request) -> web.Response:
    """GET /admin/mandates/{id}: one office in force, with its deputy, its list for the handover, and what can be
    proposed about it."""
    return await _mandate_page(request, Form(_usual()))


async def change_mandate(request: web.Request) -> web.Response:
    """POST /admin/mandates/{id}: propose to prolong it, hand it to somebody, name a deputy or end it; or write down
    what is handed over."""
    fields = await posted(request)
    written, deed, number = entered(fields), fields.get("deed", ""), number_in(request)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        if deed == "handover":
            async with writing(request) as db:
                who = await signed_in(request, db, RIGHT)
                await offices.hand_over(db, who, number, items_of(Form(written)))
            await sessions.say(request, around.say(KEPT))
            raise web.HTTPSeeOther(f"/admin/mandates/{number}")
        measure = await _propose(request, _change(written, around, deed, number))
    except (Invalid, Conflict) as error:
        return await _mandate_page(request, _form(written, error, around))
    raise await _done(request, around, measure)


def items_of(form: Form) -> list[Item]:
    """The lines of a list for the handover, as entered: each line of the text is one, those ticked are done."""
    done = set(form.values("done"))
    lines = [one.strip() for one in form.value("handover").split("\n") if one.strip()]
    return [Item(text=one, done=one in done) for one in lines]


async def _propose(request: web.Request, change: Change) -> Measure:
    async with writing(request) as db:
        return await deeds.propose_change(db, await signed_in(request, db, RIGHT), change)


async def _done(request: web.Request, around: Frame, measure: Measure) -> web.HTTPSeeOther:
    await sessions.say(request, around.say(outcome_words(measure)))
    return web.HTTPSeeOther(f"/admin/decisions/{measure.id}" if measure.state == "proposed" else "/admin/roles")


def _change(written: Mapping[str, Sequence[str]], around: Frame, deed: str, mandate: int | None) -> Change:
    form = Form(written)
    return Change(
        deed=cast(Deed, deed),  # `propose_change` refuses what it does not know
        role=form.value("role"),
        name=form.value("name"),
        mandate=mandate,
        starts_at=start_of_day(form.value("starts_at"), around.zone) if deed == "give" else None,
        ends_at=end_of_day(form.value("ends_at"), around.zone) if deed in ("give", "prolong") else None,
        public_reason=form.value("public_reason"),
        private_reason=form.value("private_reason"),
    )


def _form(written: Mapping[str, Sequence[str]], error: Invalid | Conflict, around: Frame) -> Form:
    if isinstance(error, Invalid):
        return with_problems(written, error.problems, FIELDS, around.language)
    return Form(written, {"": [around.say(error.message, **error.values)]})


def _usual() -> dict[str, list[str]]:
    """The usual term, which the forms begin with."""
    return {"ends_at": [(datetime.now(UTC) + timedelta(days=MANDATE_DAYS)).date().isoformat()]}


def _whole(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > 6:
        raise Invalid([Problem(field="seats", reason=NOT_WHOLE)])
    return int(text)


async def _roles_page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        waiting, held, sets = await offers.list_open(db), await mandates.list_held(db), await roles.list_all(db)
        values: dict[str, Any] = {
            "form": form,
            "vacancies": await mandates.vacancies(db),
            "roles": sets,
            "offers": waiting,
            "coming": await mandates.list_coming(db),
            "names": await naming.of_accounts(db, [one.account_id for one in waiting]),
        }
    sheets = {
        "held": sheet(request, "held", HELD, held, partial(_held_cells, around)),
        "sets": sheet(request, "sets", SETS, list(sets.items()), partial(_set_cells, around)),
    }
    values |= sheets
    return await shown(request, "panel/roles.html", around, values, status=422 if form.problems else 200)


def _held_cells(around: Frame, one: mandates.Held) -> tuple[object, ...]:
    m = one.mandate
    return (
        around.say(ROLES.get(m.role, m.role)),
        one.display_name,
        m.starts_at,
        m.overdue_since or m.ends_at,
        one.deputy,
        "",
    )


def _set_cells(around: Frame, one: tuple[str, roles.Role]) -> tuple[object, ...]:
    return (around.say(ROLES.get(one[0], one[0])), " ".join(one[1].permissions), one[1].seats)


async def _role_page(request: web.Request, form: Form | None) -> web.Response:
    name = request.match_info["name"]
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        role = (await roles.list_all(db)).get(name)
    if form is None:
        form = Form({"permissions": role.permissions, "seats": [str(role.seats)]} if role else {"seats": ["0"]})
    values = {"form": form, "name": name, "known": role is not None, "permissions": PERMISSIONS}
    return render(request, "panel/role.html", around, values, status=422 if form.problems else 200)


async def _mandate_page(request: web.Request, form: Form) -> web.Response:
    number = number_in(request)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await mandates.list_held(db, number)
        if not found or found[0].mandate.role == "member":
            raise NotFound
        account = await accounts.find(db, found[0].mandate.account_id)
        values: dict[str, Any] = {
            "form": form,
            "one": found[0],
            "holder": await actors.get(db, account.actor_id) if account else None,
        }
    return render(request, "panel/mandate.html", around, values, status=422 if form.problems else 200)
