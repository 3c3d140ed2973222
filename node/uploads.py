"""Files that come with a form or an API call: room for them in the body, and their way into the pipeline.

@takes_files
async def create(request):
    fields = await posted(request)            # checks the form
    medium = await receive_upload(request, "image", alt=…)   # None where no file was chosen
"""

from __future__ import annotations

import asyncio
import math
import shutil
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import IO

from aiohttp import web
from aiohttp_session import get_session

from node.actions.upload import Upload, upload
from node.errors import TooMany, Unauthorized
from node.keys import LIMITER, NODE, SETTINGS
from node.limits import Rate
from node.media.pipeline import workplace
from node.web import reading, signed_in
from schemas.limits import REQUEST_BYTES, SIDE_IMAGE, UPLOAD_REQUEST_BYTES, UPLOADS_COUNT, UPLOADS_SECONDS
from schemas.records import Medium, Viewer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RATE = Rate(count=UPLOADS_COUNT, seconds=UPLOADS_SECONDS)
_TAKES_FILES = "takes_files"


def takes_files(handler: Handler) -> Handler:
    """Mark a handler whose requests may carry files. Strangers get no more room than in any other request."""

    @wraps(handler)
    async def roomy(request: web.Request) -> web.StreamResponse:
        length = request.content_length
        if (length is None or length > REQUEST_BYTES) and not await _is_known(request):
            raise Unauthorized
        return await handler(request)

    setattr(roomy, _TAKES_FILES, True)
    return roomy


@web.middleware
async def room(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost middleware: a larger body where the handler takes files. All that follows share the request."""
    if getattr(request.match_info.handler, _TAKES_FILES, False):
        request = request.clone(client_max_size=UPLOAD_REQUEST_BYTES)
    return await handler(request)


async def receive_upload(
    request: web.Request,
    field: str = "file",
    *,
    alt: str = "",
    focus: tuple[float, float] | None = None,
    scope: str | None = None,
    side: int = SIDE_IMAGE,
) -> Medium | None:
    """The file in a field of a multipart form, taken in the viewer's name; None where there is none.

    Call it after the form was checked and outside of any transaction. Raises Unauthorized, Forbidden, TooMany, and
    Invalid with problems of the fields `file`, `alt` and `focus`.
    """
    async with reading(request) as db:
        who = await signed_in(request, db, "publish", scope)
    sent = (await request.post()).get(field)
    if not isinstance(sent, web.FileField) or not sent.filename:
        return None
    _count(request, who)
    async with workplace() as folder:
        file = folder / "sent"
        await asyncio.to_thread(_copy, sent.file, file)
        return await upload(
            request.app[NODE], who.acting, Upload(file=file, name=sent.filename, alt=alt, focus=focus), side=side
        )


async def _is_known(request: web.Request) -> bool:
    """Whether somebody stands behind the request. A form is checked later, when it is read."""
    if "account" in await get_session(request):
        return True
    if not request.headers.get("Authorization", "").lower().startswith("bearer "):
        return False
    async with reading(request) as db:
        await signed_in(request, db)
    return True


def _count(request: web.Request, who: Viewer) -> None:
    if not request.app[SETTINGS].rate_limits:
        return
    if seconds := request.app[LIMITER].wait("upload", str(who.account.id), RATE):
        raise TooMany(math.ceil(seconds))


def _copy(source: IO[bytes], file: Path) -> None:
    with file.open("xb") as target:
        shutil.copyfileobj(source, target)
