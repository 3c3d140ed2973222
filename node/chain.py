"""The hash chain of the log (pure): a link covers the previous link, kind, time and a salted hash of the content.

Redaction deletes content and salt but keeps the hash: the chain still verifies, and nobody can guess what stood there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from schemas.log_entry import LogEntry

SALT_BYTES = 16
FIRST_LINK = bytes(32)
"""What the first entry is linked to."""


def new_salt() -> bytes:
    """128 random bits, so that short content cannot be guessed from its hash."""
    return secrets.token_bytes(SALT_BYTES)


def content_hash(salt: bytes, content: str) -> bytes:
    """SHA-256(salt ‖ content)."""
    return hashlib.sha256(salt + content.encode()).digest()


def link(previous: bytes, entry_id: int, kind: str, at: datetime, hashed: bytes) -> bytes:
    """SHA-256 over the previous link, number, kind, time (UTC, microseconds) and content hash, each of known length."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()
    name = kind.encode()
    head = entry_id.to_bytes(8, "big") + len(name).to_bytes(2, "big")
    return hashlib.sha256(previous + head + name + moment + hashed).digest()


def first_broken(entries: Iterable[LogEntry]) -> int | None:
    """The number of the first entry that does not fit, or None if the whole chain (from entry 1, in order) verifies."""
    previous: LogEntry | None = None
    for entry in entries:
        if not fits(previous, entry):
            return previous.id + 1 if previous else 1
        previous = entry
    return None


def fits(previous: LogEntry | None, entry: LogEntry) -> bool:
    """Whether an entry follows the one before it (None: it is the first) and says what it said when it was written."""
    number, before = (previous.id + 1, previous.link) if previous else (1, FIRST_LINK)
    if entry.id != number or entry.link != link(before, number, entry.kind, entry.at, entry.content_hash):
        return False
    return entry.content is None or entry.content_hash == content_hash(entry.salt or b"", entry.content)
