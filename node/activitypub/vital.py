"""Signs of life for those who run the hub: /health for the supervisor, /metrics for Prometheus."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from aiohttp import web

from node.errors import NotFound
from node.keys import SETTINGS
from node.store import queues
from node.web import reading

FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
"""A loopback peer with one of these is a proxy that speaks for somebody else."""


async def health(request: web.Request) -> web.Response:
    """200 and `OK`, as Mastodon says it, when the node can reach its database; the middleware answers 503 when not."""
    async with reading(request) as db:
        await queues.alive(db)
    return web.Response(text="OK", headers={"Cache-Control": "no-store"})


async def metrics(request: web.Request) -> web.Response:
    """The queues in numbers: for whoever has the token, or sits on this machine. To others there is nothing here."""
    from prometheus_client import CollectorRegistry, Gauge  # noqa: PLC0415 - most hubs are never asked
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest  # noqa: PLC0415

    if not _may_read(request):
        raise NotFound
    async with reading(request) as db:
        found = await queues.depths(db)
    registry = CollectorRegistry()
    for name, words, value in (
        ("allmende_arrivals_waiting", "Activities received and not yet worked on", found.arrivals),
        ("allmende_deliveries_waiting", "Activities owed to other servers' inboxes", found.deliveries),
        ("allmende_deliveries_dead", "Deliveries that were given up", found.dead),
        ("allmende_jobs_waiting", "Jobs waiting or under way", found.jobs),
        ("allmende_hosts_open", "Other servers left alone for a while because they fail", found.open_hosts),
        ("allmende_oldest_arrival_seconds", "Age of the oldest activity not yet worked on", found.oldest_arrival),
    ):
        Gauge(name, words, registry=registry).set(value)
    headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}
    return web.Response(body=generate_latest(registry), headers=headers)


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
