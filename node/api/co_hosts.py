"""Agreeing by program to hold an event together, for oneself or, for editors, for the hub, a group or an area."""

from __future__ import annotations

from aiohttp import web

from node.actions import co_hosts
from node.api.answers import as_json, published, writer
from node.api.things import found, read_json
from node.web.handlers import decoded, writing
from node.web.keys import NODE
from schemas.relations import CoHostWish


async def answer_co_host(request: web.Request) -> web.Response:
    """Agree to hold an event, or decline; it holds for all dates of its series. NotFound where nobody was asked."""
    wish = decoded(await read_json(request), CoHostWish)
    async with writing(request) as db:
        who = await writer(request, db)
        event = await found(db, request, "event")
        after = await co_hosts.answer(
            request.app[NODE], db, who, event.id, request.match_info["name"], agrees=wish.agrees
        )
        return as_json(published(after))
