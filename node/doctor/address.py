"""The public address: whether it can be one, and whether its name leads anywhere."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from federation.addresses import in_networks, is_public_address
from node.doctor.remark import Remark, note, ok, warn, wrong
from node.settings import Settings, is_loopback
from schemas.limits import DOCTOR_SECONDS
from schemas.reasons import msgid


def is_private(settings: Settings) -> bool:
    """Whether this hub is meant for one machine or one laboratory: plain http, to loopback or to allowed networks."""
    return settings.allow_http


def check_address(settings: Settings) -> list[Remark]:
    """What can be said of ALLMENDE_BASE_URL and its company without asking anybody."""
    base = settings.base_url
    if is_private(settings):
        do = msgid("For a public hub set ALLMENDE_BASE_URL to https://….")
        if is_loopback(settings.host):
            return [note(msgid("{address} is an address for this machine only."), do, address=base)]
        says = msgid("{address} is an address for the networks of ALLMENDE_ALLOW_NETWORKS only.")
        return [note(says, do, address=base)]
    if not settings.https:
        return [
            wrong(
                msgid("{address} is not encrypted, and other servers call nobody without."),
                msgid("Put a proxy with a certificate in front of the node and set ALLMENDE_BASE_URL to https://…."),
                address=base,
            )
        ]
    return [_judge_host(settings), *_judge_openness(settings)]


def _judge_host(settings: Settings) -> Remark:
    if is_loopback(settings.host) or _is_number(settings.host):
        return wrong(
            msgid("{address} has no name that others could find: many servers do not federate with numbers."),
            msgid("Give the hub a domain name and set ALLMENDE_BASE_URL to it, before anybody follows the hub."),
            address=settings.base_url,
        )
    if urlsplit(settings.base_url).port is not None:
        return warn(
            msgid("{address} has a port of its own, and some servers call the usual port only."),
            msgid("Serve the hub at the usual port of https, 443."),
            address=settings.base_url,
        )
    return ok(msgid("{address} is an address that a hub can have."), address=settings.base_url)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _judge_openness(settings: Settings) -> list[Remark]:
    remarks = []
    if settings.allow_networks:
        named = ", ".join(str(network) for network in settings.allow_networks)
        remarks.append(
            warn(
                msgid("Other servers’ words can make this hub call machines in {networks}."),
                msgid("Unset ALLMENDE_ALLOW_NETWORKS, unless all that listens there may be called by strangers."),
                networks=named,
            )
        )
    if not settings.rate_limits:
        says = msgid("Nobody is kept from asking too often.")
        remarks.append(warn(says, msgid("Unset ALLMENDE_RATE_LIMITS.")))
    return remarks


async def addresses_of(host: str) -> tuple[str, ...]:
    """The IP addresses that a host name or address means, here and now; none if it means nothing."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(DOCTOR_SECONDS):
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:  # a TimeoutError among them
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def check_name(settings: Settings, addresses: tuple[str, ...]) -> list[Remark]:
    """Whether the name of the public address leads anywhere, and to a place that others can reach."""
    host = settings.host
    if not addresses:
        return [
            wrong(
                msgid("The name {host} leads nowhere."),
                msgid("Make DNS records (A, AAAA) for {host}, or correct the name."),
                host=host,
            )
        ]
    if is_private(settings):
        return []
    hidden = [one for one in addresses if not is_public_address(one)]
    if hidden:
        allowed = all(in_networks(one, settings.allow_networks) for one in hidden)
        return [
            (note if allowed else warn)(
                msgid("Seen from here {host} leads to {addresses}, which others cannot reach."),
                msgid("That is fine if only your own network answers so (split DNS, /etc/hosts)."),
                host=host,
                addresses=", ".join(hidden),
            )
        ]
    return [ok(msgid("{host} leads to {addresses}."), host=host, addresses=", ".join(addresses))]
