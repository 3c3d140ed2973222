"""Entries of the log for other servers."""

from __future__ import annotations

from aiohttp import web

from federation.build import log_entry
from node.activitypub.answers import document, number
from node.errors import NotFound
from node.store.moderation import log
from node.web.handlers import reading
from node.web.keys import NODE


async def show_entry(request: web.Request) -> web.Response:
    """/log/{id}: with its link and that of the one before. Of an entry for the staff only the links are shown."""
    async with reading(request) as db:
        entry = await log.find(db, number(request))
    if entry is None:
        raise NotFound
    return document(request, log_entry.document(entry, request.app[NODE].urls))
