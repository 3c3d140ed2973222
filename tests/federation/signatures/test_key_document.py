"""Which key an actor or key document gives for a key id, and whose it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures.key_document import KeyPointer, actor_key, all_keys, confirm_key, find_key, proof_key
from federation.signatures.keys import ActorKey, load_public_key, make_ed25519_pair, make_rsa_pair, public_text
from federation.signatures.refusal import Reason, SignatureRefused

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANN = "https://good.example/users/ann"
BOB = "https://good.example/users/bob"
EVE = "https://evil.example/users/eve"
RSA = load_public_key(make_rsa_pair().public_pem)
ED25519 = load_public_key(make_ed25519_pair().public_pem)


def rsa_entry(actor: str = ANN, key_id: str | None = None, **changes: Any) -> dict[str, Any]:
    return {"id": key_id or f"{actor}#main-key", "owner": actor, "publicKeyPem": public_text(RSA), **changes}


def multikey(actor: str = ANN, **changes: Any) -> dict[str, Any]:
    entry = {"id": f"{actor}#ed25519", "type": "Multikey", "controller": actor}
    return entry | {"publicKeyMultibase": public_text(ED25519)} | changes


def an_actor(actor: str = ANN, **changes: Any) -> dict[str, Any]:
    return {
        "id": actor,
        "type": "Person",
        "publicKey": rsa_entry(actor),
        "assertionMethod": [multikey(actor)],
        **changes,
    }


def find(document: object, key_id: str = f"{ANN}#main-key", fetched_from: str = ANN) -> ActorKey | KeyPointer:
    return find_key(document, key_id=key_id, fetched_from=fetched_from, now=NOW)


def pointed(document: object, key_id: str, fetched_from: str) -> KeyPointer:
    found = find(document, key_id, fetched_from)
    assert isinstance(found, KeyPointer)
    return found


def refusal(action, *arguments: Any, **named: Any) -> Reason:
    with pytest.raises(SignatureRefused) as refused:
        action(*arguments, **named)
    return refused.value.reason


@pytest.mark.parametrize("shape", [lambda key: key, lambda key: [key], lambda key: [multikey(), "x", 5, key]])
def test_the_key_an_actor_lists_is_found(shape) -> None:
    assert find(an_actor(publicKey=shape(rsa_entry()))) == ActorKey(key_id=f"{ANN}#main-key", actor=ANN, public_key=RSA)


def test_a_multikey_verifies_requests_too() -> None:
    assert find(an_actor(), f"{ANN}#ed25519").public_key == ED25519
    assert find(an_actor(assertionMethod=multikey(type=["Multikey", "X"])), f"{ANN}#ed25519").public_key == ED25519


def test_an_id_in_both_lists_means_the_key_for_requests() -> None:
    # Mitra lists its RSA key a second time as a Multikey of a kind we do not read.
    twin = multikey(id=f"{ANN}#main-key", publicKeyMultibase="z4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic")
    assert find(an_actor(assertionMethod=[twin, multikey()])).public_key == RSA


def test_proofs_are_verified_with_assertion_methods_only() -> None:
    assert proof_key(an_actor(), key_id=f"{ANN}#ed25519", now=NOW).public_key == ED25519
    assert refusal(proof_key, an_actor(), key_id=f"{ANN}#main-key", now=NOW) is Reason.KEY_UNKNOWN
    listed_elsewhere = an_actor(publicKey=multikey(), assertionMethod=[])
    assert refusal(proof_key, listed_elsewhere, key_id=f"{ANN}#ed25519", now=NOW) is Reason.KEY_UNKNOWN


def test_all_usable_keys_of_an_actor_are_told() -> None:
    weak = rsa_entry(key_id=f"{ANN}#old", publicKeyPem="x")
    foreign = multikey(BOB)
    document = an_actor(publicKey=[weak, rsa_entry()], assertionMethod=[foreign, multikey(), f"{ANN}#none"])
    assert [(key.key_id, key.public_key) for key in all_keys(document, now=NOW)] == [
        (f"{ANN}#main-key", RSA),
        (f"{ANN}#ed25519", ED25519),
    ]
    assert all_keys({"id": ANN}, now=NOW) == ()


def test_a_key_object_leads_to_its_owner_who_must_list_it() -> None:
    key_id = "https://good.example/keys/1"
    entry = rsa_entry(key_id=key_id)
    pointer = pointed(entry, key_id, key_id)
    assert pointer.actor == ANN
    for listing in (entry, [entry], key_id, [key_id]):
        found = confirm_key(pointer, an_actor(publicKey=listing), fetched_from=ANN, now=NOW)
        assert found == ActorKey(key_id=key_id, actor=ANN, public_key=RSA)
    assert refusal(confirm_key, pointer, an_actor(), fetched_from=ANN, now=NOW) is Reason.KEY_UNKNOWN


def test_a_key_object_that_is_another_key_leads_nowhere() -> None:
    key_id = "https://good.example/keys/1"
    assert refusal(find, rsa_entry(key_id="https://good.example/keys/2"), key_id, key_id) is Reason.KEY_UNKNOWN


def test_the_actors_own_copy_of_a_key_wins_over_the_key_object() -> None:
    key_id = "https://good.example/keys/1"
    other = public_text(load_public_key(make_rsa_pair().public_pem))
    pointer = pointed(rsa_entry(key_id=key_id, publicKeyPem=other), key_id, key_id)
    found = confirm_key(pointer, an_actor(publicKey=rsa_entry(key_id=key_id)), fetched_from=ANN, now=NOW)
    assert found.public_key == RSA


def test_a_stub_actor_is_asked_again_at_its_own_id() -> None:
    key_id = f"{ANN}/main-key"
    stub = {"id": ANN, "publicKey": rsa_entry(key_id=key_id)}
    pointer = pointed(stub, key_id, key_id)
    assert pointer.actor == ANN
    found = confirm_key(pointer, an_actor(publicKey=rsa_entry(key_id=key_id)), fetched_from=ANN, now=NOW)
    assert found.actor == ANN
    only_named = an_actor(publicKey=key_id)
    assert refusal(confirm_key, pointer, only_named, fetched_from=ANN, now=NOW) is Reason.MALFORMED


def test_case_7_a_key_document_that_names_an_owner_of_elsewhere_is_refused() -> None:
    key_id = "https://evil.example/keys/1"
    assert refusal(find, rsa_entry(ANN, key_id=key_id), key_id, key_id) is Reason.KEY_OWNER


def test_case_7_an_owner_who_does_not_list_the_key_back_is_not_its_owner() -> None:
    key_id = "https://good.example/uploads/evil.json"
    pointer = pointed(rsa_entry(ANN, key_id=key_id), key_id, key_id)
    assert refusal(confirm_key, pointer, an_actor(), fetched_from=ANN, now=NOW) is Reason.KEY_UNKNOWN


def test_case_7_an_actor_document_that_is_not_at_the_actors_id_confirms_nothing() -> None:
    upload = "https://good.example/uploads/evil.json"
    forged = an_actor(publicKey=rsa_entry(key_id=f"{upload}#key"))
    pointer = pointed(forged, f"{upload}#key", upload)
    assert refusal(confirm_key, pointer, forged, fetched_from=upload, now=NOW) is Reason.KEY_OWNER
    assert refusal(confirm_key, pointer, an_actor(BOB), fetched_from=BOB, now=NOW) is Reason.KEY_OWNER
    assert refusal(confirm_key, pointer, an_actor(), fetched_from=ANN, now=NOW) is Reason.KEY_UNKNOWN


@pytest.mark.parametrize("owner", [BOB, EVE, None, [ANN], {"id": ANN}, ANN + "/", ANN.upper()])
def test_case_8_a_key_whose_owner_is_not_the_actor_is_refused(owner: object) -> None:
    assert refusal(find, an_actor(publicKey=rsa_entry(owner=owner))) is Reason.KEY_OWNER
    assert refusal(find, an_actor(assertionMethod=[multikey(controller=owner)]), f"{ANN}#ed25519") is Reason.KEY_OWNER


def test_case_8_a_key_with_two_owners_is_refused() -> None:
    assert refusal(find, an_actor(publicKey=rsa_entry(controller=BOB))) is Reason.KEY_OWNER


def test_case_10_a_document_says_nothing_of_keys_of_other_origins() -> None:
    poisoned = an_actor(EVE, publicKey=[rsa_entry(EVE), rsa_entry(ANN), rsa_entry(EVE, key_id=f"{ANN}#main-key")])
    assert refusal(find, poisoned, f"{ANN}#main-key", EVE) is Reason.KEY_OWNER
    assert refusal(actor_key, poisoned, key_id=f"{ANN}#main-key", now=NOW) is Reason.KEY_OWNER
    assert [key.key_id for key in all_keys(poisoned, now=NOW)] == [f"{EVE}#main-key", f"{EVE}#ed25519"]


def test_case_10_a_document_says_nothing_of_keys_of_another_actor_of_its_host() -> None:
    poisoned = an_actor(BOB, publicKey=[rsa_entry(ANN)])
    assert refusal(find, poisoned, f"{ANN}#main-key", BOB) is Reason.KEY_OWNER


def test_case_10_a_redirect_to_elsewhere_does_not_supply_keys() -> None:
    assert refusal(find, an_actor(), fetched_from=EVE) is Reason.KEY_OWNER
    assert refusal(find, an_actor(), fetched_from="https://good.example:8443/users/ann") is Reason.KEY_OWNER
    assert refusal(find, an_actor(), fetched_from="http://good.example/users/ann") is Reason.KEY_OWNER


def test_a_key_listed_twice_is_refused() -> None:
    assert refusal(find, an_actor(publicKey=[rsa_entry(), rsa_entry()])) is Reason.MALFORMED


def test_keys_beyond_the_tenth_are_not_read() -> None:
    many = [rsa_entry(key_id=f"{ANN}#{number}") for number in range(10)]
    assert refusal(find, an_actor(publicKey=[*many, rsa_entry()])) is Reason.KEY_UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"publicKeyPem": None},
        {"publicKeyPem": ["x"]},
        {"publicKeyPem": "x"},
        {"publicKeyMultibase": "z6Mk"},
        {"publicKeyPem": None, "publicKeyMultibase": public_text(ED25519)},  # not called a Multikey
    ],
)
def test_a_key_without_one_readable_value_is_refused(changes: dict[str, object]) -> None:
    assert refusal(find, an_actor(publicKey=rsa_entry(**changes))) is Reason.MALFORMED


def test_an_expired_multikey_is_refused() -> None:
    expires = {"2026-03-01T12:00:00Z": Reason.EXPIRED, "soon": Reason.MALFORMED}
    for value, reason in expires.items():
        document = an_actor(assertionMethod=[multikey(expires=value)])
        assert refusal(find, document, f"{ANN}#ed25519") is reason
    assert find(an_actor(assertionMethod=[multikey(expires="2026-03-01T12:00:01Z")]), f"{ANN}#ed25519")


@pytest.mark.parametrize("document", [None, [], "x", {}, {"id": None}, {"id": ["x"]}, {"id": "x"}, {"id": EVE}])
def test_other_documents_hold_no_key(document: object) -> None:
    assert refusal(find, document) in (Reason.MALFORMED, Reason.KEY_OWNER)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from([ANN, f"{ANN}#main-key", "Multikey", "z6Mk"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "owner", "controller", "type", "publicKey", "assertionMethod", "expires"])
            | st.sampled_from(["publicKeyPem", "publicKeyMultibase"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(document=JSON, listing=JSON)
def test_arbitrary_documents_hold_no_key_and_nothing_else_is_raised(document: Any, listing: Any) -> None:
    for found in (
        document,
        an_actor(publicKey=listing),
        an_actor(publicKey=[rsa_entry(expires=listing, type=listing)]),
    ):
        try:
            outcome = find(found)
        except SignatureRefused:
            continue
        if isinstance(outcome, ActorKey):
            assert (outcome.actor, outcome.public_key) == (ANN, RSA)
        else:
            assert outcome.actor.startswith("https://good.example/")
