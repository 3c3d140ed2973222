"""The keys in the links by which people without an account follow a case or appeal: nobody can guess them, and nothing
needs to be kept for them."""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal

Kind = Literal["report", "appeal"]
_HEX = 32
"""Of 128 bits."""


def key_of(secret: bytes, kind: Kind, number: int) -> str:
    """The key of a report, or of the appeal against a measure, by the hub's secret."""
    return hmac.digest(secret, f"{kind} {number}".encode(), hashlib.sha256).hex()[:_HEX]


def fits(secret: bytes, kind: Kind, number: int, key: str) -> bool:
    """Whether somebody has the right key."""
    return hmac.compare_digest(key_of(secret, kind, number).encode(), key.encode())


def path_of(secret: bytes, kind: Kind, number: int) -> str:
    """The path of the page that the key opens."""
    return f"/{kind}/{number}/{key_of(secret, kind, number)}"
