"""What waits and why: deliveries by server, arrivals, jobs, and what was turned away lately."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from node.frame import frame, render
from node.store import queues, tallies, waiting
from node.web import reading, signed_in
from schemas.limits import LIST_ITEMS, QUEUE_TALLY_DAYS


async def show_queue(request: web.Request) -> web.Response:
    """/admin/queue, for mandates with the permission see_queue."""
    async with reading(request) as db:
        await signed_in(request, db, "see_queue")
        around = await frame(request, db)
        values = {
            "waiting": await queues.depths(db),
            "hosts": await waiting.list_hosts(db, LIST_ITEMS),
            "jobs": await waiting.list_jobs(db, LIST_ITEMS),
            "tallies": await tallies.list_since(db, timedelta(days=QUEUE_TALLY_DAYS), LIST_ITEMS),
        }
    return render(request, "panel/queue.html", around, values)
