"""What becomes of a thing: an event is cancelled, a call filled, a finding retracted. It stays at its address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from aiohttp import web

from node.actions import withdraw
from node.api.answers import as_json, published, writer
from node.api.things import Following, found
from node.web.handlers import query, writing
from node.web.keys import NODE
from schemas.records import Post
from schemas.things import CallState, Kind

Deed: TypeAlias = Callable[..., Awaitable[Post]]

EVENT_DEEDS: dict[str, tuple[Deed, str]] = {
    "cancel": (withdraw.cancel_event, "Call an event off"),
    "postpone": (withdraw.postpone_event, "Say that an event will be later, at a date not known yet"),
    "reinstate": (withdraw.reinstate_event, "Say that an event takes place as planned after all"),
}
CALL_DEEDS: dict[str, tuple[CallState, str]] = {
    "close": ("closed", "End a call"),
    "fill": ("filled", "Say that all places of a call are taken"),
    "withdraw": ("withdrawn", "Take a call back"),
    "reopen": ("open", "Take answers to a call again"),
}
FINDING_DEEDS: dict[str, tuple[withdraw.Validity, str]] = {
    "retract": ("retracted", "Say that a finding does not hold"),
    "correct": ("corrected", "Say that a finding was corrected"),
    "restore": ("valid", "Say that a finding holds after all"),
}
"""Deeds by the last part of their address, each with what it makes of the thing and a sentence for the description."""


async def change_event(request: web.Request, deed: Deed) -> web.Response:
    """Change whether an event takes place; with `following` all later dates of its series too."""
    return await _do(request, "event", deed, following=query(request, Following).following)


async def change_call(request: web.Request, state: CallState) -> web.Response:
    """Change whether a call takes answers."""
    return await _do(request, "call", withdraw.close_call, state=state)


async def change_finding(request: web.Request, state: withdraw.Validity) -> web.Response:
    """Change whether a finding holds."""
    return await _do(request, "finding", withdraw.retract_finding, state=state)


async def _do(request: web.Request, kind: Kind, deed: Deed, **how: Any) -> web.Response:
    """Do it and show the thing as it is then. Doing it again changes nothing."""
    async with writing(request) as db:
        who = await writer(request, db)
        post = await found(db, request, kind)
        return as_json(published(await deed(request.app[NODE], db, who, post.id, **how)))
