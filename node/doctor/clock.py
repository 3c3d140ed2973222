"""Clocks: what we sign bears a time, and other servers refuse what lies too far from theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from node.doctor.remark import Remark, ok, warn, wrong
from schemas.limits import CLOCK_WARN_SECONDS, CLOCK_WRONG_SECONDS

DO = "Have every machine keep its clock by NTP (timedatectl set-ntp true)."


def judge_clock(whose: str, theirs: datetime, ours: datetime) -> Remark:
    """How far a clock is from this machine's."""
    seconds = abs((theirs - ours).total_seconds())
    if seconds < CLOCK_WARN_SECONDS:
        return ok(f"{whose} and this machine agree about the time.")
    says = f"{whose} is {seconds:.0f} seconds {'ahead of' if theirs > ours else 'behind'} this machine."
    return wrong(says, DO) if seconds >= CLOCK_WRONG_SECONDS else warn(says, DO)


def check_date(header: str | None, ours: datetime) -> list[Remark]:
    """The same for the Date header of an answer through the public address; nothing where there is none."""
    try:
        told = parsedate_to_datetime(header or "")
    except ValueError:
        return []
    theirs = told if told.tzinfo else told.replace(tzinfo=UTC)
    return [judge_clock("What answers at the public address", theirs, ours)]
