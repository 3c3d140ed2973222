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
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import IO

from aiohttp import web

from node.actions.upload import Upload, upload
from node.errors import Forbidden, NodeError, TooMany
from node.media.pipeline import workplace
from node.store.access import sessions
from node.store.db import is_away
from node.web.handlers import reading, sent_fields, signed_in, viewer
from node.web.keys import LIMITER, NODE, SETTINGS
from node.web.limits import Rate
from node.web.sessions import cookie_name
from schemas.limits import REQUEST_BYTES, SIDE_IMAGE, UPLOAD_REQUEST_BYTES, UPLOADS_COUNT, UPLOADS_SECONDS
from schemas.records import Medium, Viewer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RATE = Rate(count=UPLOADS_COUNT, seconds=UPLOADS_SECONDS)
_TAKES_FILES = "takes_files"
_READS_ITSELF = "reads_itself"


def takes_files(handler: Handler) -> Handler:
    """Mark a handler whose requests may carry files; they are there as long as it runs."""

    @wraps(handler)
    async def roomy(request: web.Request) -> web.StreamResponse:
        fields = await sent_fields(request)
        try:
            return await handler(request)
        finally:
            _close(fields.values())

    setattr(roomy, _TAKES_FILES, True)
    return roomy


def give_room(handler: Handler) -> Handler:
    """Mark a handler whose requests may carry files, that says who may send some before it reads them, and calls
    `close_files` in the end."""
    setattr(handler, _TAKES_FILES, True)
    setattr(handler, _READS_ITSELF, True)
    return handler


def reads_itself(request: web.Request) -> bool:
    """Whether the handler has to see the request before its body has come."""
    return getattr(request.match_info.handler, _READS_ITSELF, False)


@web.middleware
async def room(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost middleware: a larger body where the handler takes files and a member or a program of one sends it.
    Strangers get no more room than in any other request (case 56). All that follows share the request."""
    large = request.content_length is None or request.content_length > REQUEST_BYTES
    if getattr(request.match_info.handler, _TAKES_FILES, False) and large and await _is_known(request):
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
    return await take_file(request, who, sent, alt=alt, focus=focus, side=side)


async def take_file(
    request: web.Request,
    who: Viewer,
    sent: web.FileField,
    *,
    alt: str = "",
    focus: tuple[float, float] | None = None,
    side: int = SIDE_IMAGE,
) -> Medium:
    """The same for a file and a viewer that are known; Forbidden without the right to publish."""
    if not who.may("publish"):
        raise Forbidden
    _count(request, who)
    async with workplace() as folder:
        file = folder / "sent"
        await asyncio.to_thread(_copy, sent.file, file)
        return await upload(
            request.app[NODE], who.acting, Upload(file=file, name=sent.filename, alt=alt, focus=focus), side=side
        )


async def close_files(request: web.Request) -> None:
    """Give back what the files of a form took."""
    if request.content_type.startswith("multipart/"):
        with suppress(NodeError):
            _close((await sent_fields(request)).values())


def _close(values: Iterable[object]) -> None:
    for one in values:
        if isinstance(one, web.FileField):
            one.file.close()


async def _is_known(request: web.Request) -> bool:
    """Whether somebody stands behind the request; what they may do is asked later, once a form was checked."""
    key = request.cookies.get(cookie_name(request.app[SETTINGS], "session"))
    try:
        async with reading(request) as db:
            if key and await sessions.find(db, key):
                return True
            return "Authorization" in request.headers and await viewer(request, db) is not None
    except NodeError:
        return False
    except Exception as error:
        if not is_away(error):
            raise
        return False


def _count(request: web.Request, who: Viewer) -> None:
    if not request.app[SETTINGS].rate_limits:
        return
    if seconds := request.app[LIMITER].wait("upload", str(who.account.id), RATE):
        raise TooMany(math.ceil(seconds))


def _copy(source: IO[bytes], file: Path) -> None:
    with file.open("xb") as target:
        shutil.copyfileobj(source, target)
