"""How old a signature may be. There is no clock here: `now` (aware) always comes from the caller."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import SIGNATURE_AGE_SECONDS, SIGNATURE_AHEAD_SECONDS

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HTTP_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def http_date(now: datetime) -> str:
    """`Date` after RFC 7231: in GMT, to the second."""
    return _in_gmt(int(now.timestamp()))


@lru_cache(maxsize=2)  # a post to many followers is signed many times a second
def _in_gmt(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)


@lru_cache(maxsize=64)  # many requests are signed in the same second
def parse_http_date(value: str) -> float:
    """Seconds since 1970 of a `Date` header; SignatureRefused (MALFORMED) for other forms of date."""
    match = _HTTP_DATE.fullmatch(value)
    if match is None or match[2] not in _MONTHS:
        raise SignatureRefused(Reason.MALFORMED, "Date is not an HTTP date")
    day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    month = _MONTHS.index(match[2]) + 1
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError as error:
        raise SignatureRefused(Reason.MALFORMED, "Date is not a real date") from error


def check_fresh(signed: float, now: datetime) -> None:
    """Refuse (STALE, EARLY) what was signed more than an hour before or after `now`."""
    age = now.timestamp() - signed
    if age > SIGNATURE_AGE_SECONDS:
        raise SignatureRefused(Reason.STALE, "signed too long ago")
    check_not_early(signed, now)


def check_not_early(signed: float, now: datetime) -> None:
    """Refuse (EARLY) what claims to be signed more than an hour from `now`."""
    if signed - now.timestamp() > SIGNATURE_AHEAD_SECONDS:
        raise SignatureRefused(Reason.EARLY, "signed in the future")


def check_unexpired(expires: float, now: datetime) -> None:
    """Refuse (EXPIRED) from the second on that the signer named."""
    if expires <= now.timestamp():
        raise SignatureRefused(Reason.EXPIRED, "the signer's own time limit is over")


def parse_timestamp(value: object) -> float:
    """Seconds since 1970 of an XML Schema dateTime with zone; SignatureRefused (MALFORMED) for anything else."""
    if not isinstance(value, str) or not _TIMESTAMP.fullmatch(value):
        raise SignatureRefused(Reason.MALFORMED, "not a dateTime with a zone")
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError) as error:
        raise SignatureRefused(Reason.MALFORMED, "not a real dateTime") from error
