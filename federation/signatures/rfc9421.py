"""HTTP Message Signatures, RFC 9421, as much of it as servers of the network use: sign it, and read it strictly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import http_sf

from federation.signatures.digest import check_content_digest, content_digest
from federation.signatures.freshness import check_fresh, check_unexpired
from federation.signatures.keys import KeyKind, SigningKey, sign_bytes
from federation.signatures.message import OwnAddress, SignedRequest, UnsignedRequest
from federation.signatures.pending import PendingSignature, Scheme
from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import SIGNATURE_COMPONENTS, SIGNATURE_HEADER_BYTES

LABEL = "sig1"

Member: TypeAlias = tuple[list[Any], dict[str, Any]]  # what http-sf calls an inner list: items, parameters

_FIELD = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_KINDS: dict[str, frozenset[KeyKind]] = {
    "rsa-v1_5-sha256": frozenset({"rsa"}),
    "ed25519": frozenset({"ed25519"}),
}
_BOTH: frozenset[KeyKind] = frozenset({"rsa", "ed25519"})
# What the standard calls derived components; those about parts of a query or about an answer are not taken.
_DERIVED: dict[str, Callable[[SignedRequest, OwnAddress], str]] = {
    "@method": lambda request, own: request.method,
    "@target-uri": lambda request, own: own.origin + request.path_and_query,
    "@authority": lambda request, own: own.host,
    "@scheme": lambda request, own: own.origin.partition(":")[0],
    "@request-target": lambda request, own: request.path_and_query,
    "@path": lambda request, own: request.path,
    "@query": lambda request, own: "?" + request.path_and_query.partition("?")[2],
    "host": lambda request, own: own.host,
}


def sign(request: UnsignedRequest, key: SigningKey, now: datetime) -> dict[str, str]:
    """The headers to add: Content-Digest (with a body), Signature-Input and Signature, as section 5.2 says.

    ValueError if the address or a header cannot be signed.
    """
    added = {"Content-Digest": content_digest(request.body)} if request.body is not None else {}
    lines = {"@method": request.method, "@target-uri": request.origin + request.path_and_query}
    lines |= {name.lower(): value for name, value in (*added.items(), *request.covered)}
    member: Member = ([(name, {}) for name in lines], {"created": int(now.timestamp()), "keyid": key.key_id})
    signature = sign_bytes(key.private_key, _base(lines, member))
    return added | {
        "Signature-Input": http_sf.ser({LABEL: member}),
        "Signature": http_sf.ser({LABEL: signature}),
    }


def parse(request: SignedRequest, own: OwnAddress, now: datetime) -> PendingSignature:
    """All checks that need no key; SignatureRefused says which one failed. The key id is not yet judged."""
    member, signature = _one_signature(request)
    names, parameters = _names(member[0]), member[1]
    _check_covered(names, request)
    _check_times(parameters, now)
    key_id = parameters.get("keyid")
    if not isinstance(key_id, str):
        raise SignatureRefused(Reason.MALFORMED, "keyid is not a string")
    if "content-digest" in names:
        check_content_digest(request.only("content-digest"), request.body)
    lines = {name: _DERIVED[name](request, own) if name in _DERIVED else request.joined(name) for name in names}
    try:
        base = _base(lines, member)
    except ValueError as error:
        raise SignatureRefused(Reason.MALFORMED, "a component is not one line of ASCII") from error
    return PendingSignature(
        key_id=key_id,
        scheme=Scheme.RFC9421,
        key_kinds=_key_kinds(parameters),
        signature=signature,
        bases=(base,),
        foreign_host=any(value.lower() != own.host for value in request.values("host")),
        covered=frozenset(names),
    )


def _one_signature(request: SignedRequest) -> tuple[Member, bytes]:
    """The one signature we read: more than one, or labels that do not pair, would let two readers pick differently."""
    inputs = _dictionary(request.only("signature-input"))
    signatures = _dictionary(request.only("signature"))
    if len(inputs) != 1 or inputs.keys() != signatures.keys():
        raise SignatureRefused(Reason.MALFORMED, "one label is due, the same in both headers")
    (member,), (signature,) = inputs.values(), signatures.values()
    if not isinstance(member[0], list) or not isinstance(signature[0], bytes):
        raise SignatureRefused(Reason.MALFORMED, "the signature headers hold other things than signatures")
    return member, signature[0]


def _dictionary(header: str) -> dict[str, Any]:
    if len(header) > SIGNATURE_HEADER_BYTES:
        raise SignatureRefused(Reason.MALFORMED, "a signature header is too long")
    try:
        parsed = http_sf.parse(header.encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse_twice)
    except ValueError as error:
        raise SignatureRefused(Reason.MALFORMED, "a signature header is not a dictionary") from error
    return parsed if isinstance(parsed, dict) else {}


def _refuse_twice(key: str, where: str) -> None:
    raise SignatureRefused(Reason.MALFORMED, "a signature header says something twice")


def _names(items: list[Any]) -> list[str]:
    names = [name for name, parameters in items if isinstance(name, str) and not parameters]
    if len(names) != len(items) or len(items) > SIGNATURE_COMPONENTS or len(set(names)) != len(names):
        raise SignatureRefused(Reason.MALFORMED, "too many components, one named twice, or one with parameters")
    if not all(name in _DERIVED or _FIELD.fullmatch(name) for name in names):
        raise SignatureRefused(Reason.MALFORMED, "a component is not one that we know")
    return names


def _check_covered(names: list[str], request: SignedRequest) -> None:
    needed = {"@method", "@target-uri"} | ({"content-digest"} if request.needs_digest else set())
    if not needed.issubset(names):
        raise SignatureRefused(Reason.UNCOVERED, "method, target and the digest of a body must be signed")


def _check_times(parameters: dict[str, Any], now: datetime) -> None:
    if type(parameters.get("created")) is not int:
        raise SignatureRefused(Reason.MALFORMED, "created is not a whole number")
    check_fresh(parameters["created"], now)
    if "expires" in parameters:
        if type(parameters["expires"]) is not int:
            raise SignatureRefused(Reason.MALFORMED, "expires is not a whole number")
        check_unexpired(parameters["expires"], now)


def _key_kinds(parameters: dict[str, Any]) -> frozenset[KeyKind]:
    if "alg" not in parameters:
        return _BOTH
    name = parameters["alg"]
    if not isinstance(name, str) or name not in _KINDS:
        raise SignatureRefused(Reason.ALGORITHM, "the algorithm is unknown or not wanted")
    return _KINDS[name]


def _base(lines: dict[str, str], member: Member) -> bytes:
    """The signature base of section 2.5 of the standard; ValueError where a component is not one line of ASCII."""
    text = "".join(f'"{name}": {value}\n' for name, value in lines.items())
    if text.count("\n") != len(lines):
        raise ValueError("a component spans lines")
    return f'{text}"@signature-params": {http_sf.ser([member])}'.encode("ascii")
