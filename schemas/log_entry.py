"""The log as our database knows it: one link of its hash chain."""

from __future__ import annotations

from datetime import datetime

from schemas.records import Record


class LogEntry(Record, frozen=True, kw_only=True):
    """One link of the chain. `content` and `salt` are None once redacted."""

    id: int
    kind: str
    at: datetime
    content: str | None
    public: str | None
    salt: bytes | None
    content_hash: bytes
    link: bytes
    redacted_why: str | None
