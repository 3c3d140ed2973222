"""Every address this node answers, grouped by who asks. Doors do not know each other: they meet here.

To add one: a line in the section of its door. An address that serves both servers and readers is `negotiated`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from node.activitypub import actor, collections, inbox, objects, vital, wellknown
from node.web import wants_activity

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application) -> None:
    """Put all routes on the application."""
    operators(app.router)
    servers(app.router)
    servers_and_readers(app.router)


def operators(router: web.UrlDispatcher) -> None:
    """Signs of life."""
    router.add_get("/health", vital.health)
    router.add_get("/metrics", vital.metrics)


def servers(router: web.UrlDispatcher) -> None:
    """The door for other servers, `activitypub/`."""
    router.add_get("/.well-known/webfinger", wellknown.webfinger)
    router.add_get("/.well-known/host-meta", wellknown.host_meta)
    router.add_get("/.well-known/host-meta.json", wellknown.host_meta_json)
    router.add_get("/.well-known/nodeinfo", wellknown.nodeinfo_index)
    router.add_get("/nodeinfo/{version}", wellknown.nodeinfo)

    router.add_get("/actor", actor.show_instance)
    for mine in ("/actor", "/actors/{name}", "/areas/{name}", "/groups/{name}"):
        router.add_post(f"{mine}/inbox", inbox.receive)
        router.add_get(f"{mine}/outbox", collections.show_outbox)
        router.add_get(f"{mine}/followers", collections.show_followers)
        router.add_get(f"{mine}/following", collections.show_following)
        router.add_get(f"{mine}/featured", collections.show_featured)
        router.add_get(f"{mine}/upcoming", collections.show_upcoming)
    router.add_post("/inbox", inbox.receive)

    for thing in objects.KINDS:
        router.add_get(f"/{thing}/{{id}}/replies", collections.show_replies)
        router.add_get(f"/{thing}/{{id}}/likes", collections.show_likes)
        router.add_get(f"/{thing}/{{id}}/shares", collections.show_shares)
    router.add_get("/events/{id}/attendees", collections.show_attendees)
    router.add_get("/events/{id}/organizers", collections.show_organizers)
    router.add_get("/activities/{id}", objects.show_activity)


def servers_and_readers(router: web.UrlDispatcher) -> None:
    """One address for a thing and its page."""
    for mine in ("/actors/{name}", "/areas/{name}", "/groups/{name}"):
        router.add_get(mine, actor.show_actor)
    for thing in objects.KINDS:
        router.add_get(f"/{thing}/{{id}}", objects.show_thing)
    router.add_get("/places/{id}", objects.show_place)
    router.add_get("/tags/{name}", collections.show_tag)
    router.add_get("/contexts/{id}", collections.show_context)
    router.add_get("/hubs", collections.show_hubs)


def negotiated(activitypub: Handler, page: Handler) -> Handler:
    """One address, two doors: the one that `Accept` asks for. Caches are told, whatever the handler forgets."""

    async def either(request: web.Request) -> web.StreamResponse:
        response = await (activitypub if wants_activity(request) else page)(request)
        varies = {name.strip() for name in response.headers.get("Vary", "").split(",") if name.strip()}
        response.headers["Vary"] = ", ".join(sorted(varies | {"Accept", "Signature"}))
        return response

    return either
