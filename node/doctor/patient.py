"""What the checks through the public address need: a client that may call it, and the key with which the hub signs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from ipaddress import ip_network

import msgspec

from federation.build.urls import Urls
from federation.client import GuardedClient
from federation.signatures.keys import SigningKey, load_private_key
from federation.signing import KeySigner
from node.settings import Settings
from schemas.records import Actor


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """A hub to be looked at from outside; `signer` signs as its `instance` actor."""

    settings: Settings
    urls: Urls
    client: GuardedClient
    instance: Actor
    signer: KeySigner


@asynccontextmanager
async def admitted(settings: Settings, addresses: tuple[str, ...], instance: Actor) -> AsyncIterator[Patient]:
    """Open the client. It may call the hub's own `addresses` whatever they are (the operator named them), and judges
    certificates, redirects, sizes and times as it does with any other server."""
    own = tuple(ip_network(address) for address in addresses)
    client = GuardedClient(
        user_agent=f"Allmende/{version('allmende')} (doctor; +{settings.base_url})",
        may_federate=lambda _host: True,
        allowed_networks=(*settings.allow_networks, *own),
        plain_http=not settings.https,
    )
    async with client:
        yield Patient(
            settings=settings,
            urls=Urls(settings.base_url),
            client=client,
            instance=instance,
            signer=_signer(instance),
        )


def _signer(instance: Actor) -> KeySigner:
    if instance.public_key_id is None or instance.private_key is None:
        raise ValueError("the instance actor has no key")
    key = SigningKey(key_id=instance.public_key_id, private_key=load_private_key(instance.private_key))
    return KeySigner(key, lambda: datetime.now(UTC))
