"""Events of a calendar file (RFC 5545). Rules of repetition are read, never followed: whatever a file says, it costs no
more than reading it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from federation.sanitise import plain
from node.actions.import_event_found import Imported, wall, web_address
from schemas.limits import IMPORT_EVENTS, REPEATS

_TRIMMINGS = re.compile(r'[\s\\"]')
_EVERY = {"WEEKLY": "week", "MONTHLY": "month"}


def in_calendar(body: bytes, source: str, zone: str) -> list[Imported]:
    """The events of a calendar file that are still to come, else all of them; IMPORT_EVENTS at most, the next ones
    first. Without any, or for what is no such file: empty. `source`: where the file came from."""
    from icalendar import Calendar  # noqa: PLC0415 - icalendar is large, and few bring calendars

    try:
        read: Any = Calendar.from_ical(_without_zones(body))
        entries = [one for one in read.walk("VEVENT") if _wanted(one)]
        found = [event for one in entries if (event := _event(one, source, zone))]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        return []
    today = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=1)
    coming = [one for one in found if one.starts >= today or one.repeat]
    return sorted(coming or found, key=lambda one: one.starts)[:IMPORT_EVENTS]


def _without_zones(body: bytes) -> str:
    """The file without its own descriptions of time zones: they hold rules, too, which icalendar would follow second by
    second, and zones known by name need none. A time in any other zone is told as it stands."""
    from icalendar.parser import Contentlines  # noqa: PLC0415 - see above

    kept, within = [], False
    for line in Contentlines.from_ical(body):  # type: ignore[no-untyped-call]
        bare = _TRIMMINGS.sub("", line).upper()
        of_zone = bare.endswith("VTIMEZONE")
        within = within or (of_zone and bare.startswith("BEGIN"))
        if not within:
            kept.append(line)
        within = within and not (of_zone and bare.startswith("END"))
    return "\r\n".join(kept) + "\r\n"


def _wanted(entry: Any) -> bool:
    """An exception of a series is none by itself; what is cancelled nobody wants to publish."""
    return "RECURRENCE-ID" not in entry and str(entry.get("STATUS", "")).upper() != "CANCELLED" and "DTSTART" in entry


def _event(entry: Any, source: str, zone: str) -> Imported | None:
    name = str(entry.get("SUMMARY", "")).strip()
    starts, there = wall(entry.decoded("DTSTART"), zone)
    repeat, lost = _repeat(entry, starts)
    where = str(entry.get("LOCATION", "")).strip()
    online = web_address(entry.get("CONFERENCE") or (where if where.startswith(("https://", "http://")) else ""))
    return Imported(
        name=name or str(entry.get("UID", ""))[:50],
        text=str(entry.get("DESCRIPTION", "")).strip(),
        starts=_first_to_come(starts, repeat),
        ends=_ends(entry, starts, _first_to_come(starts, repeat), there),
        zone=there,
        place={} if online == where or not where else _place(where),
        online_url=online,
        source=web_address(entry.get("URL")) or source,
        uid=plain(str(entry.get("UID", "")), single_line=True),
        told_at=web_address(entry.get("URL")),
        repeat=repeat,
        series_lost=lost,
    )


def _ends(entry: Any, starts: datetime, begins: datetime, zone: str) -> datetime | None:
    if "DTEND" in entry:
        ends = entry.decoded("DTEND")
        if not isinstance(ends, datetime):
            ends -= timedelta(minutes=1)  # a day that is the end is not meant any more
        lasting = wall(ends, zone)[0] - starts
    elif "DURATION" in entry and isinstance(entry.decoded("DURATION"), timedelta):
        lasting = entry.decoded("DURATION")
    else:
        return None
    return begins + lasting if timedelta(0) < lasting < timedelta(days=60) else None


def _place(where: str) -> dict[str, str]:
    name, _, rest = where.replace("\n", ", ").partition(",")
    return {"name": name.strip(), "street": rest.strip()} if rest.strip() else {"name": name.strip()}


def _repeat(entry: Any, starts: datetime) -> tuple[dict[str, str], bool]:
    """The rule as our form says it, and whether it was one that we cannot say."""
    rule = entry.get("RRULE")
    if rule is None:
        return {}, False
    if isinstance(rule, list):
        return {}, True
    said: dict[str, Any] = {str(key).upper(): values[0] for key, values in rule.items() if values}
    every = _EVERY.get(str(said.get("FREQ", "")).upper())
    interval = int(said.get("INTERVAL", 1))
    other = set(said) - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY"}
    days = rule.get("BYDAY") or []
    if every is None or not 1 <= interval <= 12 or other or len(days) > 1:
        return {}, True
    fields = {"every": every, "interval": str(interval)}
    if every == "month":
        fields["by"] = "weekday" if days else "day"
    until = said.get("UNTIL")
    if "COUNT" in said:
        fields["count"] = str(min(max(int(said["COUNT"]), 2), REPEATS))
    elif isinstance(until, date):
        fields["until"] = f"{until:%Y-%m-%d}"
    else:
        fields["count"] = "12"
    return fields, False


def _first_to_come(starts: datetime, repeat: dict[str, str]) -> datetime:
    """The next date of a weekly series that began some time ago: by counting weeks, not by walking through them."""
    today = datetime.now(UTC).replace(tzinfo=None)
    if repeat.get("every") != "week" or starts >= today:
        return starts
    step = timedelta(weeks=int(repeat["interval"]))
    return starts + step * -((starts - today) // step)
