"""What this hub does not use has no address: who asks hears so. Other servers go on reading what was published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from node.errors import SwitchedOff
from node.store.hub import hub
from node.web.handlers import reading, wants_activity
from schemas.modules import WHY_OFF, module_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FOR_SERVERS = ("/likes", "/shares", "/replies")
"""Collections of a thing, which only servers ask for."""


@web.middleware
async def modules(request: web.Request, handler: Handler) -> web.StreamResponse:
    """SwitchedOff for the pages, forms, feeds and interfaces of what the hub does not use."""
    module = module_of(request.path)
    if module and not _for_server(request):
        async with reading(request) as db:
            off = await hub.modules_off(db)
        if module in off:
            raise SwitchedOff(WHY_OFF[module])
    return await handler(request)


def _for_server(request: web.Request) -> bool:
    """Whether a server asks for something that was published: copies elsewhere must not become orphans."""
    if request.method != "GET":
        return False
    return request.path.endswith(FOR_SERVERS) or ("id" in request.match_info and wants_activity(request))
