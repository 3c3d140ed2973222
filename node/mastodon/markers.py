"""Markers: how far the home timeline and the notifications were read."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get, post
from node.mastodon.entities.marker import by_timeline
from node.mastodon.errors import Unprocessable
from node.store.notices import notifications
from node.store.timelines import markers
from schemas.limits import ID_DIGITS, ID_MOST


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Of which timelines."""

    timeline: list[str] = []


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Up to where somebody has read."""

    last_read_id: str = ""


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """In which timelines."""

    home: Place | None = None
    notifications: Place | None = None


async def read(ask: Ask) -> web.Response:
    """GET /api/v1/markers?timeline[]=home"""
    return as_json(by_timeline(await markers.list_of(ask.db, ask.who, ask.take(Wanted).timeline)))


async def keep(ask: Ask) -> web.Response:
    """POST /api/v1/markers: what was set. Notices up to there count as seen on our own pages, too."""
    places, kept = ask.take(Places), []
    if places.home:
        kept.append(await markers.put(ask.db, ask.who, "home", _id(places.home)))
    if places.notifications:
        up_to = _id(places.notifications)
        kept.append(await markers.put(ask.db, ask.who, "notifications", up_to))
        await notifications.mark_seen(ask.db, ask.who.account.id, up_to, actor_id=ask.who.acting.id)
    return as_json(by_timeline(kept))


def _id(place: Place) -> int:
    written = place.last_read_id
    if not (written.isascii() and written.isdecimal()) or len(written) > ID_DIGITS or int(written) > ID_MOST:
        raise Unprocessable("Last read is not a number")
    return int(written)


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/markers", read, "read:statuses"),
    post("/api/v1/markers", keep, "write:statuses"),
)
