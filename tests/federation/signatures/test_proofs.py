"""Object proofs after FEP-8b32."""

from __future__ import annotations

import copy
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from apsig.proof import ProofSigner, ProofVerifier
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures import base58
from federation.signatures.key_document import proof_key
from federation.signatures.keys import ActorKey, SigningKey, read_multibase, read_multikey
from federation.signatures.proofs import create_proof, parse_proof
from federation.signatures.refusal import Reason, SignatureRefused

# The vector of FEP-8b32 (fep-8b32.feature).
ALICE = "https://server.example/users/alice"
METHOD = f"{ALICE}#ed25519-key"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
VALUE = "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL"
MADE = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"]
DOCUMENT: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "https://server.example/activities/1",
    "type": "Create",
    "actor": ALICE,
    "object": {
        "id": "https://server.example/objects/1",
        "type": "Note",
        "attributedTo": ALICE,
        "content": "Hello world",
        "location": {"type": "Place", "longitude": -71.184902, "latitude": 25.273962},
    },
}
PROOF = {
    "@context": CONTEXT,
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "verificationMethod": METHOD,
    "proofPurpose": "assertionMethod",
    "proofValue": VALUE,
    "created": "2023-02-24T23:36:38Z",
}
SIGNED = {**DOCUMENT, "proof": PROOF}
ACTOR = {
    "id": ALICE,
    "type": "Person",
    "assertionMethod": [{"id": METHOD, "type": "Multikey", "controller": ALICE, "publicKeyMultibase": PUBLIC}],
}
KEY = SigningKey(key_id=METHOD, private_key=Ed25519PrivateKey.from_private_bytes(read_multibase(SECRET)[2:]))
ALICES = ActorKey(key_id=METHOD, actor=ALICE, public_key=read_multikey(PUBLIC))


def verify(document: object, now: datetime = MADE, key: ActorKey = ALICES) -> None:
    parse_proof(document, now).verify(key)


def refusal(document: object, now: datetime = MADE, key: ActorKey = ALICES) -> Reason:
    with pytest.raises(SignatureRefused) as refused:
        verify(document, now, key)
    return refused.value.reason


def altered(*path: str, to: object) -> dict[str, Any]:
    document = copy.deepcopy(SIGNED)
    place: dict[str, Any] = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return document


def test_the_vector_of_the_fep_is_reproduced() -> None:
    before = copy.deepcopy(DOCUMENT)
    signed = create_proof(DOCUMENT, KEY, MADE)
    assert signed == SIGNED
    assert before == DOCUMENT
    assert list(signed)[-1] == "proof"


def test_the_vector_of_the_fep_is_verified_with_its_actor() -> None:
    pending = parse_proof(SIGNED, MADE)
    assert (pending.key_id, pending.owner) == (METHOD, ALICE)
    pending.verify(proof_key(ACTOR, key_id=pending.key_id, now=MADE))


def test_an_old_proof_is_as_good_as_new() -> None:
    verify(SIGNED, MADE + timedelta(days=4000))


def test_the_order_of_members_and_the_form_of_numbers_do_not_matter() -> None:
    turned = dict(reversed(SIGNED.items()))
    verify(turned)
    verify(create_proof({"attributedTo": ALICE, "n": 1.0, "m": 1e21}, KEY, MADE) | {"n": 1})


def test_a_linked_data_signature_put_on_later_does_not_count() -> None:
    verify(SIGNED | {"signature": {"type": "RsaSignature2017", "signatureValue": "x"}})


def test_case_24_a_linked_data_signature_alone_proves_nothing() -> None:
    document = DOCUMENT | {"signature": {"type": "RsaSignature2017", "creator": METHOD, "signatureValue": "x"}}
    assert refusal(document) is Reason.UNSIGNED


