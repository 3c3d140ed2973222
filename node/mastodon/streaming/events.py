"""Server-sent events: one stream a connection, for programs without WebSockets (HTML, 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from node.errors import NodeError
from node.mastodon import errors
from node.mastodon.parameters import FALSE
from node.mastodon.streaming.entering import channel_for, listener_of
from node.mastodon.streaming.keys import STREAMS
from node.mastodon.streaming.listener import Frame, Listener
from node.web.handlers import language
from schemas.limits import STREAM_THUMP_SECONDS

PATHS = {
    "user": "user",
    "user/notification": "user:notification",
    "public": "public",
    "public/local": "public:local",
    "public/remote": "public:remote",
    "hashtag": "hashtag",
    "hashtag/local": "hashtag:local",
    "list": "list",
    "direct": "direct",
}
"""The streams by their addresses below /api/v1/streaming/."""

HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "private, no-store",
    "X-Accel-Buffering": "no",
}


def events_of(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler of one stream."""

    async def handle(request: web.Request) -> web.StreamResponse:
        query = request.query
        media = query.get("only_media", "").casefold() not in FALSE
        try:
            listener = await listener_of(request)
            wanted = f"{name}:media" if media and name.startswith("public") else name
            listener.listen(await channel_for(request, listener, wanted, query.get("tag", ""), query.get("list", "")))
            async with request.app[STREAMS].joined(listener):
                response = web.StreamResponse(headers=HEADERS)
                await response.prepare(request)
                await _serve(request, response, listener)
        except NodeError as error:
            return errors.answer(error, language(request))
        return response

    return handle


async def health(_request: web.Request) -> web.Response:
    """GET /api/v1/streaming/health"""
    return web.Response(text="OK")


async def _serve(request: web.Request, response: web.StreamResponse, listener: Listener) -> None:
    tasks = [asyncio.create_task(_send(response, listener)), asyncio.create_task(listener.left())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if request.transport is not None:
            request.transport.abort()  # there is no farewell in this protocol, and a slow client would not hear it


async def _send(response: web.StreamResponse, listener: Listener) -> None:
    """Events as they come; in silence now and then a sign of life, which also shows who has gone."""
    try:
        await response.write(b":)\n")
        while True:
            try:
                async with asyncio.timeout(STREAM_THUMP_SECONDS):
                    frame = await listener.next()
            except TimeoutError:
                await response.write(b":thump\n")
            else:
                await response.write(encoded(frame))
    except ConnectionError:
        return


def encoded(frame: Frame) -> bytes:
    """A frame as an event. The payload is JSON or an id, and so on one line."""
    return f"event: {frame.event}\ndata: {frame.payload or 'undefined'}\n\n".encode()
