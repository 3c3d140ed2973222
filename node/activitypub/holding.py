"""Where the hub asks first: what an unknown server says is held until somebody has looked at it, and nothing is asked
of that server meanwhile, not even its key."""

from __future__ import annotations

import msgspec
from aiohttp import web

from federation.signatures.pending import PendingSignature
from node.errors import Forbidden, NodeError
from node.store.servers import held, hosts
from node.web.keys import NODE
from schemas.limits import HELD_BYTES


class Waits(Forbidden):
    """A server at which somebody has to look first. `pending` is to be checked then."""

    message = "This hub looks at new servers first. {host} waits for that."

    def __init__(self, pending: PendingSignature, host: str) -> None:
        super().__init__(host=host)
        self.pending, self.host = pending, host


class HeldEnough(NodeError):
    """So much waits that this one must come again."""

    status = 503
    message = "Much waits here for somebody to look at it. Please try again later."


async def hold(request: web.Request, waits: Waits, body: bytes) -> web.Response:
    """Keep a request whose signature has the right form and is fresh: 202. Raises Waits for a large one, HeldEnough."""
    if len(body) > HELD_BYTES:
        raise waits
    node = request.app[NODE]
    async with node.database.pool.acquire() as db, db.transaction():
        await hosts.ask_about(db, waits.host)
        if not await held.insert(db, waits.host, msgspec.json.encode(waits.pending).decode(), body.decode()):
            raise HeldEnough
    node.tallies.count(waits.host, "", "waits for a look")
    return web.Response(status=202)
