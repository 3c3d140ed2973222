"""Signs of life for those who run the hub: /health for the supervisor, /metrics for Prometheus."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from ipaddress import ip_address
from itertools import accumulate

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.health.troubles import ADVICE
from node.health.vitals import room_at
from node.store.queues import queues
from node.store.upkeep import room
from node.web.handlers import reading
from node.web.keys import NODE, SETTINGS
from schemas.limits import AWAY_RETRY_SECONDS, DATABASE_ANSWER_SECONDS, REQUEST_SECONDS_STEPS

Figure = tuple[str, str, float]
"""Name, words, value."""

REQUESTS = "Time to answer, by door and class of status; streams and what is turned away at the inbox are left out"
WAITED = "Seconds that requests waited for a connection to the database"
ACCEPTED = "Activities kept for work, those that came again included; less those that wait it is what was worked off"

FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
"""A loopback peer with one of these is a proxy that speaks for somebody else."""


async def health(request: web.Request) -> web.Response:
    """200 and `OK`, as Mastodon says it, when the node takes what is sent to it; 503 when it does not, or cannot reach
    its database. What is wrong stands there, a line each; as JSON for who asks for that, with what to do about it."""
    troubles = request.app[NODE].troubles
    if not troubles.has("database"):
        async with asyncio.timeout(DATABASE_ANSWER_SECONDS), reading(request) as db:
            await queues.alive(db)
    state = "down" if troubles.serious else "troubled" if troubles.kinds else "well"
    found = [{"kind": kind, "says": ADVICE[kind].says, "do": ADVICE[kind].do} for kind in troubles.kinds]
    headers = {"Cache-Control": "no-store"}
    if state == "down":
        headers["Retry-After"] = str(AWAY_RETRY_SECONDS)
    status = 503 if state == "down" else 200
    if "application/json" in request.headers.get("Accept", ""):
        body = msgspec.json.encode({"state": state, "troubles": found})
        return web.Response(body=body, status=status, content_type="application/json", headers=headers)
    lines = ["DOWN" if state == "down" else "OK", *(f"{one['kind']}: {one['says']}" for one in found)]
    return web.Response(text="\n".join(lines), status=status, headers=headers)


async def metrics(request: web.Request) -> web.Response:
    """How the node fares, in numbers: for whoever has the token, or sits on this machine. To others there is nothing
    here. Counts and what a process holds are of all processes on this machine; while the database is away what only it
    knows is left out."""
    if not _may_read(request):
        raise NotFound
    of_hub = [] if request.app[NODE].troubles.has("database") else await _of_hub(request)
    body, kind = _written(request, [*_of_machine(request), *of_hub])
    return web.Response(body=body, headers={"Content-Type": kind, "Cache-Control": "no-store"})


def _written(request: web.Request, figures: Sequence[Figure]) -> tuple[bytes, str]:
    from prometheus_client import CollectorRegistry  # noqa: PLC0415 - most hubs are never asked
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest  # noqa: PLC0415
    from prometheus_client.metrics_core import (  # noqa: PLC0415
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
        Metric,
    )

    troubles = request.app[NODE].troubles
    wrong = GaugeMetricFamily("allmende_trouble", "1 while this is wrong; the log says what to do", labels=["kind"])
    for kind in ADVICE:
        wrong.add_metric([kind], float(troubles.has(kind)))
    times = HistogramMetricFamily("allmende_request_seconds", REQUESTS, labels=["door", "status"])
    for (door, status), (counts, seconds) in request.app[NODE].meters.totals().requests.items():
        steps = zip((*map(str, REQUEST_SECONDS_STEPS), "+Inf"), accumulate(counts), strict=True)
        times.add_metric([door, f"{status}xx"], list(steps), seconds)

    class Told:
        def collect(self) -> list[Metric]:
            said = [(CounterMetricFamily if one[0].endswith("_total") else GaugeMetricFamily)(*one) for one in figures]
            return [wrong, times, *said]

    registry = CollectorRegistry()
    registry.register(Told())
    return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4


def _of_machine(request: web.Request) -> list[Figure]:
    held = request.app[NODE].meters.totals().values
    return [
        ("allmende_processes", "Processes of the node on this machine", held["processes"]),
        ("allmende_memory_bytes", "Memory they hold, what they share counted for each", held["memory_bytes"]),
        ("allmende_database_connections", "Connections to the database in use", held["database_connections"]),
        ("allmende_database_wait_seconds_total", WAITED, held["database_wait_seconds"]),
        ("allmende_inbox_open", "Messages of other servers under way", held["inbox_open"]),
        ("allmende_inbox_turned_away_total", "Messages answered 503", held["inbox_turned_away"]),
        ("allmende_signatures_refused_total", "Requests of servers answered 401", held["signatures_refused"]),
        ("allmende_deliveries_made_total", "Deliveries that the other server took", held["deliveries_made"]),
        ("allmende_deliveries_failed_total", "Attempts that failed, repeated or not", held["deliveries_failed"]),
        ("allmende_disk_free_bytes", "Room on the disk of the data folder", room_at(request.app[SETTINGS].data)),
    ]


async def _of_hub(request: web.Request) -> list[Figure]:
    async with reading(request) as db:
        found = await queues.depths(db)
        database_bytes = await room.of_database(db)
    return [
        ("allmende_arrivals_accepted_total", ACCEPTED, found.accepted),
        ("allmende_arrivals_waiting", "Activities received and not yet worked on", found.arrivals),
        ("allmende_oldest_arrival_seconds", "Age of the oldest activity not yet worked on", found.oldest_arrival),
        ("allmende_deliveries_waiting", "Activities owed to other servers' inboxes", found.deliveries),
        ("allmende_deliveries_dead", "Deliveries that were given up", found.dead),
        ("allmende_jobs_waiting", "Jobs waiting or under way", found.jobs),
        ("allmende_leased", "Arrivals, deliveries and jobs that workers have in hand", found.leased),
        ("allmende_mails_waiting", "Letters not yet handed to the mail server", found.mails),
        ("allmende_hosts_open", "Other servers left alone for a while because they fail", found.open_hosts),
        ("allmende_database_bytes", "Size of the database", database_bytes),
    ]


def _may_read(request: web.Request) -> bool:
    token = request.app[SETTINGS].metrics_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    if any(name in request.headers for name in FORWARDING):
        return False
    try:
        return ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
