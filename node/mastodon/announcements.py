"""What the hub tells its members: read it, put it away, react."""

from __future__ import annotations

from aiohttp import web

from node.actions import announce as deeds
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post, put
from node.mastodon.entities.announcement import render_announcements
from node.store.hub import announcements
from schemas.limits import ANNOUNCEMENTS_SHOWN


async def listed(ask: Ask) -> web.Response:
    """What is told now, read or not, the oldest first."""
    told = await announcements.list_current(ask.db, ask.who.account.id, ANNOUNCEMENTS_SHOWN)
    return as_json(await render_announcements(ask.eyes, told))


async def dismiss(ask: Ask) -> web.Response:
    """It is read."""
    await deeds.dismiss(ask.db, ask.who, ask.id())
    return as_json({})


async def react(ask: Ask) -> web.Response:
    """React with an emoji."""
    await deeds.react(ask.db, ask.who, ask.id(), ask.request.match_info["name"])
    return as_json({})


async def unreact(ask: Ask) -> web.Response:
    """Take that back."""
    await deeds.unreact(ask.db, ask.who, ask.id(), ask.request.match_info["name"])
    return as_json({})


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/announcements", listed),
    post("/api/v1/announcements/{id}/dismiss", dismiss, "write:accounts"),
    *put("/api/v1/announcements/{id}/reactions/{name}", react, "write:favourites"),
    delete("/api/v1/announcements/{id}/reactions/{name}", unreact, "write:favourites"),
)
