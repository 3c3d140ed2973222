"""Our circle: its hubs, what they recommend and on what evidence, and what we recommend to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from node.actions import circle as deeds
from node.actions.circle import Wish
from node.actions.look_up import look_up
from node.errors import Conflict, Invalid, NotFound
from node.panel.asking import domain_of, end_of_day
from node.panel.sheets import sheet
from node.panel.tables import TO_DO, Column, Deed, chosen, shown
from node.store.servers import circle, hub_mode
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.wording.log_sentences import MEASURES
from schemas.limits import CIRCLE_HUBS, CIRCLE_RECOMMENDED_DAYS, CIRCLE_SHOWN
from schemas.problems import Problem
from schemas.reasons import NO_ACTOR, NOT_A_CHOICE, NOT_WHOLE, msgid

PATH = "/admin/circle"
FIELDS = ("who", "name", "domain", "kind", "reason", "evidence", "hearsay", "ends_at", "weight")
HUBS = (
    Column(name="hub", label=msgid("Hub")),
    Column(name="circle", label=msgid("Circle")),
    Column(name="state", label=msgid("State")),
    TO_DO,
)
OURS = (
    Column(name="domain", label=msgid("Server")),
    Column(name="kind", label=msgid("Measure")),
    Column(name="why", label=msgid("Why")),
    Column(name="until", label=msgid("Until")),
)
HEARD = (*OURS[:2], Column(name="from", label=msgid("From")), *OURS[2:])
DEEDS = (Deed(name="retract", label=msgid("Take it back"), danger=True),)
SAID = {
    "invite": msgid("They are asked."),
    "accept": msgid("They are in our circle now."),
    "decline": msgid("Declined."),
    "leave": msgid("They are no longer in our circle. What they recommended does not stand here."),
    "recommend": msgid("Our circle is told."),
    "retract": msgid("Taken back. Our circle is told."),
    "weigh": msgid("Kept."),
}


async def show_circle(request: web.Request) -> web.Response:
    """GET /admin/circle, for moderate_servers; with `?domain=` only what is said about it."""
    return await _page(request, Form({}))


async def change_circle(request: web.Request) -> web.Response:
    """POST /admin/circle: ask a hub, answer one that asks, leave one, recommend, take back, or set the weight."""
    fields = await posted(request)
    written, deed = entered(fields), fields.get("deed", "")
    async with reading(request) as db:
        await signed_in(request, db, deeds.PERMISSION)
        around = await frame(request, db)
    try:
        if deed not in SAID:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAID)})])
        if deed == "retract" and fields.get("sure") != "yes":
            return render(request, "panel/circle_sure.html", around, {"offers": chosen(fields), "return_to": PATH})
        await _do(request, deed, Form(written), around.zone)
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, FIELDS, around.language))
    except Conflict as error:
        return await _page(request, Form(written, {"who": [around.say(error.message)]}))
    await sessions.say(request, around.say(SAID[deed]))
    raise web.HTTPSeeOther(PATH)


async def _do(request: web.Request, deed: str, form: Form, zone: str) -> None:
    node = request.app[NODE]
    other = await look_up(node, form.value("who").strip()) if deed == "invite" else None
    if deed == "invite" and other is None:
        raise Invalid([Problem(field="who", reason=NO_ACTOR)])
    async with writing(request) as db:
        who = await signed_in(request, db, deeds.PERMISSION)
        match deed:
            case "invite" if other is not None:
                await deeds.invite(node, db, who, other, form.value("name").strip())
            case "accept" | "decline":
                await deeds.answer(node, db, who, _number(form, "hub"), accept=deed == "accept")
            case "leave":
                await deeds.leave(node, db, who, _number(form, "hub"))
            case "recommend":
                await deeds.recommend(node, db, who, _wish(form, zone))
            case "retract":
                for offer in form.values("chosen"):
                    await deeds.retract(node, db, who, offer)
            case "weigh":
                await deeds.set_weight(db, who, _number(form, "weight"))


def _wish(form: Form, zone: str) -> Wish:
    return Wish(
        domain=form.value("domain").strip().lower(),
        kind=form.value("kind"),
        reason=form.value("reason").strip(),
        evidence=form.value("evidence").split(),
        hearsay=form.value("hearsay") == "true",
        expires=end_of_day(form.value("ends_at"), zone) or datetime.now(UTC) + timedelta(days=CIRCLE_RECOMMENDED_DAYS),
    )


def _number(form: Form, field: str) -> int:
    written = form.value(field)
    if not (written.isascii() and written.isdecimal()) or len(written) > 19 or int(written) >= 2**63:
        if field == "hub":
            raise NotFound
        raise Invalid([Problem(field=field, reason=NOT_WHOLE)])
    return int(written)


async def _page(request: web.Request, form: Form) -> web.Response:
    domain = domain_of(request.query.get("domain", "").strip())
    async with reading(request) as db:
        who = await signed_in(request, db, deeds.PERMISSION)
        around = await frame(request, db)
        weight = await hub_mode.weight(db)
        values: dict[str, Any] = {
            "domain": domain,
            "kinds": deeds.KINDS,
            "weight": weight,
            "may_weigh": who.may("manage_hub"),
        }
        hubs = await circle.list_all(db, CIRCLE_HUBS)
        heard, ours = [await circle.list_standing(db, domain, ours=one, limit=CIRCLE_SHOWN) for one in (False, True)]

    def called(kind: str) -> str:
        return around.say(MEASURES.get(kind, kind))

    sheets = {
        "hubs": sheet(request, "hubs", HUBS, hubs, lambda one: (one[1].host, one[0].name, one[0].state, "")),
        "heard": sheet(
            request,
            "heard",
            HEARD,
            heard,
            lambda one: (one.domain, called(one.kind), one.handle, one.reason, one.expires_at),
        ),
        "ours": sheet(
            request,
            "ours",
            OURS,
            ours,
            lambda one: (one.domain, called(one.kind), one.reason, one.expires_at),
            key=lambda one: str(one.offer_uri),
            deeds=DEEDS,
        ),
    }
    values |= sheets
    if not form.entered:
        form = Form({"domain": [domain or ""], "weight": [str(weight)]})
    return await shown(
        request, "panel/circle.html", around, values | {"form": form}, status=422 if form.problems else 200
    )
