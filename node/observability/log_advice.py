"""What whoever looks after the machine is to do about a line of the log: each line about something that went wrong says
it, in English as all of the log; mostly nothing, since the node goes on by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from structlog.typing import EventDict

_BY_ITSELF = "Nothing: it is tried again by itself."
_DATABASE = "Nothing, if it passes within a minute; else see `allmende doctor` and the log of PostgreSQL."
_REPORT = "It goes on with the next one. Please report this line, it is a mistake of the program."

DO: Mapping[str, str] = {
    "a process ended": "Nothing: a new one has begun. If it happens often, look for lack of memory (dmesg).",
    "a reader was told nothing": _REPORT,
    "arrival failed": _REPORT,
    "chores failed": _REPORT,
    "clock set again": "Keep the clock of this machine set by NTP.",
    "counts wait": _BY_ITSELF,
    "database away": _DATABASE,
    "delivery given up": "Nothing, if that server is gone for good; else the panel's page of servers tries again.",
    "error page failed": "Undo the last change of the theme; else please report this line.",
    "export failed": "The member may ask for it again. If the disk has room, please report this line.",
    "failed": "Please report this line, it is a mistake of the program. The person saw a page with its number.",
    "job failed": "It is tried again later. If it goes on, see the panel's page of jobs, and please report this line.",
    "lane failed": _REPORT,
    "letter cannot be written": "Please report this line. The letter stands in the panel's page of mail.",
    "listening_interrupted": _DATABASE,
    "looking failed": _REPORT,
    "mail server away": "See whether the mail server of the settings answers; letters wait until then.",
    "media store away": "See whether the store of ALLMENDE_MEDIA_URL answers, and has that bucket and these keys.",
    "nobody was woken": _BY_ITSELF,
    "not gathered": "Nothing: the same is done one by one, which is slower. If it goes on, please report this line.",
    "not together": "Nothing: the same is done one by one, which is slower. If it goes on, please report this line.",
    "rules are as they were": _DATABASE,
    "sending failed": _REPORT,
    "streams stumbled": _REPORT,
    "traces lost": "Nothing: only the panel's list of what went between servers has a gap.",
    "trouble over": "Nothing: it is well again.",
    "unavailable": "Nothing, if it passes: the person was told to come again. Else see `allmende doctor`.",
}
"""By the event of a line."""


def advised(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """The step of structlog that adds it, where the line does not say it already."""
    if (advice := DO.get(str(event.get("event", "")))) is not None:
        event.setdefault("do", advice)
    return event
