"""What stewards decide about how long things are kept, and how much room copies take. Nothing said: as the node does it
by itself."""

from __future__ import annotations

import msgspec

from schemas.limits import KEPT_REMOTE_DAYS_LEAST, KEPT_REMOTE_DAYS_MOST, MAIL_KEPT_SECONDS, TRACES_KEPT_DAYS

DAY_SECONDS = 86_400
BOUNDS: dict[str, tuple[int, int]] = {
    "remote_days": (KEPT_REMOTE_DAYS_LEAST, KEPT_REMOTE_DAYS_MOST),
    "cache_megabytes": (100, 1_000_000),
    "trace_days": (1, TRACES_KEPT_DAYS),
    "letter_days": (1, int(MAIL_KEPT_SECONDS) // DAY_SECONDS),
}
"""The least and the most of each."""


class Retention(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`remote_days`: posts from elsewhere that nobody here had to do with; `cache_megabytes`: copies of other servers'
    files; `trace_days`: what became of single activities; `letter_days`: the list of letters that were sent."""

    remote_days: int | None = None
    cache_megabytes: int | None = None
    trace_days: int | None = None
    letter_days: int | None = None

    def cache_bytes(self, most: int) -> int:
        """Room for copies, never more than the operator gives (`most`)."""
        return most if self.cache_megabytes is None else min(most, self.cache_megabytes * 1_000_000)
