"""Where pushed messages may go: looked at when an app subscribes, so that it is told at once, and again at each sending
(`federation.client`), since names can come to mean another machine."""

from __future__ import annotations

import asyncio
import socket

from federation.addresses import Address, BadAddress, connection_refusal, in_networks, is_literal, parse
from node.mastodon.errors import Unprocessable
from node.node import Node
from schemas.limits import PUSH_RESOLVE_SECONDS

NOT_PUBLIC = "Endpoint is not a public host"


async def require_reachable(node: Node, endpoint: str) -> None:
    """Refused for what is no address of a push service: no https, an IP address, or a name that means only machines
    which are not public. A name that cannot be looked up now is taken: it may be known later."""
    try:
        address = parse(endpoint)
    except BadAddress as error:
        raise Unprocessable("Endpoint is not a valid URL") from error
    if address.scheme != "https" and not node.client.plain_http:
        raise Unprocessable("Endpoint must use https")
    if is_literal(address.host):
        if not in_networks(address.host.strip("[]"), node.settings.allow_networks):
            raise Unprocessable(NOT_PUBLIC)
        return
    found = await _machines(address)
    if found and all(connection_refusal(one, address.port, node.settings.allow_networks) for one in found):
        raise Unprocessable(NOT_PUBLIC)


async def _machines(address: Address) -> set[str]:
    """The IP addresses of a host, as far as they can be had in a moment."""
    try:
        async with asyncio.timeout(PUSH_RESOLVE_SECONDS):
            known = await asyncio.get_running_loop().getaddrinfo(
                address.host, address.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
            )
    except (TimeoutError, OSError, UnicodeError):
        return set()
    return {str(one[4][0]) for one in known}
