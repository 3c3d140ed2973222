"""/admin/doctor: the same looks at the hub as `allmende doctor`, asked for by a button; what is found stands here
subject by subject while it goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiohttp import web

from node.store.queues import jobs
from node.store.upkeep import check_ups
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.limits import CHECK_UP_SECONDS
from schemas.reasons import msgid

RIGHT = "manage_hub"
PATH = "/admin/doctor"
BEGUN = msgid("The doctor comes. What is found stands here.")


async def show_doctor(request: web.Request) -> web.Response:
    """GET: the last check-up; the page looks again by itself until it is done."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await check_ups.newest(db)
    remarks = [one for section in found.sections for one in section["remarks"]] if found else []
    waits = found is not None and found.done_at is None
    lost = waits and found is not None and datetime.now(UTC) - found.asked_at > timedelta(seconds=CHECK_UP_SECONDS)
    values = {
        "found": found,
        "goes_on": waits and not lost,
        "lost": lost,
        "wrong": sum(one["level"] == "wrong" for one in remarks),
        "doubts": sum(one["level"] == "warn" for one in remarks),
    }
    return render(request, "panel/doctor.html", around, values)


async def call_doctor(request: web.Request) -> web.Response:
    """POST: ask for a check-up, as a job; one at a time."""
    await posted(request)
    async with writing(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        number = await check_ups.ask(db)
        await jobs.add_anew(db, "check_up", {"number": number}, once="check_up", delay=0.0)
    request.app[NODE].wake()
    await sessions.say(request, around.say(BEGUN))
    raise web.HTTPSeeOther(PATH)
