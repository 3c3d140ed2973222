"""The signatures of RFC 9421, made and checked, against another library too."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from apsig.rfc9421 import RFC9421Signer
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256

from federation.signatures.keys import SigningKey
from federation.signatures.message import SignedRequest, UnsignedRequest
from federation.signatures.refusal import Reason, SignatureRefused
from federation.signatures.rfc9421 import sign
from federation.signatures.verify import parse

OURS = "https://hub.example"
BODY = b'{"type":"Follow"}'
ALGORITHMS = {"rsa": RSA_V1_5_SHA256, "ed25519": ED25519}


@dataclass
class Message:
    """What http-message-signatures calls a request."""

    method: str
    url: str
    headers: dict[str, str]


def refusal(request: SignedRequest, now: datetime) -> Reason:
    with pytest.raises(SignatureRefused) as refused:
        parse(request, OURS, now)
    return refused.value.reason


def test_a_post_is_signed_as_section_5_2_says(peer, now) -> None:
    key = SigningKey(key_id=peer.key_id, private_key=peer.rsa)
    added = sign(UnsignedRequest(method="POST", url=f"{OURS}/inbox", body=BODY), key, now)
    expected = {name.lower(): value for name, value in peer.standard(body=BODY).headers if name != "host"}
    assert {name.lower(): value for name, value in added.items()} == expected
    assert added["Signature-Input"] == (
        'sig1=("@method" "@target-uri" "content-digest");created=1772366400;keyid="https://peer.example/actors/ann#main-key"'
    )


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/inbox"), ("GET", "/actors/hub/outbox?page=2&x=a%20b"), ("GET", "")]
)
def test_what_we_sign_http_message_signatures_verifies_and_so_do_we(peer, kind: str, method: str, path: str) -> None:
    private = getattr(peer, kind)
    body = BODY if method == "POST" else None
    now = datetime.now(UTC)
    request = UnsignedRequest(method=method, url=OURS + path, body=body, covered=(("Content-Type", "a/b"),))
    added = sign(request, SigningKey(key_id=peer.key_id, private_key=private), now) | {"Content-Type": "a/b"}
    keys = MappingKeyResolver(public_keys={peer.key_id: private.public_key()}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=ALGORITHMS[kind], key_resolver=keys)
    required = ("@method", "@target-uri", "content-type")
    verifier.verify(Message(method, OURS + path, dict(added)), require_components=required, body=body)
    arrived = SignedRequest(method=method, path_and_query=path or "/", headers=tuple(added.items()), body=body or b"")
    parse(arrived, OURS, now).verify(private.public_key())


@pytest.mark.parametrize("include_alg", [True, False])
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_http_message_signatures_signs_we_verify(peer, now, kind: str, method: str, include_alg: bool) -> None:
    private = getattr(peer, kind)
    body = BODY if method == "POST" else None
    message = Message(method, f"{OURS}/inbox?x=1", {"Host": "hub.example", "Content-Type": "application/activity+json"})
    signer = HTTPMessageSigner(
        signature_algorithm=ALGORITHMS[kind],
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={peer.key_id: private}),
    )
    components = (
        "@method",
        "@authority",
        "@target-uri",
        "@path",
        "@query",
        "@scheme",
        "@request-target",
        "content-type",
        "host",
    )
    signer.sign(
        message,
        key_id=peer.key_id,
        created=now,
        expires=datetime.fromtimestamp(now.timestamp() + 300, UTC),
        nonce='a"b\\c',
        tag="app",
        include_alg=include_alg,
        covered_component_ids=components,
        body=body,
    )
    arrived = SignedRequest(
        method=method, path_and_query="/inbox?x=1", headers=tuple(message.headers.items()), body=body or b""
    )
    pending = parse(arrived, OURS, now)
    pending.verify(private.public_key())
    with pytest.raises(SignatureRefused):
        pending.verify(peer.other_rsa.public_key())


def test_what_apsig_signs_by_the_standard_covers_no_body_and_is_refused(peer, now) -> None:
    signer = RFC9421Signer(peer.rsa, peer.key_id)
    headers = signer.sign("POST", "/inbox", "hub.example", {"content-type": "application/activity+json"}, BODY)
    request = SignedRequest(method="POST", path_and_query="/inbox", headers=tuple(headers.items()), body=BODY)
    assert refusal(request, now) is Reason.UNCOVERED


def test_the_hand_made_request_is_good(peer, now) -> None:
    for request in (peer.standard(), peer.standard(method="GET", target="/outbox?page=1")):
        parse(request, OURS, now).verify(peer.rsa.public_key())


@pytest.mark.parametrize("alg", ["rsa-pss-sha512", "hmac-sha256", "ecdsa-p256-sha256", "rsa-v1_5-sha512", "none", ""])
def test_case_34_another_algorithm_is_refused(peer, now, alg: str) -> None:
    parameters = f';created={int(now.timestamp())};keyid="{peer.key_id}";alg="{alg}"'
    assert refusal(peer.standard(parameters=parameters), now) is Reason.ALGORITHM


def test_case_34_an_algorithm_of_another_kind_of_key_is_refused(peer, now) -> None:
    for alg, key in (("ed25519", peer.rsa), ("rsa-v1_5-sha256", peer.ed25519)):
        parameters = f';created={int(now.timestamp())};keyid="{peer.key_id}";alg="{alg}"'
        pending = parse(peer.standard(parameters=parameters, key=key), OURS, now)
        with pytest.raises(SignatureRefused) as refused:
            pending.verify(key.public_key())
        assert refused.value.reason is Reason.ALGORITHM


@pytest.mark.parametrize(
    "components",
    [
        '"@target-uri" "content-digest"',
        '"@method" "content-digest"',
        '"@method" "@target-uri"',
        '"@method" "@authority" "@path" "content-digest"',
        "",
    ],
)
def test_case_37_a_signature_that_leaves_out_what_matters_is_refused(peer, now, components: str) -> None:
    assert refusal(peer.standard(components=components), now) is Reason.UNCOVERED


@pytest.mark.parametrize(
    "component",
    [
        '"@query-param";name="a"',
        '"@query-param"',
        '"@status"',
        '"@signature-params"',
        '"@method";req',
        '"@method"',
        '"content-digest";key="sha-256"',
        '"content-digest";sf',
        '"content-digest";bs',
        '"content-type";tr',
        "content-type",
        '"Content-Type"',
        '"x y"',
        "1",
        ":AAAA:",
    ],
)
def test_case_37_components_that_can_be_read_two_ways_are_refused(peer, now, component: str) -> None:
    components = f'"@method" "@target-uri" "content-digest" {component}'
    assert refusal(peer.standard(components=components), now) is Reason.MALFORMED


def test_case_37_a_header_like_an_unknown_component_does_not_make_it_known(peer, now) -> None:
    for name in ("@status", "@query-param", "x y"):
        components = f'"@method" "@target-uri" "content-digest" "{name}"'
        request = peer.standard(components=components, headers={name: "1"})
        assert refusal(request, now) is Reason.MALFORMED


def test_what_cannot_be_signed_soundly_is_not_signed(peer, now) -> None:
    key = SigningKey(key_id=peer.key_id, private_key=peer.rsa)
    for value in ("a\nb", "é"):
        with pytest.raises(ValueError):
            sign(UnsignedRequest(method="GET", url=OURS, covered=(("X", value),)), key, now)


def test_case_37_a_digest_of_sha_512_alone_is_refused(peer, now) -> None:
    value = f"sha-512=:{base64.b64encode(hashlib.sha512(BODY).digest()).decode()}:"
    assert refusal(peer.standard(headers={"content-digest": value}), now) is Reason.DIGEST


def test_a_header_component_is_one_line_of_ascii(peer, now) -> None:
    components = '"@method" "@target-uri" "content-digest" "x"'
    for value in ("é", "a\nb"):
        request = peer.standard(components=components, headers={"x": value})
        assert refusal(request, now) is Reason.MALFORMED


def with_headers(request: SignedRequest, **changes: str) -> SignedRequest:
    fields = dict(request.headers) | {name.replace("_", "-"): v for name, v in changes.items()}
    return SignedRequest(
        method=request.method, path_and_query=request.path_and_query, headers=tuple(fields.items()), body=request.body
    )


@pytest.mark.parametrize(
    ("inputs", "signatures"),
    [
        ("sig1={i}", "sig2={s}"),
        ("sig1={i}, sig2={i}", "sig1={s}, sig2={s}"),
        ("sig1={i}, sig2={i}", "sig1={s}"),
        ("sig1={i}", "sig1={s}, sig2={s}"),
        ("sig1={i}, sig1={i}", "sig1={s}"),
        ("sig1={i}", "sig1=:AAAA:, sig1={s}"),
        ("sig1", "sig1={s}"),
        ("sig1=1", "sig1={s}"),
        ("sig1={i}", "sig1"),
        ("sig1={i}", 'sig1="AAAA"'),
        ("sig1={i}", "sig1=({s})"),
        ("sig1={i};created=1", "sig1={s}"),
        ("sig1={i}", 'keyId="https://peer.example/x",signature="AAAA"'),
        ('sig1={i};x="' + "y" * 9000 + '"', "sig1={s}"),
        ("{i}", "{s}"),
        ("sig1=é", "sig1={s}"),
        (",", "sig1={s}"),
    ],
)
def test_case_37_labels_that_do_not_pair_are_refused(peer, now, inputs: str, signatures: str) -> None:
    request = peer.standard()
    given = {name: value.partition("=")[2] for name, value in request.headers[-2:]}
    gaps = {"i": given["Signature-Input"], "s": given["Signature"]}
    spoiled = with_headers(request, Signature_Input=inputs.format(**gaps), Signature=signatures.format(**gaps))
    assert refusal(spoiled, now) is Reason.MALFORMED


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (';keyid="{key}"', Reason.MALFORMED),
        (";created={now}", Reason.MALFORMED),
        (";created={now};keyid=token", Reason.MALFORMED),
        (';created="{now}";keyid="{key}"', Reason.MALFORMED),
        (';created={now}.5;keyid="{key}"', Reason.MALFORMED),
        (';created=?1;keyid="{key}"', Reason.MALFORMED),
        (';created;keyid="{key}"', Reason.MALFORMED),
        (';created=@{now};keyid="{key}"', Reason.MALFORMED),
        (';created=1;keyid="{key}"', Reason.STALE),
        (';created={later};keyid="{key}"', Reason.EARLY),
        (';created={now};expires={now};keyid="{key}"', Reason.EXPIRED),
        (';created={now};expires="{later}";keyid="{key}"', Reason.MALFORMED),
        (';created={now};keyid="acct:ann@peer.example"', Reason.KEY_ID),
    ],
)
def test_case_32_times_and_key_id_are_of_one_form(peer, now, parameters: str, reason: Reason) -> None:
    at = int(now.timestamp())
    request = peer.standard(parameters=parameters.format(now=at, later=at + 7200, key=peer.key_id))
    assert refusal(request, now) is reason


def test_unknown_parameters_are_signed_with_the_rest(peer, now) -> None:
    parameters = f';created={int(now.timestamp())};keyid="{peer.key_id}";x=1.50;y=?0;z;d=@1;t=tok/en;b=:AAA=:'
    request = peer.standard(parameters=parameters.replace("1.50", "1.5"))
    parse(request, OURS, now).verify(peer.rsa.public_key())
