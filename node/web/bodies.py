"""Bodies of requests on their way here: nothing is begun before all of one has come, nobody keeps others out by sending
slowly, and little lies in memory meanwhile. Those of the inbox have places of their own (`overload.py`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from node.errors import NodeError
from node.web.handlers import client_address, sent_fields
from node.web.limits import asker
from node.web.places import Places
from node.web.uploads import reads_itself
from schemas.limits import (
    BODIES_BYTES_ALL,
    BODIES_BYTES_OF_ONE,
    BODIES_OF_ONE,
    BODIES_OPEN,
    BODY_SECONDS,
    BODY_UPLOAD_SECONDS,
    INBOX_PROMPT_SECONDS,
    REQUEST_BYTES,
)
from schemas.reasons import msgid

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODIES = web.AppKey("bodies", Places)
FORM_WITH_FILES = "multipart/form-data"


class TooSlow(NodeError):
    """The body did not come in time."""

    status = 408
    message = msgid("What you sent did not arrive in time. Please try again.")


def set_up(app: web.Application) -> None:
    """The places of this process."""
    app[BODIES] = Places(
        BODIES_OPEN,
        BODIES_OF_ONE,
        waiting_of_one=BODIES_OF_ONE,
        waiting_strangers=BODIES_OPEN,
        most_bytes=BODIES_BYTES_ALL,
        bytes_of_one=BODIES_BYTES_OF_ONE,
        prompt=INBOX_PROMPT_SECONDS,
        remembered=0,
    )


@web.middleware
async def whole(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Most bodies have come with their head and go by. For others there is a place, with the room in memory that they
    may need, until the answer; files of forms go to the disk as they come. Who takes files from programs says first who
    may send some, and reads them then: strangers are not waited for there either."""
    if request.content.is_eof() or (request.method == "POST" and request.path.endswith("/inbox")):
        return await handler(request)
    place = request.app[BODIES].take(asker(client_address(request)))
    try:
        length = REQUEST_BYTES if request.content_length is None else request.content_length
        place.hold(min(length, REQUEST_BYTES))
        if reads_itself(request):
            return await handler(request)
        try:
            async with place.waiting(BODY_UPLOAD_SECONDS if length > REQUEST_BYTES else BODY_SECONDS):
                if length > request.client_max_size:
                    return await handler(request)  # which will refuse it; it may be ended as well
                await (sent_fields(request) if request.content_type == FORM_WITH_FILES else request.read())
        except TimeoutError as error:
            raise TooSlow from error
        return await handler(request)
    finally:
        place.leave()
