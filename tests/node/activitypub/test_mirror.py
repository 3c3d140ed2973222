"""The mirror: a node tells itself what arrived, and nobody else anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from federation.signatures.keys import SigningKey, load_private_key
from federation.signatures.pending import Scheme
from federation.signing import KeySigner
from schemas.limits import MIRROR_BYTES
from schemas.mirror import PATH, Mirrored
from tests.node.activitypub.conftest import Served
from tests.peer import Peer


def signed(
    served: Served, method: str, body: bytes | None = None, scheme: Scheme = Scheme.DRAFT, ago: float = 0.0
) -> Mapping[str, str]:
    """The headers of a request that the instance actor signs to its own mirror."""
    own = served.node.instance
    assert own.public_key_id and own.private_key
    key = SigningKey(key_id=own.public_key_id, private_key=load_private_key(own.private_key))
    signer = KeySigner(key, lambda: datetime.now(UTC) - timedelta(seconds=ago))
    return signer.sign(method, served.url(PATH), {}, body, scheme)


@pytest.mark.parametrize("scheme", Scheme)
async def test_the_instance_actor_sees_what_arrived(served: Served, peer: Peer, scheme: Scheme) -> None:
    body = b'{"look": "here"}'
    headers = {**signed(served, "POST", body, scheme), "X-Forwarded-For": "203.0.113.7"}
    answer = await peer.request("POST", served.url(PATH), headers, body)
    assert answer.status == 200
    seen = msgspec.json.decode(answer.body, type=Mirrored)
    assert (seen.scheme, seen.body_bytes, seen.remote) == (scheme, len(body), "127.0.0.1")
    assert seen.forwarding == {"X-Forwarded-For": "203.0.113.7"}
    assert seen.client == "127.0.0.1"  # nobody's word is taken for another address
    assert seen.host == served.node.urls.domain
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_get_is_mirrored_too(served: Served, peer: Peer) -> None:
    answer = await peer.request("GET", served.url(PATH), signed(served, "GET"))
    assert answer.status == 200


async def test_for_others_there_is_nothing(served: Served, peer: Peer) -> None:
    nothing = await peer.request("GET", served.url(PATH), {})
    other = await peer.get(served.url(PATH))
    claimed = await peer.get(served.url(PATH), key_id=served.node.instance.public_key_id)
    assert [answer.status for answer in (nothing, other, claimed)] == [404, 404, 404]
    assert peer.received == []  # nor is anybody's key asked for


@pytest.mark.parametrize("how", ["stale", "other body", "other method", "too long"])
async def test_what_does_not_verify_is_not_mirrored(served: Served, peer: Peer, how: str) -> None:
    body = b"x" * (MIRROR_BYTES + 1) if how == "too long" else b"{}"
    method = "PUT" if how == "other method" else "POST"
    headers = signed(served, method, body, ago=86_400.0 if how == "stale" else 0.0)
    sent = b"[]" if how == "other body" else body
    assert (await peer.request("POST", served.url(PATH), headers, sent)).status == 404


async def test_the_own_key_opens_no_other_door(served: Served, peer: Peer) -> None:
    body = msgspec.json.encode(
        {
            "id": served.url("/activities/1"),
            "type": "Follow",
            "actor": served.node.urls.instance_actor,
            "object": served.hub.uri,
        }
    )
    own = served.node.instance
    assert own.public_key_id and own.private_key
    key = SigningKey(key_id=own.public_key_id, private_key=load_private_key(own.private_key))
    headers = KeySigner(key, lambda: datetime.now(UTC)).sign("POST", served.inbox, {}, body, Scheme.DRAFT)
    assert (await peer.request("POST", served.inbox, headers, body)).status == 403
