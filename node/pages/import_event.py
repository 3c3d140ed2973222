"""Taking over an event that is told elsewhere, by its address or from a calendar file: into the form, to look at it."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from node.actions.import_event import FetchError, Imported, at_address, in_file
from node.errors import NotFound
from node.pages.compose import show_filled
from node.theming.frame import Frame, frame, render
from node.web import throttle
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, sent_fields, signed_in
from node.web.keys import NODE
from node.web.limits import Rate
from node.web.uploads import takes_files
from schemas.limits import ADDRESS_BYTES, EVENT_IMPORT_BYTES, IMPORT_RATE_COUNT, IMPORT_RATE_SECONDS
from schemas.problems import Problem
from schemas.reasons import NO_WEB_ADDRESS, REQUIRED, TOO_LARGE, msgid

FIELDS = ("address", "calendar")
NOTHING_FOUND = msgid("There is no event here that we can read.")
NO_ANSWER = msgid("This address does not answer, or answers with something else.")
FROM_ONE_ACCOUNT = Rate(count=IMPORT_RATE_COUNT, seconds=IMPORT_RATE_SECONDS)


async def show_import(request: web.Request) -> web.Response:
    """GET /new/event/import."""
    async with reading(request) as db:
        await signed_in(request, db, "publish")
        around = await frame(request, db)
    return _page(request, around, Form({}))


@takes_files
async def import_event(request: web.Request) -> web.Response:
    """POST /new/event/import: look it up. One event fills the form; of several somebody chooses one."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        who = await signed_in(request, db, "publish")
        around = await frame(request, db)
    if "chosen" in sent:
        return await show_filled(request, "event", _chosen(sent["chosen"][0]))
    await throttle.count(request, "take over an event", str(who.account.id), FROM_ONE_ACCOUNT)
    found, problem = await _look(request, around, next(iter(sent.get("address", [])), ""))
    if problem is not None:
        return _page(request, around, with_problems(sent, [problem], FIELDS, around.language), status=422)
    if len(found) == 1:
        return await show_filled(request, "event", found[0].fields())
    offered = [(one, msgspec.json.encode(one.fields()).decode()) for one in found]
    return render(request, "pages/import_choose.html", around, {"offered": offered})


async def _look(request: web.Request, around: Frame, address: str) -> tuple[list[Imported], Problem | None]:
    file = (await sent_fields(request)).get("calendar")
    if isinstance(file, web.FileField) and file.filename:
        body = file.file.read(EVENT_IMPORT_BYTES + 1)
        if len(body) > EVENT_IMPORT_BYTES:
            return [], Problem(field="calendar", reason=TOO_LARGE, values={"max": EVENT_IMPORT_BYTES})
        found = await in_file(body, around.zone)
        return found, None if found else Problem(field="calendar", reason=NOTHING_FOUND)
    if not address:
        return [], Problem(field="address", reason=REQUIRED)
    if not address.startswith(("https://", "http://")) or len(address) > ADDRESS_BYTES:
        return [], Problem(field="address", reason=NO_WEB_ADDRESS)
    try:
        found = await at_address(request.app[NODE], address, around.zone)
    except FetchError:
        return [], Problem(field="address", reason=NO_ANSWER)
    return found, None if found else Problem(field="address", reason=NOTHING_FOUND)


def _chosen(written: str) -> dict[str, list[str]]:
    """The fields of the event that was chosen: only a form's fields, whoever wrote them."""
    try:
        return msgspec.json.decode(written, type=dict[str, list[str]])
    except msgspec.DecodeError as error:
        raise NotFound from error


def _page(request: web.Request, around: Frame, form: Form, status: int = 200) -> web.Response:
    values: dict[str, Any] = {"form": form}
    return render(request, "pages/import_event.html", around, values, status=status)
