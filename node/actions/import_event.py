"""An event that is told elsewhere, by its address or in a file, so that nobody types it again. What was found fills a
form only; nothing is published before somebody has looked at it."""

from __future__ import annotations

import asyncio
from email.message import Message

from federation.client import Outgoing
from federation.outcomes import FetchError, check_ok
from node.actions.import_event_found import Imported
from node.actions.import_event_ics import in_calendar
from node.actions.import_event_page import in_document, in_page
from node.node import Node
from node.remote import may_fetch
from schemas.limits import EVENT_IMPORT_BYTES

ACCEPT = "text/calendar, application/activity+json;q=0.9, text/html;q=0.8, application/ld+json;q=0.7"
_JSON = ("application/activity+json", "application/ld+json", "application/json")


async def at_address(node: Node, url: str, zone: str) -> list[Imported]:
    """The events at an address: a calendar file, an ActivityPub event, or a page that describes one (schema.org or
    h-event); none is empty. Through the guarded client, outside of any transaction. `zone` is meant where none is said.
    Raises FetchRefused, FetchFailed, FetchGone."""
    if not may_fetch(node, url):
        return []
    request = Outgoing(url=url, headers={"Accept": ACCEPT}, max_bytes=EVENT_IMPORT_BYTES)
    async with node.client.send(request) as incoming:
        check_ok(incoming.status, incoming.headers.get("Retry-After", ""))
        said = Message()
        said["Content-Type"] = incoming.headers.get("Content-Type", "").replace("\r", " ").replace("\n", " ")
        body, found_at = await incoming.read(), incoming.url
    return await asyncio.to_thread(_read, body, said.get_content_type(), found_at, zone)


async def in_file(body: bytes, zone: str) -> list[Imported]:
    """The events of a calendar file."""
    return await asyncio.to_thread(in_calendar, body, "", zone)


def _read(body: bytes, media_type: str, url: str, zone: str) -> list[Imported]:
    if body.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return in_calendar(body, url, zone)
    return in_document(body, url) if media_type in _JSON else in_page(body, url, zone)


__all__ = ["FetchError", "Imported", "at_address", "in_file"]