def test_a_proof_without_its_own_context_is_still_bound_to_the_documents() -> None:
    bare = create_proof({name: value for name, value in DOCUMENT.items() if name != "@context"}, KEY, MADE)
    assert "@context" not in bare["proof"]
    verify(bare)
    assert refusal({"@context": CONTEXT, **bare}) is Reason.INVALID


@pytest.mark.parametrize("method", ["sign", "verify"])
def test_apsig_agrees_with_us(method: str) -> None:
    if method == "sign":
        options = {name: value for name, value in PROOF.items() if name not in ("@context", "proofValue")}
        verify(ProofSigner(KEY.private_key).sign(copy.deepcopy(DOCUMENT), options))
    else:
        signed = copy.deepcopy(create_proof(DOCUMENT, KEY, MADE))
        assert ProofVerifier(PUBLIC).verify(signed, raise_on_fail=True) == METHOD


@pytest.mark.parametrize(
    "document",
    [
        altered("object", "content", to="Hello World"),
        altered("object", "location", "latitude", to=25.273963),
        altered("id", to="https://server.example/activities/2"),
        altered("type", to="Update"),
        altered("extra", to=None),
        altered("@context", to=CONTEXT[:1]),
        altered("@context", to=[*CONTEXT, {"actor": "https://evil.example/#actor"}]),
        altered("proof", "@context", to=CONTEXT[:1]),
        altered("proof", "@context", to=CONTEXT[0]),
        altered("proof", "created", to="2023-02-24T23:36:39Z"),
        altered("proof", "nonce", to="x"),
        altered("proof", "proofValue", to="z" + "1" * 64),
        altered("proof", "proofValue", to=PUBLIC),
        altered("proof", "proofValue", to="z"),
    ],
)
def test_case_25_a_proof_pasted_on_an_altered_document_is_refused(document: dict[str, Any]) -> None:
    assert refusal(document) is Reason.INVALID


def test_case_25_a_context_changed_on_both_sides_is_refused() -> None:
    document = altered("@context", to=CONTEXT[:1])
    document["proof"]["@context"] = CONTEXT[:1]
    assert refusal(document) is Reason.INVALID


def test_case_25_a_proof_soundly_made_in_another_context_is_refused() -> None:
    options = {name: value for name, value in PROOF.items() if name != "proofValue"} | {"@context": CONTEXT[:1]}
    hashes = [hashlib.sha256(rfc8785.dumps(part)).digest() for part in (options, DOCUMENT)]
    value = "z" + base58.encode(KEY.private_key.sign(b"".join(hashes)))
    assert refusal({**DOCUMENT, "proof": {**options, "proofValue": value}}) is Reason.INVALID


@pytest.mark.parametrize("purpose", ["authentication", None, ["assertionMethod"], "assertionmethod"])
def test_case_25_a_proof_for_another_purpose_is_refused(purpose: object) -> None:
    assert refusal(altered("proof", "proofPurpose", to=purpose)) is Reason.PURPOSE


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        ("https://evil.example/users/alice#ed25519-key", Reason.KEY_OWNER),
        ("https://server.example:8443/users/alice#ed25519-key", Reason.KEY_OWNER),
        ("http://server.example/users/alice#ed25519-key", Reason.KEY_ID),
        ("https://server.example/users/bob#ed25519-key", Reason.KEY_UNKNOWN),
        (f"did:key:{PUBLIC}#{PUBLIC}", Reason.KEY_ID),
        ({"id": METHOD, "publicKeyMultibase": PUBLIC}, Reason.MALFORMED),
        (None, Reason.MALFORMED),
    ],
)
def test_case_25_a_proof_by_a_key_of_elsewhere_is_refused(method: object, reason: Reason) -> None:
    assert refusal(altered("proof", "verificationMethod", to=method)) is reason


