"""Clocks: what we sign bears a time, and other servers refuse what lies too far from theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from node.doctor.remark import Remark, ok, warn, wrong
from schemas.limits import CLOCK_WARN_SECONDS, CLOCK_WRONG_SECONDS
from schemas.reasons import msgid

DO = msgid("Have every machine keep its clock by NTP (timedatectl set-ntp true).")
Whose = Literal["database", "address"]
AGREE = {
    "database": msgid("The database and this machine agree about the time."),
    "address": msgid("What answers at the public address and this machine agree about the time."),
}
AHEAD = {
    "database": msgid("The database is {seconds} seconds ahead of this machine."),
    "address": msgid("What answers at the public address is {seconds} seconds ahead of this machine."),
}
BEHIND = {
    "database": msgid("The database is {seconds} seconds behind this machine."),
    "address": msgid("What answers at the public address is {seconds} seconds behind this machine."),
}


def judge_clock(whose: Whose, theirs: datetime, ours: datetime) -> Remark:
    """How far a clock is from this machine's."""
    seconds = abs((theirs - ours).total_seconds())
    if seconds < CLOCK_WARN_SECONDS:
        return ok(AGREE[whose])
    says = (AHEAD if theirs > ours else BEHIND)[whose]
    return (wrong if seconds >= CLOCK_WRONG_SECONDS else warn)(says, DO, seconds=round(seconds))


def check_date(header: str | None, ours: datetime) -> list[Remark]:
    """The same for the Date header of an answer through the public address; nothing where there is none."""
    try:
        told = parsedate_to_datetime(header or "")
    except ValueError:
        return []
    theirs = told if told.tzinfo else told.replace(tzinfo=UTC)
    return [judge_clock("address", theirs, ours)]
