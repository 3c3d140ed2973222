"""/admin/settings: all that stewards decide about the hub, and its card: who it is and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from node.actions import hub_settings as deeds
from node.actions.hub_settings import Card
from node.errors import Invalid
from node.store.db import Db
from node.store.events import places
from node.store.people import actors
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.wording.choosing import OFFERED_LANGUAGES, countries, european_zones
from node.wording.language import LANGUAGES
from node.wording.showing import own_name
from schemas.languages import canonical
from schemas.limits import NAME_CHARS
from schemas.reasons import msgid
from schemas.things import Place

RIGHT = "manage_hub"
SAVED = msgid("Saved.")
PARTS = ("name", "street", "postal_code", "locality", "country")


def tongues(around: Frame) -> list[str]:
    """In which languages something is said here: the hub's own, its first one first, and those our pages speak."""
    return list(dict.fromkeys([around.hub.language, *around.hub.languages, *LANGUAGES]))


def by_language(sent: Mapping[str, Sequence[str]], base: str) -> dict[str, str]:
    """What stands in the fields `base.en`, `base.de`, …: those that are not empty."""
    found = {name.removeprefix(f"{base}."): values[0] for name, values in sent.items() if name.startswith(f"{base}.")}
    return {code: text for code, text in found.items() if text and canonical(code) == code}


async def show_settings(request: web.Request) -> web.Response:
    """GET /admin/settings: where what is decided."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    return render(request, "panel/settings.html", around)


async def show_card(request: web.Request) -> web.Response:
    """GET /admin/settings/card: who the hub is."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        form = Form(await _fields(db, around))
    return _page(request, around, form)


async def save_card(request: web.Request) -> web.Response:
    """POST /admin/settings/card: keep it, or say what is wrong."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        async with writing(request) as db:
            await deeds.change_card(request.app[NODE], db, await signed_in(request, db, RIGHT), _card(Form(sent)))
    except Invalid as error:
        known = ("name", "contact", "languages", "zone", *(f"description.{one}" for one in tongues(around)))
        return _page(request, around, with_problems(sent, error.problems, known, around.language))
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther("/admin/settings")


def _card(form: Form) -> Card:
    first = form.value("language")
    place = {part: form.value(f"place.{part}")[:NAME_CHARS] for part in PARTS}
    named = place["name"] or place["locality"] or place["street"]
    return Card(
        name=form.value("name"),
        descriptions=by_language(form.entered, "description"),
        contact=form.value("contact"),
        languages=tuple(one for one in dict.fromkeys([first, *form.values("languages")]) if one),
        zone=form.value("zone"),
        place=_place(place, named) if named else None,
    )


def _place(parts: Mapping[str, str], named: str) -> Place:
    return Place(
        name=named,
        street=parts["street"],
        postal_code=parts["postal_code"],
        locality=parts["locality"],
        country=parts["country"][:2],
    )


async def _fields(db: Db, around: Frame) -> dict[str, list[str]]:
    hub, itself = around.hub, await actors.hub(db)
    place = (await places.get(db, itself.place_id)).place if itself.place_id else None
    told = {hub.language: hub.description, **hub.descriptions}
    fields = {
        "name": [hub.name],
        "contact": [hub.contact],
        "language": [hub.language],
        "languages": list(hub.languages),
        "zone": [hub.zone],
    }
    fields |= {f"description.{code}": [text] for code, text in told.items()}
    return fields | {f"place.{part}": [getattr(place, part)] for part in PARTS if place}


def _page(request: web.Request, around: Frame, form: Form) -> web.Response:
    codes = dict.fromkeys([*around.hub.languages, *LANGUAGES, *OFFERED_LANGUAGES])
    values = {
        "form": form,
        "tongues": tongues(around),
        "language_options": [(code, own_name(code)) for code in codes],
        "countries": countries(around.language),
        "zones": european_zones(),
    }
    return render(request, "panel/hub_card.html", around, values, status=422 if form.problems else 200)