def test_case_25_a_proof_by_another_actor_of_the_same_host_is_refused() -> None:
    bob = "https://server.example/users/bob"
    signed = create_proof(DOCUMENT, SigningKey(key_id=f"{bob}#key", private_key=KEY.private_key), MADE)
    bobs = ActorKey(key_id=f"{bob}#key", actor=bob, public_key=read_multikey(PUBLIC))
    assert refusal(signed, key=bobs) is Reason.KEY_OWNER


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": None},
        {"actor": [ALICE]},
        {"actor": {"id": ALICE}},
        {"attributedTo": "https://server.example/users/bob"},
    ],
)
def test_case_25_a_document_without_a_single_author_is_refused(changes: dict[str, object]) -> None:
    document = create_proof({**DOCUMENT, **changes}, KEY, MADE)
    assert refusal(document) is Reason.KEY_OWNER


@pytest.mark.parametrize(
    ("name", "value"),
    [("type", "Ed25519Signature2020"), ("type", None), ("cryptosuite", "eddsa-rdfc-2022"), ("cryptosuite", ["x"])],
)
def test_case_25_another_suite_is_refused(name: str, value: object) -> None:
    assert refusal(altered("proof", name, to=value)) is Reason.ALGORITHM


@pytest.mark.parametrize("proof", [None, [PROOF], [PROOF, PROOF], "x", []])
def test_case_25_anything_but_one_proof_is_refused(proof: object) -> None:
    assert refusal(altered("proof", to=proof)) is Reason.UNSIGNED


def test_case_25_times_of_a_proof_are_judged() -> None:
    assert refusal(SIGNED, MADE - timedelta(hours=2)) is Reason.EARLY
    assert refusal(altered("proof", "expires", to="2023-02-24T23:36:38Z")) is Reason.EXPIRED
    for created in (None, 5, "", "2023-02-24", "2023-02-24T23:36:38"):
        assert refusal(altered("proof", "created", to=created)) is Reason.MALFORMED


def test_case_25_an_rsa_key_makes_no_proof(peer) -> None:
    key = ActorKey(key_id=METHOD, actor=ALICE, public_key=peer.rsa.public_key())
    assert refusal(SIGNED, key=key) is Reason.ALGORITHM
    with pytest.raises(ValueError, match="Ed25519"):
        create_proof(DOCUMENT, SigningKey(key_id=METHOD, private_key=peer.rsa), MADE)


def test_a_document_is_proved_once() -> None:
    with pytest.raises(ValueError, match="has a proof"):
        create_proof(SIGNED, KEY, MADE)


@pytest.mark.parametrize("value", [2**53, float("nan"), float("inf"), "\ud800", {"\ud800": 1}, {1: 2}, b"x"])
def test_a_document_without_a_canonical_form_is_refused(value: object) -> None:
    assert refusal(altered("extra", to=value)) is Reason.MALFORMED
    with pytest.raises(ValueError):
        create_proof({**DOCUMENT, "extra": value}, KEY, MADE)


def test_a_document_nested_too_deeply_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert refusal(altered("extra", to=deep)) is Reason.MALFORMED
    document = altered("@context", to=deep)
    copied: list[Any] = []
    for _ in range(100_000):
        copied = [copied]
    document["proof"]["@context"] = copied
    assert refusal(document) is Reason.MALFORMED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(ALICE) | st.just(METHOD),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*DOCUMENT, *PROOF]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(document=JSON, proof=JSON)
def test_arbitrary_documents_are_refused_and_nothing_else_is_raised(document: Any, proof: Any) -> None:
    refusal(document)
    refusal({**DOCUMENT, "proof": proof})


@given(name=st.sampled_from(list(PROOF)), value=JSON)
def test_a_proof_with_one_member_changed_is_refused(name: str, value: Any) -> None:
    if value != PROOF[name]:
        refusal(altered("proof", name, to=value))


@given(name=st.sampled_from(["id", "type", "actor", "object", "@context"]), value=JSON)
def test_a_document_with_one_member_changed_is_refused(name: str, value: Any) -> None:
    if value != DOCUMENT[name]:
        refusal(altered(name, to=value))
