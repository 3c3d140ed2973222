"""Once is enough: a request that carries an Idempotency-Key may be repeated, and gets the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from node.errors import Conflict, Invalid
from node.store.db import Db
from node.store.posts import answered
from node.store.posts.answered import Answered
from schemas.limits import IDEMPOTENCY_KEY_CHARS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG
from schemas.records import Viewer

HEADER = "Idempotency-Key"
REPEATED = "Idempotency-Replayed"


async def once(request: web.Request, db: Db, who: Viewer, deed: Callable[[], Awaitable[web.Response]]) -> web.Response:
    """Do it, unless this account did it with the same key within the last day: then give the answer given then.

    Only success is remembered. A key that was used for something else is a Conflict. Runs in the deed's transaction, so
    that of two requests at the same time the second waits for the first.
    """
    key = request.headers.get(HEADER)
    if not key:
        return await deed()
    if len(key) > IDEMPOTENCY_KEY_CHARS:
        raise Invalid([Problem(field=HEADER, reason=TOO_LONG, values={"max": IDEMPOTENCY_KEY_CHARS})])
    asked = await _fingerprint(request)
    before = await answered.begin(db, who.account.id, key, asked)
    if before is None:
        response = await deed()
        await answered.keep(db, who.account.id, key, _kept(asked, response))
        return response
    if before.request != asked:
        raise Conflict("This key was used for another request.")
    return _again(before)


async def _fingerprint(request: web.Request) -> bytes:
    said = f"{request.method} {request.rel_url.raw_path_qs}\n".encode()
    return hashlib.sha256(said + await request.read()).digest()


def _kept(asked: bytes, response: web.Response) -> Answered:
    headers = {name: response.headers[name] for name in ("Location", "Content-Type") if name in response.headers}
    return Answered(request=asked, status=response.status, headers=headers, body=response.text or "")


def _again(before: Answered) -> web.Response:
    return web.Response(body=before.body.encode(), status=before.status, headers=before.headers | {REPEATED: "true"})
