"""/settings/data: a member takes along what is theirs: a file made by a job, for its owner alone and for some days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from aiohttp import web

from node.errors import NotFound
from node.media.storage import storage_of
from node.pages.member.taking import STEPS
from node.pages.thing import id_in
from node.store.members import imports, leaving, taking_along
from node.store.queues import jobs
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import SETTINGS
from schemas.limits import EXPORT_DAYS, EXPORT_PAUSE_SECONDS
from schemas.reasons import msgid

PATH = "/settings/data"
BEGUN = msgid("Your data are being put together. You get a letter when they are ready.")
LATELY = msgid("Your data were put together a short while ago.")


async def show_data(request: web.Request) -> web.Response:
    """GET /settings/data."""
    return await page(request, Form({}))


async def page(request: web.Request, form: Form) -> web.Response:
    """The page; `form` is that of a file to bring along, with what was wrong about it."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        export = await taking_along.latest(db, who.account.id)
        values = {
            "export": export if export and export.state != "gone" else None,
            "steps": STEPS,
            "until": export.ready_at + timedelta(days=EXPORT_DAYS) if export and export.ready_at else None,
            "imports": await imports.list_of(db, who.account.id),
            "kinds": imports.KINDS,
            "leaves": await leaving.day_of(db, who.account.id),
            "form": form,
        }
    return render(request, "pages/data.html", around, values, status=422 if form.problems else 200)


async def ask_for_export(request: web.Request) -> web.Response:
    """POST /settings/data: begin an export; not again within the hour."""
    await posted(request)
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        made = await taking_along.begin(db, who.account.id, timedelta(seconds=EXPORT_PAUSE_SECONDS))
        if made is not None:
            await jobs.add(db, "make_export", {"export_id": made}, once=f"make_export {made}")
    await sessions.say(request, around.say(LATELY if made is None else BEGUN))
    raise web.HTTPSeeOther(PATH)


async def fetch_export(request: web.Request) -> web.StreamResponse:
    """GET /settings/data/{id}: the file, for its owner; NotFound for everybody else, and when its time is over."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        export = await taking_along.find(db, who.account.id, id_in(request))
    if export is None or export.state != "ready" or export.name is None:
        raise NotFound
    storage = storage_of(request.app[SETTINGS])
    kept = await storage.find(export.name)
    if kept is None:
        raise NotFound
    day = f"{export.created_at:%Y-%m-%d}"
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{who.actor.name}-{day}.zip"',
        "Cache-Control": "private, no-store",
    }
    if (file := storage.local(export.name)) is not None:
        return web.FileResponse(file, headers=headers)
    pieces: AsyncIterator[bytes] = storage.read(export.name, 0, kept.size)
    return web.Response(body=pieces, headers=headers)
