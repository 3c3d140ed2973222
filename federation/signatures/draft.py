"""draft-cavage-http-signatures-12, the form that every server of the network speaks: sign it, and read it strictly."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.signatures.digest import check_digest, digest
from federation.signatures.freshness import check_fresh, check_unexpired, http_date, parse_http_date
from federation.signatures.keys import KeyKind, SigningKey, sign_bytes
from federation.signatures.message import OwnAddress, SignedRequest, UnsignedRequest
from federation.signatures.pending import PendingSignature, Scheme
from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import SIGNATURE_COMPONENTS, SIGNATURE_HEADER_BYTES

TARGET = "(request-target)"
CREATED = "(created)"
EXPIRES = "(expires)"

_PARAMETER = re.compile(
    r'[ \t]*([A-Za-z][A-Za-z0-9_-]*)=(?:"([^"\\\x00-\x1f]*)"|([0-9]{1,15}(?:\.[0-9]{1,9})?))[ \t]*(?:,|\Z)'
)
_WHOLE = re.compile(r"[0-9]{1,12}")
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_FIELD = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_LISTS_KEPT = 256  # each software signs the same headers again and again
_BOTH: frozenset[KeyKind] = frozenset({"rsa", "ed25519"})
# GoToSocial says hs2019 and means RSA with SHA-256: what is not named goes by the kind of key.
_KINDS: dict[str, frozenset[KeyKind]] = {
    "hs2019": _BOTH,
    "rsa-sha256": frozenset({"rsa"}),
    "ed25519": frozenset({"ed25519"}),
}


def sign(request: UnsignedRequest, key: SigningKey, now: datetime, *, with_query: bool = True) -> dict[str, str]:
    """The headers to add: Host, Date, Digest (with a body) and Signature, as section 5.1 says peers want them.

    `with_query=False` leaves the query out of the signed target, for the second try of a GET at older peers.
    ValueError if the address or a header cannot be signed.
    """
    if not isinstance(key.private_key, RSAPrivateKey):
        raise ValueError("peers verify this form with RSA keys only")
    added = {"Host": request.host, "Date": http_date(now)}
    if request.body is not None:
        added["Digest"] = digest(request.body)
    target = request.path_and_query if with_query else request.path_and_query.partition("?")[0]
    lines = {TARGET: f"{request.method.lower()} {target}"}
    lines |= {name.lower(): value for name, value in (*added.items(), *request.covered)}
    text = _text(lines)
    if text.count(b"\n") >= len(lines) or b"\r" in text:
        raise ValueError("a header to be signed spans lines")
    signature = base64.b64encode(sign_bytes(key.private_key, text)).decode()
    parameters = f'keyId="{key.key_id}",algorithm="rsa-sha256",headers="{" ".join(lines)}"'
    return added | {"Signature": f'{parameters},signature="{signature}"'}


def parse(request: SignedRequest, own: OwnAddress, now: datetime) -> PendingSignature:
    """All checks that need no key; SignatureRefused says which one failed. The key id is not yet judged."""
    parameters = _parameters(request.only("signature"))
    key_id, signature = _required(parameters, "keyId"), _signature_bytes(_required(parameters, "signature"))
    covered = _covered(parameters.get("headers", CREATED))
    _check_covered(covered, with_body=request.needs_digest)
    kinds = _key_kinds(parameters.get("algorithm"), covered)
    _check_times(parameters, covered, request, now)
    if "digest" in covered:
        check_digest(request.only("digest"), request.body)
    try:
        bases = _bases(request, parameters, covered, own.host)
    except UnicodeEncodeError as error:
        raise SignatureRefused(Reason.MALFORMED, "a signed header is not text") from error
    return PendingSignature(
        key_id=key_id,
        scheme=Scheme.DRAFT,
        key_kinds=kinds,
        signature=signature,
        bases=bases,
        foreign_host=any(value.lower() != own.host for value in request.values("host")),
        covered=frozenset(covered),
    )


def _parameters(header: str) -> dict[str, str]:
    if len(header) > SIGNATURE_HEADER_BYTES or not header.isascii() or header.endswith(","):
        raise SignatureRefused(Reason.MALFORMED, "Signature is too long, not ASCII or cut off")
    found: dict[str, str] = {}
    seen: set[str] = set()
    position = 0
    while position < len(header):
        match = _PARAMETER.match(header, position)
        if match is None or (plain := match[1].lower()) in seen:
            raise SignatureRefused(Reason.MALFORMED, "Signature is not a list of distinct parameters")
        name, quoted, number = match.groups()
        seen.add(plain)
        found[name] = number if quoted is None else quoted
        position = match.end()
    return found


def _required(parameters: dict[str, str], name: str) -> str:
    if not parameters.get(name):
        raise SignatureRefused(Reason.MALFORMED, f"Signature has no {name}")
    return parameters[name]


@lru_cache(maxsize=_LISTS_KEPT)
def _covered(names: str) -> tuple[str, ...]:
    covered = tuple(names.lower().split(" "))
    if len(covered) > SIGNATURE_COMPONENTS or len(set(covered)) != len(covered):
        raise SignatureRefused(Reason.MALFORMED, "too many signed headers, or one named twice")
    if not all(_FIELD.fullmatch(name) or name in (TARGET, CREATED, EXPIRES) for name in covered):
        raise SignatureRefused(Reason.MALFORMED, "a signed header has no name of a header")
    return covered


@lru_cache(maxsize=_LISTS_KEPT)
def _check_covered(covered: tuple[str, ...], *, with_body: bool) -> None:
    needed = {TARGET, "host"} | ({"digest"} if with_body else set())
    if not needed.issubset(covered) or not {"date", CREATED}.intersection(covered):
        raise SignatureRefused(Reason.UNCOVERED, "target, host, time and the digest of a body must be signed")


@lru_cache(maxsize=_LISTS_KEPT)
def _key_kinds(algorithm: str | None, covered: tuple[str, ...]) -> frozenset[KeyKind]:
    name = "hs2019" if algorithm is None else algorithm.lower()
    kinds = _KINDS.get(name)
    if kinds is None:
        raise SignatureRefused(Reason.ALGORITHM, "the algorithm is unknown or not wanted")
    if name == "rsa-sha256" and not {CREATED, EXPIRES}.isdisjoint(covered):
        raise SignatureRefused(Reason.ALGORITHM, "the draft forbids (created) and (expires) with rsa-sha256")
    return kinds


def _check_times(parameters: dict[str, str], covered: Sequence[str], request: SignedRequest, now: datetime) -> None:
    if "date" in covered:
        check_fresh(parse_http_date(request.only("date")), now)
    if CREATED in covered or "created" in parameters:
        check_fresh(_seconds(_required(parameters, "created"), _WHOLE), now)
    if EXPIRES in covered or "expires" in parameters:
        check_unexpired(_seconds(_required(parameters, "expires"), _DECIMAL), now)


def _seconds(text: str, form: re.Pattern[str]) -> float:
    if not form.fullmatch(text):
        raise SignatureRefused(Reason.MALFORMED, "created or expires is not a number of seconds")
    return float(text)


def _bases(request: SignedRequest, parameters: dict[str, str], covered: Sequence[str], host: str) -> tuple[bytes, ...]:
    """Signing strings (section 2.3 of the draft) with the query and without. The host is ours, whatever was sent."""
    method, path = request.method.lower(), request.path
    known = {CREATED: parameters.get("created"), EXPIRES: parameters.get("expires"), "host": host}
    known[TARGET] = f"{method} {request.path_and_query}"
    lines = {name: known.get(name) or request.joined(name) for name in covered}
    proper = _text(lines)
    if path == request.path_and_query:
        return (proper,)
    return proper, _text(lines | {TARGET: f"{method} {path}"})


def _text(lines: dict[str, str]) -> bytes:
    return "\n".join([f"{name}: {value}" for name, value in lines.items()]).encode("utf-8", "surrogateescape")


def _signature_bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise SignatureRefused(Reason.MALFORMED, "the signature is not base64") from error
