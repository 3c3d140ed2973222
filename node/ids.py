"""Time-ordered ids: one 63-bit space for all that can stand in a timeline."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

SEQUENCE_BITS = 20
"""Milliseconds since 1970 stand above these bits; enough for 2^20 ids in one millisecond, until the year 2248."""


def new_id(published: datetime | None = None) -> int:
    """An id for something published then (aware; clamped to now, so that nothing comes from the future)."""
    now = time.time_ns() // 1_000_000
    moment = min(now, int(published.timestamp() * 1000)) if published else now
    return max(moment, 0) << SEQUENCE_BITS | secrets.randbits(SEQUENCE_BITS)


def moment_of(an_id: int) -> datetime:
    """The moment, to the millisecond (UTC), that an id stands for."""
    return datetime.fromtimestamp((an_id >> SEQUENCE_BITS) / 1000, tz=UTC)


def first_id(moment: datetime) -> int:
    """The least id that something published at this moment (aware) can have: for asking what is younger."""
    return max(int(moment.timestamp() * 1000), 0) << SEQUENCE_BITS
