"""What waits and why: deliveries by server, arrivals, jobs, and what was turned away lately."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from aiohttp import web

from node.panel.sheets import sheet
from node.panel.tables import Column, Deed, shown
from node.store.queues import queues, waiting
from node.store.servers import tallies
from node.theming.frame import frame
from node.web.handlers import reading, signed_in
from node.wording.job_words import name_of_job
from schemas.limits import QUEUE_ROWS, QUEUE_TALLY_DAYS
from schemas.reasons import msgid

HOSTS = (
    Column(name="host", label=msgid("Server")),
    Column(name="waiting", label=msgid("Waiting")),
    Column(name="since", label=msgid("Since")),
    Column(name="next", label=msgid("Next try")),
    Column(name="why", label=msgid("Why")),
)
DEEDS = (
    Deed(name="hurry", label=msgid("Try again now")),
    Deed(name="pause", label=msgid("Pause deliveries")),
    Deed(name="resume", label=msgid("Deliver again")),
    Deed(name="throw_away", label=msgid("Throw away what they are owed"), danger=True),
)
JOBS = (
    Column(name="kind", label=msgid("Kind")),
    Column(name="host", label=msgid("Server")),
    Column(name="tries", label=msgid("Tries")),
    Column(name="next", label=msgid("Next try")),
    Column(name="why", label=msgid("Why")),
)
TALLIES = (
    Column(name="host", label=msgid("Server")),
    Column(name="kind", label=msgid("Kind")),
    Column(name="why", label=msgid("Why")),
    Column(name="count", label=msgid("How often")),
)


async def show_queue(request: web.Request) -> web.Response:
    """/admin/queue, for mandates with the permission see_queue."""
    async with reading(request) as db:
        who = await signed_in(request, db, "see_queue")
        around = await frame(request, db)
        depths = await queues.depths(db)
        hosts, jobs = await waiting.list_hosts(db, QUEUE_ROWS), await waiting.list_jobs(db, QUEUE_ROWS)
        refused = await tallies.list_since(db, timedelta(days=QUEUE_TALLY_DAYS), QUEUE_ROWS)
    job_of = partial(name_of_job, around.language)
    sheets = {
        "hosts": sheet(
            request,
            "hosts",
            HOSTS,
            hosts,
            lambda one: (one.host, one.waiting, one.oldest, one.next_at, one.why),
            key=lambda one: one.host,
            deeds=DEEDS if who.may("moderate_servers") else (),
            action="/admin/servers",
        ),
        "jobs": sheet(
            request,
            "jobs",
            JOBS,
            jobs,
            lambda one: (job_of(one.kind), one.host, one.attempts, one.next_at, one.last_error),
        ),
        "tallies": sheet(request, "refused", TALLIES, refused, tuple),
    }
    return await shown(request, "panel/queue.html", around, {"waiting": depths, "job_of": job_of, **sheets})
