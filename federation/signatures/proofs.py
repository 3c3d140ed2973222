"""FEP-8b32 integrity proofs with the suite eddsa-jcs-2022: documents that prove their author, whoever brings them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.signatures import base58
from federation.signatures.freshness import check_not_early, check_unexpired, parse_timestamp
from federation.signatures.key_ids import check_key_id, origin_of
from federation.signatures.keys import ActorKey, SigningKey, kind_of, read_multibase, sign_bytes, verify_bytes
from federation.signatures.refusal import Reason, SignatureRefused

PROOF_TYPE = "DataIntegrityProof"
CRYPTOSUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"


class PendingProof(msgspec.Struct, frozen=True, kw_only=True):
    """A proof of which everything is checked but the mathematics. `owner` is whom the document names as its author."""

    key_id: str
    owner: str
    message: bytes
    signature: bytes

    def verify(self, key: ActorKey) -> None:
        """Return if `key` is the one named, the owner's, and made this proof; SignatureRefused if not.

        The key must come from the owner's `assertionMethod`: `key_document.proof_key`.
        """
        if key.key_id != self.key_id:
            raise SignatureRefused(Reason.KEY_UNKNOWN, "that is not the key the proof names")
        if key.actor != self.owner:
            raise SignatureRefused(Reason.KEY_OWNER, "the proof is by another actor")
        if not isinstance(key.public_key, Ed25519PublicKey):
            raise SignatureRefused(Reason.ALGORITHM, "proofs of this suite need an Ed25519 key")
        verify_bytes(key.public_key, self.signature, self.message)


def create_proof(document: Mapping[str, Any], key: SigningKey, now: datetime) -> dict[str, Any]:
    """The document with its `proof` as last member; the argument is not changed.

    ValueError if it has a proof already, the key is not Ed25519, or the document cannot be canonical JSON (integers
    beyond 2**53, NaN).
    """
    if "proof" in document:
        raise ValueError("the document has a proof")
    if kind_of(key.private_key.public_key()) != "ed25519":
        raise ValueError("proofs need an Ed25519 key")
    context = {"@context": document["@context"]} if "@context" in document else {}
    proof = context | {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "verificationMethod": key.key_id,
        "proofPurpose": PURPOSE,
        "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    signature = sign_bytes(key.private_key, _message(document, proof))
    return {**document, "proof": proof | {"proofValue": "z" + base58.encode(signature)}}


def parse_proof(document: object, now: datetime, *, allow_http: bool = False) -> PendingProof:
    """All checks that need no key, on the document exactly as received; SignatureRefused says which one failed.

    A linked data `signature` beside the proof is left out, as the FEP demands: it was added after the proof.
    """
    if not isinstance(document, dict) or not isinstance(document.get("proof"), dict):
        raise SignatureRefused(Reason.UNSIGNED, "the document bears no single proof")
    proof: dict[str, Any] = document["proof"]
    unsecured = {name: value for name, value in document.items() if name not in ("proof", "signature")}
    _check_kind(proof)
    _check_times(proof, now)
    owner, key_id = _owner(document), _text(proof, "verificationMethod")
    check_key_id(key_id, allow_http=allow_http)
    if origin_of(key_id) != origin_of(owner):
        raise SignatureRefused(Reason.KEY_OWNER, "the proof's key is not of its author's origin")
    return PendingProof(key_id=key_id, owner=owner, message=_received(unsecured, proof), signature=_signature(proof))


def _check_kind(proof: dict[str, Any]) -> None:
    if proof.get("type") != PROOF_TYPE or proof.get("cryptosuite") != CRYPTOSUITE:
        raise SignatureRefused(Reason.ALGORITHM, "the proof is of a suite we do not use")
    if proof.get("proofPurpose") != PURPOSE:
        raise SignatureRefused(Reason.PURPOSE, "the proof was made for another purpose")


def _check_times(proof: dict[str, Any], now: datetime) -> None:
    check_not_early(parse_timestamp(proof.get("created")), now)  # a proof stays with its object: it may be old
    if proof.get("expires") is not None:
        check_unexpired(parse_timestamp(proof["expires"]), now)


def _owner(document: dict[str, Any]) -> str:
    """Who is answerable: the actor of an activity, the author of an object. Two different ones are refused."""
    named = [document[name] for name in ("actor", "attributedTo") if document.get(name) is not None]
    if not named or not isinstance(named[0], str) or any(name != named[0] for name in named):
        raise SignatureRefused(Reason.KEY_OWNER, "the document names no single author")
    return named[0]


def _text(proof: dict[str, Any], name: str) -> str:
    value = proof.get(name)
    if not isinstance(value, str):
        raise SignatureRefused(Reason.MALFORMED, "the proof lacks a member")
    return value


def _signature(proof: dict[str, Any]) -> bytes:
    return read_multibase(_text(proof, "proofValue"))


def _received(unsecured: dict[str, Any], proof: dict[str, Any]) -> bytes:
    try:
        if "@context" in proof and proof["@context"] != unsecured.get("@context"):
            raise SignatureRefused(Reason.INVALID, "the proof was made in another context")
        return _message(unsecured, {name: value for name, value in proof.items() if name != "proofValue"})
    except (ValueError, RecursionError) as error:
        raise SignatureRefused(Reason.MALFORMED, "the document has no canonical form") from error


def _message(unsecured: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """What is signed: SHA-256 of the canonical options, then SHA-256 of the canonical document (JCS, RFC 8785)."""
    return b"".join(hashlib.sha256(rfc8785.dumps(dict(part))).digest() for part in (options, unsecured))
