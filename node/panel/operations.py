"""/admin/operations: how the node fares: version, room, back-ups with what came of them, faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from aiohttp import web

from node import sessions
from node.forms import posted
from node.frame import frame, render
from node.keys import SETTINGS
from node.store import back_ups, jobs, log, room
from node.web import reading, signed_in, writing
from schemas.limits import BACK_UP_OLD_DAYS, BACK_UPS_KEPT, LIST_ITEMS
from schemas.reasons import msgid

RIGHT = "manage_hub"
PATH = "/admin/operations"
BEGUN = msgid("Begun. It stands here when it is done.")


async def show_operations(request: web.Request) -> web.Response:
    """GET: what there is to know."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        own, copies = await room.of_media(db)
        whole = await back_ups.newest_whole(db)
        values = {
            "version": version("allmende"),
            "database": await room.of_database(db),
            "tables": await room.of_tables(db, 8),
            "own": own,
            "copies": copies,
            "most": request.app[SETTINGS].media_cache_bytes,
            "back_ups": await back_ups.list_newest(db, BACK_UPS_KEPT),
            "old": whole is None or whole.made_at < datetime.now(UTC) - timedelta(days=BACK_UP_OLD_DAYS),
            "faults": await room.faults(db, LIST_ITEMS),
        }
    return render(request, "panel/operations.html", around, values)


async def back_up_now(request: web.Request) -> web.Response:
    """POST: have a back-up made now, as a job; it goes on when this page is left."""
    await posted(request)
    async with writing(request) as db:
        who = await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        await jobs.add(db, "back_up", {}, once="back_up")
        await log.append(db, "hub.back_up", {"by": who.actor.uri})
    await sessions.say(request, around.say(BEGUN))
    raise web.HTTPSeeOther(PATH)
