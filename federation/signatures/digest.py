"""Body ↔ digest headers, SHA-256 only: `Digest` for the draft (RFC 3230), `Content-Digest` for RFC 9421 (RFC 9530)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import lru_cache

import http_sf

from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import BODIES_DIGESTED


@lru_cache(maxsize=BODIES_DIGESTED)
def digest(body: bytes) -> str:
    """The value of `Digest` for these bytes; kept, since what many hear is sent many times."""
    return f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def content_digest(body: bytes) -> str:
    """The value of `Content-Digest` for these bytes."""
    return http_sf.ser({"sha-256": hashlib.sha256(body).digest()})


def check_digest(header: str, body: bytes) -> None:
    """Refuse (DIGEST) unless `Digest` names SHA-256 exactly once and it is that of the raw body."""
    named = [entry.strip(" \t").partition("=") for entry in header.split(",")]
    encoded = [value for name, _, value in named if name.lower() == "sha-256"]
    if len(encoded) != 1:
        raise SignatureRefused(Reason.DIGEST, "Digest must hold one SHA-256")
    try:
        claimed = base64.b64decode(encoded[0], validate=True)
    except (ValueError, binascii.Error) as error:
        raise SignatureRefused(Reason.DIGEST, "Digest is not base64") from error
    _compare(claimed, body)


def check_content_digest(header: str, body: bytes) -> None:
    """Refuse (DIGEST) unless `Content-Digest` holds sha-256 exactly once and it is that of the raw body."""
    try:
        entries = http_sf.parse(header.encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse_twice)
    except ValueError as error:
        raise SignatureRefused(Reason.DIGEST, "Content-Digest is not a dictionary") from error
    claimed = entries.get("sha-256") if isinstance(entries, dict) else None
    if not isinstance(claimed, tuple) or not isinstance(claimed[0], bytes):
        raise SignatureRefused(Reason.DIGEST, "Content-Digest must hold sha-256")
    _compare(claimed[0], body)


def _compare(claimed: bytes, body: bytes) -> None:
    if claimed != hashlib.sha256(body).digest():
        raise SignatureRefused(Reason.DIGEST, "the body is not the one that was signed")


def _refuse_twice(key: str, where: str) -> None:
    raise SignatureRefused(Reason.DIGEST, "Content-Digest says something twice")
