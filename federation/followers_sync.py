"""Followers synchronisation (FEP-8fcf): the header that tells which followers of ours we think a server has, and the
digest by which both sides compare."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import msgspec

from schemas.limits import SIGNATURE_HEADER_BYTES

HEADER = "Collection-Synchronization"

_PARAMETER = re.compile(r'[ \t]*([A-Za-z]+)="([^"\\\x00-\x1f]*)"[ \t]*(?:,|\Z)')
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What the header says: of which collection, where the part of it that concerns the receiver is, and its digest."""

    collection: str
    url: str
    digest: str


def digest(ids: Iterable[str]) -> str:
    """The exclusive or of the SHA-256 of each id, in hexadecimal; the order does not matter, each id counts once."""
    total = 0
    for one in set(ids):
        total ^= int.from_bytes(hashlib.sha256(one.encode()).digest())
    return f"{total:064x}"


def header(claim: Claim) -> str:
    """The value of the header. Its addresses are canonical and so without quotes."""
    return f'collectionId="{claim.collection}", url="{claim.url}", digest="{claim.digest}"'


def read_header(text: str) -> Claim | None:
    """What a header says; None for what is none, says something twice or leaves something out."""
    found: dict[str, str] = {}
    position = 0
    while position < len(text) <= SIGNATURE_HEADER_BYTES:
        match = _PARAMETER.match(text, position)
        if match is None or match[1] in found:
            return None
        found[match[1]] = match[2]
        position = match.end()
    told = found.get("digest", "").lower()
    if not found.get("collectionId") or not found.get("url") or not _DIGEST.fullmatch(told):
        return None
    return Claim(collection=found["collectionId"], url=found["url"], digest=told)
