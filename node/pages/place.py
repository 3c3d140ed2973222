"""The page of a place: its address, how one gets in, a piece of the map, and what takes place there; editors describe
the access."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from node.actions.describe_place import describe_place
from node.errors import Forbidden, Invalid
from node.pages.map_drawing import HIGH, WIDE, drawing, view
from node.pages.thing import id_in
from node.store.events import events, places
from node.store.posts.reading import Wanted
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.access import LABELS
from schemas.limits import LIST_ITEMS
from schemas.records import PlaceRow

PLACE_ZOOM = 4
"""Of the piece of map."""
FIELDS = ("access", "access_note")


async def show_place(request: web.Request) -> web.Response:
    """/places/{id} for readers."""
    async with reading(request) as db:
        around = await frame(request, db)
        row = await places.get(db, id_in(request))
        coming = await events.list_between(
            db, datetime.now(UTC), viewer=around.viewer_id, wanted=Wanted(place_id=row.id), limit=LIST_ITEMS
        )
    values: dict[str, object] = {"place": row.place, "events": coming, "base": None, "wide": WIDE, "high": HIGH}
    if row.place.latitude is not None and row.place.longitude is not None:
        seen = view(row.place.latitude, row.place.longitude, PLACE_ZOOM)
        values |= {"base": drawing(seen), "spot": seen.xy(row.place.latitude, row.place.longitude), "at": seen.at}
    return render(request, "pages/place.html", around, values)


async def show_access_form(request: web.Request) -> web.Response:
    """GET /places/{id}/access, for editors."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around, row = await frame(request, db), await places.get(db, id_in(request))
    if not who.may("manage_events"):
        raise Forbidden("Only editors describe places.")
    form = Form({"access": list(row.place.access), "access_note": [row.place.access_note]})
    return _page(request, around, row, form)


async def describe_access(request: web.Request) -> web.Response:
    """POST /places/{id}/access."""
    sent = entered(await posted(request))
    note = next(iter(sent.get("access_note", [])), "").strip()
    async with reading(request) as db:
        who = await signed_in(request, db)
        around, row = await frame(request, db), await places.get(db, id_in(request))
    try:
        async with writing(request) as db:
            await describe_place(request.app[NODE], db, who, row.id, sent.get("access", []), note)
    except Invalid as error:
        return _page(request, around, row, with_problems(sent, error.problems, FIELDS, around.language), status=422)
    await sessions.say(request, around.say("Saved. It stands on the page of each event there."))
    raise web.HTTPSeeOther(f"/places/{row.id}")


def _page(request: web.Request, around: Frame, row: PlaceRow, form: Form, status: int = 200) -> web.Response:
    features = [(name, around.say(label)) for name, label in LABELS.items()]
    values = {"place": row.place, "form": form, "features": features, "back": f"/places/{row.id}"}
    return render(request, "pages/place_access.html", around, values, status=status)
