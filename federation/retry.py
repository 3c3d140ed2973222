"""When to try again, and when to leave a host alone for a while (pure).

Deliveries wait n⁴ + 15 s with jitter up to a week; a host that fails too often gets one probe at a time.
Chance comes in as `spread`, a number from 0 to below 1; time as seconds."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

import msgspec

from schemas.limits import (
    BREAKER_CONNECT_FAILURES,
    BREAKER_FAILURES,
    BREAKER_PROBE_CEILING_SECONDS,
    BREAKER_PROBE_LEASE_SECONDS,
    BREAKER_PROBE_SECONDS,
    BREAKER_WINDOW_SECONDS,
    DELIVERY_HORIZON_SECONDS,
    RETRY_AFTER_SECONDS,
)


def retry_delay(attempts: int, age: float, spread: float, retry_after: float | None = None) -> float | None:
    """Seconds until the next try of a job that failed `attempts` times and is `age` seconds old; None to give up.

    A peer's Retry-After can make the wait longer, never shorter, and not beyond RETRY_AFTER_SECONDS.
    """
    tried = max(attempts - 1, 0)
    base = min(float(tried) ** 4 + 15, DELIVERY_HORIZON_SECONDS)
    delay = base + spread * max(10.0 * (tried + 1), base / 4)
    delay = max(delay, min(retry_after or 0.0, RETRY_AFTER_SECONDS))
    return delay if age + delay <= DELIVERY_HORIZON_SECONDS else None


def retry_after_seconds(header: str, now: datetime) -> float | None:
    """The wait a Retry-After header asks for (seconds or a date), within our bound; None where it says nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        wait = (moment - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, 0.0), RETRY_AFTER_SECONDS)


class Breaker(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a host's failures. The default is a host with which all is well.

    closed: it may be called. open: it may not before `until`, then by one probe. half-open: that probe is under way,
    and counts as lost at `until`. `window` is when the first of the counted failures was.
    """

    state: Literal["closed", "open", "half-open"] = "closed"
    failures: int = 0
    unreached: int = 0
    window: float = 0.0
    probes: int = 0
    until: float = 0.0


WELL = Breaker()


def permits(breaker: Breaker, now: float) -> Literal["yes", "no", "probe"]:
    """Whether a call may be made now; for "probe", `start_probe` must be stored first, so that there is only one."""
    if breaker.state == "closed":
        return "yes"
    return "probe" if now >= breaker.until else "no"


def start_probe(breaker: Breaker, now: float) -> Breaker:
    """One call goes out to see whether the host is back; if its result never comes, another may after a while."""
    return msgspec.structs.replace(breaker, state="half-open", until=now + BREAKER_PROBE_LEASE_SECONDS)


def after_success(breaker: Breaker) -> Breaker:
    """The host answered: all is well, whatever was before."""
    return breaker if breaker == WELL else WELL


def after_failure(breaker: Breaker, now: float, spread: float, *, reached: bool) -> Breaker:
    """The host failed, or (`reached` false) could not even be connected to."""
    if breaker.state == "open" and now < breaker.until:
        return breaker  # a call that began before the breaker opened: it tells nothing new
    if breaker.state != "closed":
        return _opened(breaker, now, spread, breaker.probes + 1)
    fresh = now - breaker.window > BREAKER_WINDOW_SECONDS
    failures = 1 if fresh else breaker.failures + 1
    unreached = 0 if reached else breaker.unreached + 1
    counted = msgspec.structs.replace(
        breaker, failures=failures, unreached=unreached, window=now if fresh else breaker.window
    )
    if failures >= BREAKER_FAILURES or unreached >= BREAKER_CONNECT_FAILURES:
        return _opened(counted, now, spread, 0)
    return counted


def _opened(breaker: Breaker, now: float, spread: float, probes: int) -> Breaker:
    wait = min(BREAKER_PROBE_SECONDS * 2.0 ** min(probes, 32), BREAKER_PROBE_CEILING_SECONDS)
    return msgspec.structs.replace(breaker, state="open", probes=probes, until=now + wait * (1 + spread / 4))
