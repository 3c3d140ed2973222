"""Repeats: every week or every month, as separate dates that keep their wall time when clocks change.

Monthly on a day means that day of the month; months that lack it are left out, as RFC 5545 rules, so that the
calendar feed's RRULE means the same dates. Monthly on a weekday means the same one of the month as the first date
(the second Tuesday); a first date in the fifth week means the last one of the month."""

from datetime import date, datetime, time
from itertools import islice
from typing import Literal

import msgspec
from dateutil import rrule

from schemas.limits import REPEATS

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = -1


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """How a date repeats: until `count` dates are reached, or to the day `until`, that day included."""

    every: Literal["week", "month"]
    interval: int = 1
    by: Literal["day", "weekday"] = "day"
    count: int | None = None
    until: date | None = None


def occurrences(start: datetime, rule: Rule) -> tuple[datetime, ...]:
    """The wall times of a series, the first included. More than REPEATS + 1 are not counted."""
    series = rrule.rrule(
        rrule.WEEKLY if rule.every == "week" else rrule.MONTHLY,
        dtstart=start,
        interval=rule.interval,
        count=rule.count,
        until=datetime.combine(rule.until, time.max) if rule.until else None,
        byweekday=_nth_weekday(start) if _by_weekday(rule) else None,
    )
    return tuple(islice(series, REPEATS + 1))


def rrule_text(start: datetime, rule: Rule) -> str:
    """The rule in RFC 5545's words. COUNT stands for `until` too: it means the same dates in every zone."""
    parts = ["FREQ=WEEKLY" if rule.every == "week" else "FREQ=MONTHLY"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if _by_weekday(rule):
        parts.append(f"BYDAY={_nth(start)}{_WEEKDAYS[start.weekday()]}")
    return ";".join([*parts, f"COUNT={len(occurrences(start, rule))}"])


def _by_weekday(rule: Rule) -> bool:
    return rule.every == "month" and rule.by == "weekday"


def _nth(start: datetime) -> int:
    week = (start.day - 1) // 7 + 1
    return week if week < 5 else _LAST


def _nth_weekday(start: datetime) -> rrule.weekday:
    return rrule.weekday(start.weekday(), _nth(start))
