"""/admin/operations: how the node fares: version, room, back-ups with what came of them, faults."""

from __future__ import annotations

from functools import partial
from importlib.metadata import version

from aiohttp import web

from node.jobs.alarms import RIGHT
from node.panel.sheets import sheet
from node.panel.tables import Column, shown
from node.store.hub import hub_settings
from node.store.moderation import log
from node.store.queues import jobs
from node.store.upkeep import alarms, back_ups, check_ups, room
from node.theming.frame import frame
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE, SETTINGS
from node.wording.job_words import name_of_job
from schemas.limits import BACK_UPS_NOTED, LIST_ITEMS
from schemas.reasons import msgid

PATH = "/admin/operations"
BEGUN = msgid("Begun. It stands here when it is done.")
BACK_UPS = (
    Column(name="file", label=msgid("File")),
    Column(name="made", label=msgid("When")),
    Column(name="size", label=msgid("Size")),
    Column(name="state", label=msgid("State")),
    Column(name="tested", label=msgid("Restored for trial")),
)
FAULTS = (
    Column(name="kind", label=msgid("Kind")),
    Column(name="count", label=msgid("How often")),
    Column(name="error", label=msgid("Why")),
)
ROOM = (Column(name="table", label=msgid("Table")), Column(name="size", label=msgid("Size")))


async def show_operations(request: web.Request) -> web.Response:
    """GET: what there is to know."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        own, copies = await room.of_media(db)
        kept = await hub_settings.retention(db)
        values = {
            "version": version("allmende"),
            "database": await room.of_database(db),
            "own": own,
            "copies": copies,
            "most": kept.cache_bytes(request.app[SETTINGS].media_cache_bytes),
            "alarms": await alarms.list_all(db),
            "doctor": await check_ups.newest(db),
        }
        made = await back_ups.list_newest(db, BACK_UPS_NOTED)
        faults, tables = await room.faults(db, LIST_ITEMS * 5), await room.of_tables(db, LIST_ITEMS * 5)
    job_of = partial(name_of_job, around.language)
    sheets = {
        "back_ups": sheet(
            request,
            "backups",
            BACK_UPS,
            made,
            lambda one: (one.file, one.made_at, one.bytes, one.error or "ok", one.test_error or one.tested_at),
        ),
        "faults": sheet(request, "faults", FAULTS, faults, lambda one: (job_of(one.kind), one.count, one.error)),
        "room": sheet(request, "room", ROOM, tables, tuple),
    }
    return await shown(request, "panel/operations.html", around, values | sheets | {"job_of": job_of})


async def back_up_now(request: web.Request) -> web.Response:
    """POST: have a back-up made now, as a job; it goes on when this page is left."""
    await posted(request)
    async with writing(request) as db:
        who = await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        await jobs.add(db, "back_up", {}, once="back_up")
        await log.append(db, "hub.back_up", {"by": who.actor.uri})
    request.app[NODE].wake()
    await sessions.say(request, around.say(BEGUN))
    raise web.HTTPSeeOther(PATH)
