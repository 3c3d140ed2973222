"""A proof of work: a browser looks for a number whose digest begins with zeros (hashcash) while somebody fills in a
form. It costs one person nothing and a thousand sign-ups a lot, and it asks no third party."""

from __future__ import annotations

import hashlib
import secrets
import time

from node.mailing import links
from node.store.access import attempts
from node.store.db import Db
from schemas.limits import PROOF_BITS, PROOF_SECONDS

PURPOSE = "proof of work"
NONCE_CHARS = 20


def challenge(secret: bytes) -> str:
    """Something to work on, good for PROOF_SECONDS and one form."""
    begun = f"{int(time.time())}.{secrets.token_hex(8)}"
    return f"{begun}.{links.mark(secret, PURPOSE, begun)}"


def is_solved(secret: bytes, asked: str, found: str) -> bool:
    """Whether `found` solves a challenge that we made and whose time is not over."""
    begun, _, mark = asked.rpartition(".")
    at = begun.partition(".")[0]
    if not at.isdecimal() or not found or len(found) > NONCE_CHARS or not begun.isprintable():
        return False
    if not links.is_mark(secret, mark, PURPOSE, begun) or time.time() - int(at) > PROOF_SECONDS:
        return False
    digest = hashlib.sha256(f"{asked}:{found}".encode()).digest()
    return int.from_bytes(digest) >> (len(digest) * 8 - PROOF_BITS) == 0


async def spend(db: Db, secret: bytes, asked: str, found: str) -> bool:
    """The same, once: whoever brings it again brings nothing. Outside a transaction."""
    if not is_solved(secret, asked, found):
        return False
    return await attempts.wait(db, PURPOSE, asked, count=1, seconds=PROOF_SECONDS) == 0
