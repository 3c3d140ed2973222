"""The link by which an answer to an event can be changed without signing in: it holds the answer's number, signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from node.node import Node
from node.store.db import Db
from node.store.hub import hub

NUMBER_BYTES = 8
SIGNATURE_BYTES = 16


def token(secret: bytes, number: int) -> str:
    """The signed number of an answer, as it stands in an address."""
    said = number.to_bytes(NUMBER_BYTES, "big")
    return base64.urlsafe_b64encode(said + _signature(secret, said)).decode()


def number_in(secret: bytes, written: str) -> int | None:
    """The number in a token that this hub has signed; None for any other."""
    try:
        given = base64.b64decode(written.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    said, signature = given[:NUMBER_BYTES], given[NUMBER_BYTES:]
    return int.from_bytes(said, "big") if hmac.compare_digest(signature, _signature(secret, said)) else None


async def address(node: Node, db: Db, number: int) -> str:
    """Where an answer can be changed: for nobody but whoever gave it."""
    return f"{node.urls.base_url}/rsvp/{token((await hub.get(db)).secret, number)}"


def _signature(secret: bytes, said: bytes) -> bytes:
    return hmac.new(secret, b"rsvp:" + said, hashlib.sha256).digest()[:SIGNATURE_BYTES]
