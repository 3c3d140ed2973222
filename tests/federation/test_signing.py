"""What goes over the wire signed is what the verifier accepts: our requests at a peer, and a peer's at another."""

from datetime import UTC, datetime

import pytest

from federation.client import GuardedClient, Outgoing, Signing
from federation.signatures import verify
from federation.signatures.keys import SigningKey, load_private_key, make_rsa_pair
from federation.signatures.message import SignedRequest
from federation.signatures.pending import Scheme
from federation.signatures.refusal import SignatureRefused
from federation.signing import KeySigner
from tests.peer import Peer, Received, hostile_peer


def check(received: Received, at: Peer, private_pem: str) -> Scheme:
    """Verify a request as the peer's own server would; SignatureRefused if it is not what was signed."""
    request = SignedRequest(
        method=received.method, path_and_query=received.target, headers=received.headers, body=received.body
    )
    pending = verify.parse(request, at.base_url, datetime.now(UTC), allow_http=True)
    pending.verify(load_private_key(private_pem).public_key())
    return pending.scheme


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("body", [None, b'{"type": "Follow"}'])
async def test_a_request_arrives_as_it_was_signed(
    client: GuardedClient, peer: Peer, scheme: Scheme, body: bytes | None
) -> None:
    signer = peer_signer(peer)
    sync = {"Collection-Synchronization": "x"} if body else {}
    request = Outgoing(
        url=peer.url("/inbox?a=%2F&b=ü"),
        method="POST" if body else "GET",
        body=body,
        headers=sync,
        signing=Signing(signer=signer, scheme=scheme),
    )
    async with client.send(request):
        pass
    (received,) = peer.received
    assert check(received, peer, peer.keys.private_pem) is scheme
    with pytest.raises(SignatureRefused):
        check(received, peer, make_rsa_pair().private_pem)


async def test_a_covered_header_cannot_be_changed_on_the_way(client: GuardedClient, peer: Peer) -> None:
    headers = {"Collection-Synchronization": 'url="https://good.test/"'}
    signing = Signing(signer=peer_signer(peer))
    async with client.send(Outgoing(url=peer.inbox, method="POST", body=b"{}", headers=headers, signing=signing)):
        pass
    (sent,) = peer.received
    changed = tuple((name, value.replace("good", "evil")) for name, value in sent.headers)
    with pytest.raises(SignatureRefused):
        check(Received(sent.method, sent.target, changed, sent.body), peer, peer.keys.private_pem)


@pytest.mark.parametrize("scheme", list(Scheme))
async def test_what_the_test_peer_posts_is_signed_unless_spoilt(peer: Peer, scheme: Scheme) -> None:
    async with hostile_peer("127.0.0.9") as other:
        await other.post(peer.inbox, {"type": "Follow"}, scheme=scheme)
        await other.get(peer.actor_id, scheme=scheme)
        await other.post(peer.inbox, {"type": "Follow"}, headers={"Signature": "spoilt"})
        posted, got, spoilt = peer.received
        assert check(posted, peer, other.keys.private_pem) is scheme
        assert check(got, peer, other.keys.private_pem) is scheme
        with pytest.raises(SignatureRefused):
            check(spoilt, peer, other.keys.private_pem)


def peer_signer(peer: Peer) -> KeySigner:
    """The peer's own key in the hand of our client, so that the peer can verify."""
    key = SigningKey(key_id=peer.key_id, private_key=load_private_key(peer.keys.private_pem))
    return KeySigner(key, lambda: datetime.now(UTC))
