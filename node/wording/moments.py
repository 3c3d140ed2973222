"""How days and times are said: in the reader's language, in the zone of the event, and in the reader's own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_timezone_gmt,
    get_timezone_location,
    get_timezone_name,
)

from schemas.things import EventDetail
from schemas.times import is_zone, zone_info

LOCALES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR"}
"""Our hubs are European: English with days before months and 24 hours."""


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """The leaf of a calendar: the parts of a date, each short."""

    weekday: str
    number: str
    month: str


class When(msgspec.Struct, frozen=True, kw_only=True):
    """When an event is. `words` in the event's zone, also as two lines; `zone` its short name, `zone_name` its long one
    with the place; `yours` the same span in the reader's zone where its clocks show another time, else empty; `hours`
    its begin and end with their offsets, in a night in which that is not clear."""

    words: str
    lines: tuple[str, ...]
    zone: str
    zone_name: str
    yours: str = ""
    yours_name: str = ""
    hours: tuple[str, ...] = ()


def locale_of(language: str) -> str:
    """Babel's name for how a language writes dates here."""
    return LOCALES.get(language, LOCALES["en"])


def known_zone(name: str | None) -> ZoneInfo:
    """The zone of that IANA name; UTC where there is none (remote events say all kinds of things)."""
    return zone_info(name if name and is_zone(name) else "UTC")


def day(language: str, when: date) -> str:
    """Friday, 4 December 2026."""
    return format_date(when, "full", locale=locale_of(language))


def short_day(language: str, when: date) -> str:
    """4 Dec 2026."""
    return format_skeleton("yMMMd", datetime(when.year, when.month, when.day), locale=locale_of(language))


def clock(language: str, when: datetime) -> str:
    """19:00, of a wall time."""
    return format_time(when, "short", locale=locale_of(language))


def moment(language: str, instant: datetime, zone: str | None) -> str:
    """4 Dec 2026, 19:00: an instant as the clocks of a zone show it."""
    local = instant.astimezone(known_zone(zone))
    return f"{short_day(language, local)}, {clock(language, local)}"


def age(language: str, since: datetime) -> str:
    """3 days: how long something waits by now."""
    return format_timedelta(datetime.now(UTC) - since, locale=locale_of(language))


def month(language: str, when: date) -> str:
    """December 2026."""
    return format_skeleton("yMMMM", datetime(when.year, when.month, 1), locale=locale_of(language))


def weekday(language: str, when: date) -> str:
    """Friday."""
    return format_date(when, "EEEE", locale=locale_of(language))


def leaf(language: str, when: date) -> Leaf:
    """The parts of a date for a calendar leaf."""
    locale = locale_of(language)
    return Leaf(
        weekday=format_date(when, "ccc", locale=locale),
        number=str(when.day),
        month=format_date(when, "LLL", locale=locale),
    )


def span(language: str, start: datetime, end: datetime | None) -> str:
    """From wall time to wall time in words: the day is said once where both are on one, or where it ends at night."""
    first, second = span_lines(language, start, end)
    return f"{first} {second}" if first.endswith("–") else f"{first}, {second}"


def span_lines(language: str, start: datetime, end: datetime | None) -> tuple[str, str]:
    """The same as two lines: the day and the hours, or where it begins and where it ends."""
    begins = clock(language, start)
    if end is None:
        return day(language, start), begins
    if end.date() == start.date() or end - start < timedelta(hours=12):
        return day(language, start), f"{begins}–{clock(language, end)}"
    return f"{day(language, start)}, {begins} –", f"{day(language, end)}, {clock(language, end)}"


def zone_short(language: str, instant: datetime, zone: str) -> str:
    """The short name of a zone's time at an instant if the language has one, such as CET, else as GMT+09:00."""
    local, locale = instant.astimezone(known_zone(zone)), locale_of(language)
    name = get_timezone_name(local, "short", locale=locale)
    return name if name.isalpha() else get_timezone_gmt(local, "long", locale=locale)


def zone_long(language: str, instant: datetime, zone: str) -> str:
    """The zone in words with its place: Central European Standard Time (Brussels)."""
    local = instant.astimezone(known_zone(zone))
    name = get_timezone_name(local, "long", locale=locale_of(language))
    place = get_timezone_location(known_zone(zone), locale=locale_of(language), return_city=True)
    return f"{name} ({place})" if known_zone(zone).key != "UTC" else name


def of_event(language: str, event: EventDetail, reader_zone: str) -> When:
    """When an event is, for a reader in some zone."""
    theirs, own = known_zone(event.zone), known_zone(reader_zone)
    when = When(
        words=span(language, event.starts_local, event.ends_local),
        lines=span_lines(language, event.starts_local, event.ends_local),
        zone=zone_short(language, event.starts_at, event.zone),
        zone_name=zone_long(language, event.starts_at, event.zone),
        hours=_hours(language, event),
    )
    start, end = event.starts_at.astimezone(own), event.ends_at.astimezone(own) if event.ends_at else None
    if start.utcoffset() == event.starts_at.astimezone(theirs).utcoffset():
        return when
    return msgspec.structs.replace(
        when,
        yours=f"{span(language, start, end)} {zone_short(language, event.starts_at, reader_zone)}",
        yours_name=zone_long(language, event.starts_at, reader_zone),
    )


def _hours(language: str, event: EventDetail) -> tuple[str, ...]:
    """Where clocks show an hour twice, or change meanwhile: which one is meant."""
    there, ends = known_zone(event.zone), event.ends_at
    instants = [event.starts_at, ends] if ends and ends - event.starts_at < timedelta(days=1) else [event.starts_at]
    local = [instant.astimezone(there) for instant in instants]
    twice = any(one.utcoffset() != one.replace(fold=1 - one.fold).utcoffset() for one in local)
    if not twice and len({one.utcoffset() for one in local}) == 1:
        return ()
    offset = [get_timezone_gmt(one, "long", locale=locale_of(language)) for one in local]
    return tuple(f"{clock(language, one)} ({said})" for one, said in zip(local, offset, strict=True))


def is_over(event: EventDetail, now: datetime | None = None) -> bool:
    """Whether an event has ended; one with an open end is over twelve hours after its start."""
    return (event.ends_at or event.starts_at + timedelta(hours=12)) < (now or datetime.now(UTC))
