"""Signs of life for those who run the hub: /health for the supervisor, /metrics for Prometheus."""

from __future__ import annotations

import asyncio
import hmac
from ipaddress import ip_address

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.keys import DATABASE, NODE, SETTINGS
from node.overload import GATE
from node.store import queues, room
from node.troubles import ADVICE
from node.vitals import memory_held, room_at
from node.web import reading
from schemas.limits import AWAY_RETRY_SECONDS, DATABASE_ANSWER_SECONDS

Figure = tuple[str, str, float]
"""Name, words, value."""

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
    here. While the database is away what only it knows is left out."""
    from prometheus_client import CollectorRegistry, Gauge  # noqa: PLC0415 - most hubs are never asked
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest  # noqa: PLC0415

    if not _may_read(request):
        raise NotFound
    troubles = request.app[NODE].troubles
    registry = CollectorRegistry()
    wrong = Gauge("allmende_trouble", "1 while this is wrong; the log says what to do", ["kind"], registry=registry)
    for kind in ADVICE:
        wrong.labels(kind).set(troubles.has(kind))
    for name, words, value in (*_of_process(request), *(() if troubles.has("database") else await _of_hub(request))):
        Gauge(name, words, registry=registry).set(value)
    headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}
    return web.Response(body=generate_latest(registry), headers=headers)


def _of_process(request: web.Request) -> list[Figure]:
    settings, pool = request.app[SETTINGS], request.app[DATABASE].pool
    busy = pool.get_size() - pool.get_idle_size()
    return [
        ("allmende_inbox_turned_away", "Messages this process answered 503 since its start", request.app[GATE].refused),
        ("allmende_inbox_open", "Messages of other servers under way in this process", request.app[GATE].under_way),
        ("allmende_database_connections", "Connections of this process that are in use", busy),
        ("allmende_memory_bytes", "Memory this process holds (resident)", memory_held()),
        ("allmende_disk_free_bytes", "Room on the disk of the data folder", room_at(settings.data)),
    ]


async def _of_hub(request: web.Request) -> list[Figure]:
    async with reading(request) as db:
        found = await queues.depths(db)
        database_bytes = await room.of_database(db)
    return [
        ("allmende_arrivals_waiting", "Activities received and not yet worked on", found.arrivals),
        ("allmende_deliveries_waiting", "Activities owed to other servers' inboxes", found.deliveries),
        ("allmende_deliveries_dead", "Deliveries that were given up", found.dead),
        ("allmende_jobs_waiting", "Jobs waiting or under way", found.jobs),
        ("allmende_mails_waiting", "Letters not yet handed to the mail server", found.mails),
        ("allmende_hosts_open", "Other servers left alone for a while because they fail", found.open_hosts),
        ("allmende_oldest_arrival_seconds", "Age of the oldest activity not yet worked on", found.oldest_arrival),
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
