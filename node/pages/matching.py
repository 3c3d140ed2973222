"""/settings/matching: what a member can and wants to do, in private, so that calls that fit are shown to them alone."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.actions.match import match_member
from node.fitting import because
from node.pages import choices, thing
from node.store.calls import matches
from node.store.db import Db
from node.store.members import kept_lines
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from schemas.languages import canonical
from schemas.limits import MATCH_RADIUS_KM, MATCH_WORDS, NAME_CHARS
from schemas.matching import Wishes
from schemas.problems import Problem
from schemas.reasons import HALF_A_POSITION, NOT_A_CHOICE, NOT_A_NUMBER, NOT_WHOLE, TOO_BIG, TOO_LONG, TOO_MANY
from schemas.records import Post
from schemas.telling import CIRCLES, FACTS, Circle
from schemas.things import Place

PATH = "/settings/matching"
FIELDS = ("skills", "areas", "languages", "place", "known_place", "latitude", "longitude", "radius_km")
LATITUDE, LONGITUDE = 90, 180


async def show_matching(request: web.Request) -> web.Response:
    """GET /settings/matching."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        return await _page(request, db, around, Form(await _kept(db, who.account.id)))


async def change_matching(request: web.Request) -> web.Response:
    """POST /settings/matching: keep it and look at once which open calls fit."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        await signed_in(request, db)
        around = await frame(request, db)
        known = await choices.known_places(db, around.viewer_id)
        wishes, wrong = _read(sent, known, around)
        if wrong:
            form = with_problems(sent, wrong, FIELDS, around.language)
            return await _page(request, db, around, form, status=422)
    async with writing(request) as db:
        who = await signed_in(request, db)
        await matches.keep_wishes(db, who.account.id, wishes, _shown(sent))
        found = await match_member(db, who.account.id, who.actor.id)
    await sessions.say(request, around.say("Saved. Open calls that fit now: {number}.", number=found))
    raise web.HTTPSeeOther("/desk" if found else PATH)


async def put_aside(request: web.Request) -> web.Response:
    """POST /calls/{id}/not-for-me: it is not offered again."""
    await posted(request)
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        await matches.dismiss(db, who.account.id, thing.id_in(request))
    await sessions.say(request, around.say("It is not offered to you again."))
    raise web.HTTPSeeOther("/desk")


async def why(db: Db, around: Frame, call: Post) -> str:
    """Why a call fits the viewer, in a few words; nothing if it does not."""
    reasons = await matches.find(db, around.viewer.account.id, call.id) if around.viewer else None
    return because(reasons, around.language, _labels(around)) if reasons else ""


async def offered(db: Db, around: Frame) -> list[tuple[Post, str]]:
    """The open calls that fit the viewer, each with why."""
    if around.viewer is None:
        return []
    found = await matches.matches_since(db, around.viewer.account.id, matches.EVER)
    return [(one.call, because(one.reasons, around.language, _labels(around))) for one in found]


async def _kept(db: Db, account_id: int) -> dict[str, list[str]]:
    shown = await kept_lines.shown_of(db, account_id)
    return _fields(await matches.wishes_of(db, account_id)) | {f"shown.{name}": [who] for name, who in shown.items()}


def _shown(sent: dict[str, list[str]]) -> dict[str, Circle]:
    """Who else may read what; nobody where that is not one of our words."""
    return {name: next((one for one in CIRCLES if one == _one(sent, f"shown.{name}")), "self") for name in FACTS}


def _labels(around: Frame) -> dict[str, str]:
    return {area.name: area.label(around.language) for area in around.areas}


def _fields(wishes: Wishes) -> dict[str, list[str]]:
    def number(value: float | None) -> list[str]:
        return ["" if value is None else str(value)]

    return {
        "skills": [", ".join(wishes.skills)],
        "areas": list(wishes.areas),
        "languages": list(wishes.languages),
        "place": [wishes.place],
        "latitude": number(wishes.latitude),
        "longitude": number(wishes.longitude),
        "radius_km": [str(wishes.radius_km)],
    }


def _read(sent: dict[str, list[str]], known: dict[str, Place], around: Frame) -> tuple[Wishes, list[Problem]]:
    """What was entered, and what is wrong with it."""
    wrong: list[Problem] = []
    skills = tuple(dict.fromkeys(part.strip() for part in _one(sent, "skills").split(",") if part.strip()))
    if len(skills) > MATCH_WORDS:
        wrong.append(Problem(field="skills", reason=TOO_MANY, values={"max": MATCH_WORDS}))
    if any(len(one) > NAME_CHARS for one in skills):
        wrong.append(Problem(field="skills", reason=TOO_LONG, values={"max": NAME_CHARS}))
    areas = tuple(one for one in sent.get("areas", []) if one)
    if not set(areas) <= {area.name for area in around.areas}:
        wrong.append(Problem(field="areas", reason=NOT_A_CHOICE, values={"choices": ", ".join(_labels(around))}))
    spoken = tuple(one for one in sent.get("languages", []) if one and canonical(one) == one)[:MATCH_WORDS]
    latitude, longitude = (_position(sent, name, most, wrong) for name, most in _BOUNDS)
    if (latitude is None) != (longitude is None) and not wrong:
        wrong.append(Problem(field="latitude", reason=HALF_A_POSITION))
    place = known.get(_one(sent, "known_place"))
    if place is not None:
        latitude, longitude = place.latitude, place.longitude
    named = _one(sent, "place") or (place.name if place else "")
    if len(named) > NAME_CHARS:
        wrong.append(Problem(field="place", reason=TOO_LONG, values={"max": NAME_CHARS}))
    radius = _radius(sent, wrong)
    wishes = Wishes(
        skills=skills,
        areas=areas,
        languages=spoken,
        place=named,
        latitude=latitude,
        longitude=longitude,
        radius_km=radius,
    )
    return wishes, wrong


_BOUNDS = (("latitude", LATITUDE), ("longitude", LONGITUDE))


def _position(sent: dict[str, list[str]], name: str, most: int, wrong: list[Problem]) -> float | None:
    written = _one(sent, name).replace(",", ".")
    if not written:
        return None
    try:
        found = float(written)
    except ValueError:
        found = float("nan")
    if not -most <= found <= most:
        wrong.append(Problem(field=name, reason=NOT_A_NUMBER))
        return None
    return found


def _radius(sent: dict[str, list[str]], wrong: list[Problem]) -> int:
    written = _one(sent, "radius_km") or str(Wishes().radius_km)
    if not (written.isascii() and written.isdecimal()) or int(written[:10]) < 1:
        wrong.append(Problem(field="radius_km", reason=NOT_WHOLE))
    elif int(written[:10]) > MATCH_RADIUS_KM:
        wrong.append(Problem(field="radius_km", reason=TOO_BIG, values={"max": MATCH_RADIUS_KM}))
    else:
        return int(written)
    return Wishes().radius_km


def _one(sent: dict[str, list[str]], name: str) -> str:
    return next(iter(sent.get(name, [])), "")


async def _page(request: web.Request, db: Db, around: Frame, form: Form, status: int = 200) -> web.Response:
    places = await choices.known_places(db, around.viewer_id)
    spoken = list(form.values("languages"))
    values: dict[str, Any] = {
        "form": form,
        "circles": choices.circles(around.say),
        "area_options": choices.area_options(around),
        "language_options": choices.languages(around, spoken),
        "known_places": [(key, one.name) for key, one in places.items() if one.latitude is not None],
    }
    return render(request, "pages/matching.html", around, values, status=status)
