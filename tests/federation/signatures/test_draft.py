"""The signatures of draft-cavage-12, as the fediverse writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from apsig.draft import Signer as ApsigSigner
from apsig.draft import Verifier as ApsigVerifier

from federation.signatures.draft import sign
from federation.signatures.freshness import http_date
from federation.signatures.keys import ActorKey, SigningKey
from federation.signatures.message import SignedRequest, UnsignedRequest
from federation.signatures.refusal import Reason, SignatureRefused
from federation.signatures.verify import parse

OURS = "https://hub.example"
BODY = b'{"type":"Follow"}'
URL = "https://hub.example/inbox"


def refusal(request: SignedRequest, now: datetime) -> Reason:
    with pytest.raises(SignatureRefused) as refused:
        parse(request, OURS, now)
    return refused.value.reason


def test_a_post_is_signed_as_peers_demand_it(peer, now) -> None:
    key = SigningKey(key_id=peer.key_id, private_key=peer.rsa)
    added = sign(UnsignedRequest(method="POST", url=URL, body=BODY), key, now)
    expected = peer.draft(body=BODY)
    assert {name.lower(): value for name, value in added.items()} == {
        name.lower(): value for name, value in expected.headers
    }
    assert 'algorithm="rsa-sha256",headers="(request-target) host date digest",signature="' in added["Signature"]


def test_a_get_is_signed_with_its_query_or_without(peer, now) -> None:
    key = SigningKey(key_id=peer.key_id, private_key=peer.rsa)
    request = UnsignedRequest(method="GET", url="https://hub.example/actors/hub/outbox?page=2")
    target = "/actors/hub/outbox?page=2"
    for with_query in (True, False):
        added = sign(request, key, now, with_query=with_query)
        assert set(added) == {"Host", "Date", "Signature"}
        arrived = SignedRequest(method="GET", path_and_query=target, headers=tuple(added.items()))
        pending = parse(arrived, OURS, now)
        pending.verify(peer.rsa.public_key())
        assert pending.bases[0].startswith(
            b"(request-target): get /actors/hub/outbox?page=2\nhost: hub.example\ndate: "
        )


def test_further_headers_are_covered_on_request(peer, now) -> None:
    sync = ("Collection-Synchronization", 'collectionId="https://hub.example/f", url="x", digest="00"')
    key = SigningKey(key_id=peer.key_id, private_key=peer.rsa)
    added = sign(UnsignedRequest(method="POST", url=URL, body=BODY, covered=(sync,)), key, now)
    assert "Collection-Synchronization" not in added
    good = SignedRequest(method="POST", path_and_query="/inbox", headers=(*added.items(), sync), body=BODY)
    parse(good, OURS, now).verify(peer.rsa.public_key())
    altered = SignedRequest(
        method="POST", path_and_query="/inbox", headers=(*added.items(), (sync[0], sync[1] + " ")[:2]), body=BODY
    )
    parse(altered, OURS, now).verify(peer.rsa.public_key())  # outer blanks do not count
    altered = SignedRequest(
        method="POST", path_and_query="/inbox", headers=(*added.items(), (sync[0], sync[1] + "x")), body=BODY
    )
    with pytest.raises(SignatureRefused):
        parse(altered, OURS, now).verify(peer.rsa.public_key())


def test_what_cannot_be_signed_soundly_is_not_signed(peer, now) -> None:
    key = SigningKey(key_id=peer.key_id, private_key=peer.rsa)
    with pytest.raises(ValueError, match="lines"):
        sign(UnsignedRequest(method="GET", url=URL, covered=(("X", "a\nhost: b"),)), key, now)
    with pytest.raises(ValueError, match="RSA"):
        sign(UnsignedRequest(method="GET", url=URL), SigningKey(key_id=peer.key_id, private_key=peer.ed25519), now)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_apsig_signs_we_verify(peer, now, method: str) -> None:
    body = BODY if method == "POST" else b""
    headers = ApsigSigner(
        headers={"Date": http_date(now)}, private_key=peer.rsa, method=method, url=URL, key_id=peer.key_id, body=body
    ).sign()
    request = SignedRequest(method=method, path_and_query="/inbox", headers=tuple(headers.items()), body=body)
    parse(request, OURS, now).verify(peer.rsa.public_key())


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_we_sign_apsig_verifies(peer, method: str) -> None:
    body = BODY if method == "POST" else None
    key = SigningKey(key_id=peer.key_id, private_key=peer.rsa)
    added = sign(UnsignedRequest(method=method, url=URL, body=body), key, datetime.now(UTC))
    verifier = ApsigVerifier(public_pem=peer.rsa.public_key(), method=method, url=URL, headers=added, body=body)
    assert verifier.verify(raise_on_fail=True) == peer.key_id


def test_the_hand_made_request_is_good(peer, now) -> None:
    for request in (peer.draft(), peer.draft(method="GET")):
        parse(request, OURS, now).verify(peer.rsa.public_key())


@pytest.mark.parametrize("algorithm", ['"hs2019"', None, '"HS2019"'])
def test_an_unnamed_algorithm_goes_by_the_kind_of_key(peer, now, algorithm) -> None:
    request = peer.draft(parameters={"algorithm": algorithm})
    parse(request, OURS, now).verify(peer.rsa.public_key())
    request = peer.draft(parameters={"algorithm": algorithm}, key=peer.ed25519)
    parse(request, OURS, now).verify(peer.ed25519.public_key())


def test_created_may_stand_for_the_date(peer, now) -> None:
    covered = "(request-target) host (created) (expires) digest"
    at = int(now.timestamp())
    for created, expires in ((f"{at}", f"{at + 5}"), (f'"{at}"', f'"{at + 5}.5"')):
        request = peer.draft(
            covered=covered,
            headers={"date": None},
            parameters={"algorithm": '"hs2019"', "created": created, "expires": expires},
        )
        parse(request, OURS, now).verify(peer.rsa.public_key())


def test_created_is_not_for_rsa_sha256(peer, now) -> None:
    request = peer.draft(
        covered="(request-target) host (created) digest", parameters={"created": str(int(now.timestamp()))}
    )
    assert refusal(request, now) is Reason.ALGORITHM


def test_unknown_parameters_and_blanks_are_borne(peer, now) -> None:
    good = dict(peer.draft().headers)["Signature"]
    header = "  " + good.replace(",", " , ") + ', nonce="x", level=3'
    request = peer.draft()
    request = SignedRequest(
        method="POST", path_and_query="/inbox", headers=(*request.headers[:-1], ("Signature", header)), body=BODY
    )
    parse(request, OURS, now).verify(peer.rsa.public_key())


@pytest.mark.parametrize(
    "change",
    [
        lambda header: header + ',keyId="https://evil.example/x"',
        lambda header: header + ',KEYID="https://evil.example/x"',
        lambda header: header + ',signature="AAAA"',
        lambda header: header.replace("keyId", "keyid"),
        lambda header: header.replace('keyId="', 'keyId="\\"'),
        lambda header: header.replace('keyId="', "keyId='"),
        lambda header: header.replace(",algorithm", ";algorithm"),
        lambda header: header + ",",
        lambda header: "Signature " + header,
        lambda header: header.replace('digest"', 'digest date"'),
        lambda header: header.replace("host date", "host date host"),
        lambda header: header.replace("host date", "host  date"),
        lambda header: header.replace("host date", "host da:te date"),
        lambda header: header.replace("host date", "(status) host date"),
        lambda header: header.replace("host date", "host date " + " ".join(f"x{n}" for n in range(40))),
        lambda header: header.replace('signature="', 'signature="*'),
        lambda header: header.replace('signature="', 'sig="'),
        lambda header: header + ',x="' + "y" * 9000 + '"',
        lambda header: header.replace("ann", "änn"),
        lambda header: "",
    ],
)
def test_a_signature_header_that_can_be_read_two_ways_is_refused(peer, now, change) -> None:
    *fields, (_, header) = peer.draft().headers
    request = SignedRequest(
        method="POST", path_and_query="/inbox", headers=(*fields, ("Signature", change(header))), body=BODY
    )
    assert refusal(request, now) is Reason.MALFORMED


@pytest.mark.parametrize("name", ["Date", "Digest", "Signature"])
def test_a_header_that_is_there_twice_is_refused(peer, now, name: str) -> None:
    request = peer.draft()
    twice = [field for field in request.headers if field[0] == name]
    request = SignedRequest(method="POST", path_and_query="/inbox", headers=(*request.headers, *twice), body=BODY)
    assert refusal(request, now) is Reason.MALFORMED


def test_a_signed_header_that_is_absent_is_refused(peer, now) -> None:
    request = peer.draft(covered="(request-target) host date digest content-type")
    assert refusal(request, now) is Reason.MALFORMED


@pytest.mark.parametrize("name", ["(status)", "a:b", "a(b"])
def test_a_signed_header_has_the_name_of_a_header_even_where_one_like_it_came(peer, now, name: str) -> None:
    request = peer.draft(covered=f"(request-target) host date digest {name}", headers={name: "1"})
    assert refusal(request, now) is Reason.MALFORMED


def test_raw_bytes_in_a_signed_header_are_verified_as_they_came(peer, now) -> None:
    raw = b"caf\xe9".decode("utf-8", "surrogateescape")
    request = peer.draft(covered="(request-target) host date digest x-name", headers={"x-name": raw})
    parse(request, OURS, now).verify(peer.rsa.public_key())
    request = peer.draft()
    broken = (*request.headers[:-1], ("Signature", request.headers[-1][1].replace("date digest", "date digest x")))
    request = SignedRequest(method="POST", path_and_query="/inbox", headers=(*broken, ("X", "\ud800")), body=BODY)
    assert refusal(request, now) is Reason.MALFORMED


def test_the_query_may_be_left_out_and_the_signer_says_so(peer, now) -> None:
    key = ActorKey(key_id=peer.key_id, actor="https://peer.example/actors/ann", public_key=peer.rsa.public_key())
    whole = peer.draft(method="GET", target="/outbox?page=1")
    assert parse(whole, OURS, now).signed_by(key).query_signed
    bare = peer.draft(method="GET", target="/outbox", sent_to="/outbox?page=1")
    signer = parse(bare, OURS, now).signed_by(key)
    assert not signer.query_signed
    assert signer.actor == key.actor
    other = peer.draft(method="GET", target="/outbox?page=2", sent_to="/outbox?page=1")
    with pytest.raises(SignatureRefused):
        parse(other, OURS, now).signed_by(key)
