"""Why a signature, a key or a proof was not believed: one exception with a closed set of reasons."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The value is fit for logs and counters; which HTTP status it earns is the door's decision."""

    UNSIGNED = "unsigned"
    MALFORMED = "malformed"  # unreadable, or readable in two ways
    UNCOVERED = "uncovered"  # a part that must be signed is not
    ALGORITHM = "algorithm"  # unknown, unwanted, or not one for this kind of key
    KEY_ID = "key_id"  # not an address at which we look up keys
    STALE = "stale"
    EARLY = "early"
    EXPIRED = "expired"
    DIGEST = "digest"  # the body is not the one that was signed
    HOST = "host"  # signed for another server
    INVALID = "invalid"  # the signature is not this key's over this message
    WEAK_KEY = "weak_key"
    KEY_UNKNOWN = "key_unknown"  # the document does not hold the key that was asked for
    KEY_OWNER = "key_owner"  # the key is not its alleged owner's
    PURPOSE = "purpose"  # a proof made for something else


class SignatureRefused(Exception):
    """Raised for everything that is not proved. `detail` is our own English, never remote text: safe to log."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
