"""The first start in the browser: a one-time link, some questions, the first steward. Gone after use (case 142)."""

from __future__ import annotations

from aiohttp import web

from node.actions import accounts, setup
from node.actions.accounts import NewAccount
from node.actions.setup import AREAS, Founding
from node.errors import Invalid, NotFound
from node.pages.choices import countries, european_zones
from node.store.hub import hub
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, writing
from node.web.keys import URLS
from node.wording.language import LANGUAGES
from schemas.limits import AREAS_MOST, LINE_CHARS, NAME_CHARS, PASSWORD_CHARS_LEAST
from schemas.problems import Problem
from schemas.reasons import EMPTY, NO_ZONE, TOO_LONG, TOO_MANY, msgid
from schemas.things import Place
from schemas.times import is_zone

_FIELDS = """
    name description language languages areas own_areas zone display_name steward_name email password password_again
    place.name place.street place.postal_code place.locality place.country
"""
KNOWN = _FIELDS.split()
STEWARD_FIELDS = {"name": "steward_name"}
NOT_THE_SAME = msgid("The two passwords are not the same.")


async def show_setup(request: web.Request) -> web.Response:
    """GET /setup?token=…; without the right token, and once the hub is set up, there is nothing here."""
    token = request.query.get("token", "")
    async with reading(request) as db:
        if not await hub.is_setup_token(db, token):
            raise NotFound
        around = await frame(request, db)
    first = {
        "language": [around.language],
        "languages": [around.language],
        "areas": list(AREAS),
        "zone": [around.hub.zone],
    }
    return _page(request, around, Form(first), token)


async def set_up(request: web.Request) -> web.Response:
    """POST /setup: found the hub and sign its first steward in."""
    sent = entered(await posted(request))
    token = _one(sent, "token")
    async with reading(request) as db:
        if not await hub.is_setup_token(db, token):
            raise NotFound
        around = await frame(request, db)
    founding, found = _founding(sent), _problems(sent)
    found += [_of_steward(one) for one in accounts.problems(founding.steward)]
    if found:
        return _page(request, around, with_problems(sent, found, KNOWN, around.language), token, status=422)
    prepared = await setup.ready(founding)
    try:
        async with writing(request) as db:
            account = await setup.found(db, request.app[URLS], founding, prepared)
    except Invalid as error:
        form = with_problems(sent, [_of_steward(one) for one in error.problems], KNOWN, around.language)
        return _page(request, around, form, token, status=422)
    await sessions.begin(request, account)
    await sessions.say(request, around.say("Your hub is open. Publish the first event!"))
    raise web.HTTPSeeOther("/desk")


def _page(request: web.Request, around: Frame, form: Form, token: str, status: int = 200) -> web.Response:
    values = {
        "form": form,
        "token": token,
        "area_options": [(name, labels[around.language]) for name, labels in AREAS.items()],
        "countries": countries(around.language),
        "zones": european_zones(),
        "password_least": PASSWORD_CHARS_LEAST,
    }
    return render(request, "pages/setup.html", around, values, status=status)


def _founding(sent: dict[str, list[str]]) -> Founding:
    language = _one(sent, "language") if _one(sent, "language") in LANGUAGES else LANGUAGES[0]
    zone = _one(sent, "zone")
    chosen = {name: AREAS[name] for name in sent.get("areas", []) if name in AREAS}
    written = [one.strip() for one in _one(sent, "own_areas").split(",") if one.strip()]
    spoken = [one for one in sent.get("languages", []) if one in LANGUAGES]
    return Founding(
        name=_one(sent, "name"),
        description=_one(sent, "description"),
        language=language,
        languages=tuple(dict.fromkeys([language, *spoken])),
        zone=zone,
        areas=chosen | setup.own_areas(written, language),
        place=_place(sent),
        steward=NewAccount(
            name=_one(sent, "steward_name").removeprefix("@").lower(),
            display_name=_one(sent, "display_name")[:NAME_CHARS],
            email=_one(sent, "email"),
            password=_one(sent, "password"),
            role="steward",
            language=language,
            zone=zone,
        ),
    )


def _place(sent: dict[str, list[str]]) -> Place | None:
    def said(part: str) -> str:
        return _one(sent, f"place.{part}")[:NAME_CHARS]

    street, locality = said("street"), said("locality")
    name = said("name") or locality or street
    if not name:
        return None
    return Place(
        name=name, street=street, postal_code=said("postal_code"), locality=locality, country=said("country")[:2]
    )


def _problems(sent: dict[str, list[str]]) -> list[Problem]:
    found = []
    if not _one(sent, "name"):
        found.append(Problem(field="name", reason=EMPTY))
    for name, most in (("name", NAME_CHARS), ("description", LINE_CHARS * 4)):
        if len(_one(sent, name)) > most:
            found.append(Problem(field=name, reason=TOO_LONG, values={"max": most}))
    if not is_zone(_one(sent, "zone")):
        found.append(Problem(field="zone", reason=NO_ZONE))
    if _one(sent, "own_areas").count(",") >= AREAS_MOST:
        found.append(Problem(field="own_areas", reason=TOO_MANY, values={"max": AREAS_MOST}))
    if _one(sent, "password") != _one(sent, "password_again"):
        found.append(Problem(field="password_again", reason=NOT_THE_SAME))
    return found


def _of_steward(problem: Problem) -> Problem:
    field = STEWARD_FIELDS.get(problem.field, problem.field)
    return Problem(field=field, reason=problem.reason, values=problem.values)


def _one(sent: dict[str, list[str]], name: str) -> str:
    return next(iter(sent.get(name, [])), "")
