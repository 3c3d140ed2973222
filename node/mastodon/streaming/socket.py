"""The WebSocket: one connection, any number of streams, which the client subscribes to and leaves by messages."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from node.errors import NodeError
from node.mastodon import errors
from node.mastodon.errors import Refused
from node.mastodon.streaming.entering import channel_for, listener_of, protocols_of
from node.mastodon.streaming.keys import STREAMS
from node.mastodon.streaming.listener import End, Frame, Listener
from node.web.handlers import language
from node.web.limits import Limiter, Rate
from schemas.limits import (
    STREAM_CLOSE_SECONDS,
    STREAM_FRAME_BYTES,
    STREAM_MESSAGES,
    STREAM_MESSAGES_SECONDS,
    STREAM_PING_SECONDS,
)

MESSAGES = Rate(count=STREAM_MESSAGES, seconds=STREAM_MESSAGES_SECONDS)
CLOSING: dict[End, WSCloseCode] = {
    "left": WSCloseCode.OK,
    "token": WSCloseCode.POLICY_VIOLATION,
    "rude": WSCloseCode.POLICY_VIOLATION,
    "slow": WSCloseCode.TRY_AGAIN_LATER,
    "stop": WSCloseCode.GOING_AWAY,
}


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says: `type` is subscribe or unsubscribe."""

    type: str = ""
    stream: str = ""
    tag: str = ""
    list: str | int = ""


async def open_socket(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/streaming: errors before the handshake are answers, later ones are messages."""
    try:
        listener = await listener_of(request)
        socket = web.WebSocketResponse(
            protocols=protocols_of(request)[:1],  # a browser that offered its token insists on having it back
            heartbeat=STREAM_PING_SECONDS,
            timeout=STREAM_CLOSE_SECONDS,
            max_msg_size=STREAM_FRAME_BYTES,
            compress=False,
        )
        if not socket.can_prepare(request).ok:
            raise Refused(400, "This address is for WebSockets")
        if name := request.query.get("stream"):
            query = request.query
            listener.listen(await channel_for(request, listener, name, query.get("tag", ""), query.get("list", "")))
        async with request.app[STREAMS].joined(listener):
            await socket.prepare(request)
            await _serve(request, socket, listener)
    except NodeError as error:
        return errors.answer(error, language(request))
    return socket


async def _serve(request: web.Request, socket: web.WebSocketResponse, listener: Listener) -> None:
    """Send and receive until the client leaves or is sent away; whoever does not even take a farewell is cut off."""
    tasks = [
        asyncio.create_task(_send(socket, listener)),
        asyncio.create_task(_receive(request, socket, listener)),
        asyncio.create_task(listener.left()),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        why = listener.end or "left"
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(STREAM_CLOSE_SECONDS if why != "slow" else 0):
                await socket.close(code=CLOSING[why])
        if why != "left" and request.transport is not None:
            request.transport.abort()


async def _send(socket: web.WebSocketResponse, listener: Listener) -> None:
    with suppress(ConnectionError):
        while True:
            await socket.send_str(encoded(await listener.next()))


async def _receive(request: web.Request, socket: web.WebSocketResponse, listener: Listener) -> None:
    limiter = Limiter()
    async for message in socket:
        if message.type is not WSMsgType.TEXT or limiter.wait("stream", "", MESSAGES):
            listener.leave("rude")
            return
        try:
            await _obey(request, listener, message.data)
        except NodeError as error:
            with suppress(ConnectionError):
                await socket.send_str(_refusal(error))


async def _obey(request: web.Request, listener: Listener, said: str) -> None:
    try:
        message = msgspec.json.decode(said, type=Message)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused(400, "Invalid message") from error
    if message.type not in ("subscribe", "unsubscribe"):
        raise Refused(400, "Unknown message type")
    channel = await channel_for(request, listener, message.stream, message.tag, str(message.list))
    if message.type == "subscribe":
        listener.listen(channel)
    else:
        listener.channels.pop(channel, None)


def encoded(frame: Frame) -> str:
    """A frame as Mastodon sends it: the payload is JSON inside a text."""
    said: dict[str, object] = {"stream": frame.channel.stream, "event": frame.event}
    if frame.payload is not None:
        said["payload"] = frame.payload
    return msgspec.json.encode(said).decode()


def _refusal(error: NodeError) -> str:
    return msgspec.json.encode({"error": error.message, "status": error.status}).decode()
