"""What a request of ours looks like when it comes back to us through the public address: for `allmende doctor`.

Only this server's own instance actor gets an answer; for everybody else there is nothing here."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from aiohttp import web

from node.activitypub.signed import check_own
from node.errors import NotFound, Unauthorized
from node.web.handlers import client_address
from node.web.keys import NODE
from schemas.limits import MIRROR_BYTES
from schemas.mirror import FORWARDING, Mirrored


async def mirror(request: web.Request) -> web.Response:
    """GET or POST, verified like any other signed request: what arrived of it."""
    if (request.content_length or 0) > MIRROR_BYTES:
        raise NotFound
    body = await request.read()
    try:
        pending = check_own(request.app[NODE], request, body)
    except Unauthorized as error:
        raise NotFound from error
    seen = Mirrored(
        host=request.headers.get("Host", ""),
        remote=request.remote or "",
        client=client_address(request),
        forwarding={name: ", ".join(request.headers.getall(name)) for name in FORWARDING if name in request.headers},
        scheme=pending.scheme,
        body_bytes=len(body),
        time=datetime.now(UTC),
    )
    return web.Response(
        body=msgspec.json.encode(seen), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
