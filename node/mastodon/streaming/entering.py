"""Who may come in: the token of a stream, wherever the client put it."""

from __future__ import annotations

from aiohttp import web

from node.errors import Unauthorized
from node.mastodon import rates
from node.mastodon.endpoint import bearer_of
from node.mastodon.streaming.channels import Channel, channel, require_scope
from node.mastodon.streaming.listener import Listener
from node.store.people import own_lists
from node.web.handlers import client_address, reading


async def listener_of(request: web.Request) -> Listener:
    """Who asks for a stream. Unauthorized without a member's token: strangers and apps have no streams; TooMany."""
    token = token_of(request)
    if not token:
        raise Unauthorized
    async with reading(request) as db:
        bearer = await bearer_of(db, token)
    rates.counted(request, bearer)
    if bearer.viewer is None:
        raise Unauthorized
    return Listener(bearer, bearer.viewer, client_address(request))


def token_of(request: web.Request) -> str:
    """In the header, in the query, or as the sub-protocol of a WebSocket, since browsers can set nothing else."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return request.query.get("access_token", "") or (protocols_of(request) or ("",))[0]


def protocols_of(request: web.Request) -> tuple[str, ...]:
    """The sub-protocols that a client of a WebSocket offers."""
    offered = request.headers.get("Sec-WebSocket-Protocol", "")
    return tuple(one.strip() for one in offered.split(",") if one.strip())


async def channel_for(request: web.Request, listener: Listener, name: str, tag: str, list_id: str) -> Channel:
    """A stream for this listener. Refused for one that there is not, or that the token may not hear; NotFound for a
    list of somebody else."""
    wanted = channel(name, tag, list_id)
    require_scope(listener.scopes, wanted)
    if wanted.kind == "list":
        async with reading(request) as db:
            await own_lists.get(db, listener.me, wanted.list_id)
    return wanted
