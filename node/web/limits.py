"""How often somebody may ask: the generic cell rate algorithm, one number per asker."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

import msgspec

from schemas.limits import ASKERS_CACHED, RATE_IPV6_PREFIX, RATE_KEYS


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """`count` requests in `seconds` on the average, as many at once."""

    count: int
    seconds: float


class Limiter:
    """Remembers at most RATE_KEYS askers; the one unseen for longest goes first (case 64)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: OrderedDict[tuple[str, str], float] = OrderedDict()

    def wait(self, subject: str, asker: str, rate: Rate) -> float:
        """Count one request. 0.0: go ahead; else the seconds to wait, and the request has not been counted."""
        now = self._clock()
        key = (subject, asker)
        due = max(self._due.pop(key, now), now)
        refused = due - now > rate.seconds - rate.seconds / rate.count
        self._due[key] = due if refused else due + rate.seconds / rate.count
        if len(self._due) > RATE_KEYS:
            self._due.popitem(last=False)
        return due - now - rate.seconds + rate.seconds / rate.count if refused else 0.0

    def left(self, subject: str, asker: str, rate: Rate) -> tuple[int, float]:
        """How many more requests may come at once, and in how many seconds it will be all of them again."""
        now = self._clock()
        full = max(self._due.get((subject, asker), now) - now, 0.0)
        return max(int(rate.count - full * rate.count / rate.seconds), 0), full


@lru_cache(maxsize=ASKERS_CACHED)
def asker(address: str) -> str:
    """The key by which an address is counted: IPv6 by its /64, which one customer can roam at will (case 125)."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    mapped = ip.ipv4_mapped
    return str(mapped) if mapped else f"{int(ip) >> (128 - RATE_IPV6_PREFIX):x}/{RATE_IPV6_PREFIX}"
