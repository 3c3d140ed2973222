"""Events as iCalendar (RFC 5545): one entry each; a series as one entry with its rule, and what differs from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import msgspec
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vDuration, vRecur, vUri

from federation.build.lines import place_line, title
from federation.build.words import event_prefix
from federation.sanitise import plain
from node.wording.moments import known_zone
from node.wording.showing import version_for
from schemas.limits import CALENDAR_HOURS, REPEATS
from schemas.records import Post
from schemas.things import EventDetail, EventStatus

PRODUCT = "-//Allmende//Events of a hub//EN"
STATUS: dict[EventStatus, str] = {
    "scheduled": "CONFIRMED",
    "moved": "CONFIRMED",
    "tentative": "TENTATIVE",
    "postponed": "TENTATIVE",
    "cancelled": "CANCELLED",
}
OWN_FIELDS = ("SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CONFERENCE")
"""What makes a date of a series an exception if it differs from the rule's."""

_COUNT_OR_UNTIL = re.compile(r";?(COUNT|UNTIL)=[^;]*")


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """The dates of a series by where the rule puts them; `skipped`: dates of the rule that are no longer there."""

    rule: str
    dates: dict[datetime, Post]
    skipped: tuple[datetime, ...]


def calendar(name: str, source: str, events: Sequence[Post], firsts: Mapping[int, datetime], language: str) -> Calendar:
    """A calendar to subscribe to. `firsts`: where dates of series began before they were changed, by post id."""
    made = Calendar()
    made.add("PRODID", PRODUCT)
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("NAME", name)
    made.add("X-WR-CALNAME", name)
    made.add("SOURCE", vUri(source), parameters={"VALUE": "URI"})
    often = vDuration(timedelta(hours=CALENDAR_HOURS))
    made.add("REFRESH-INTERVAL", often, parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", often)
    for entry in entries(events, firsts, language):
        made.add_component(entry)
    years = [post.event.starts_local.year for post in events if post.event] or [datetime.now(UTC).year]
    first, last = datetime(min(years), 1, 1).date(), datetime(max(years) + 2, 1, 1).date()
    made.add_missing_timezones(first_date=first, last_date=last)
    return made


def entries(events: Sequence[Post], firsts: Mapping[int, datetime], language: str) -> list[Event]:
    """The entries of a feed: dates of one series together, where they still follow its rule."""
    made, series = [], dict[str, list[Post]]()
    for post in events:
        if post.series and post.event and post.event.rrule:
            series.setdefault(post.series, []).append(post)
        else:
            made.append(entry(post, language))
    for dates in series.values():
        found = series_of(dates, firsts)
        made += series_entries(found, language) if found else [entry(post, language) for post in dates]
    return made


def entry(post: Post, language: str) -> Event:
    """One event. Its UID is its id, or what other calendars know it by, so that whoever takes it from several has it
    once."""
    event, version = _detail(post), version_for(post, language)
    made = Event()
    made.add("UID", uid_of(post))
    made.add("DTSTAMP", post.updated_at.astimezone(UTC))
    made.add("CREATED", post.published_at.astimezone(UTC))
    made.add("LAST-MODIFIED", post.updated_at.astimezone(UTC))
    made.add("SEQUENCE", event.sequence)
    made.add("STATUS", STATUS[event.status])
    made.add("DTSTART", _wall(event.starts_local, event.zone))
    if event.ends_local:
        made.add("DTEND", _wall(event.ends_local, event.zone))
    made.add("SUMMARY", _line(event_prefix(event.status, version.language) + title(version.name)))
    text = "\n\n".join(part for part in (version.summary, plain(version.content), event.online_url, post.url) if part)
    made.add("DESCRIPTION", text, parameters={"LANGUAGE": version.language})
    made.add("URL", vUri(post.url))
    _add_where(made, event)
    if words := [*event.categories, *post.tags]:
        made.add("CATEGORIES", words)
    return made


def uid_of(post: Post) -> str:
    """What calendars know an event by. The dates of a series have one each, unless they are one entry."""
    taken = post.event.uid if post.event and not post.series else None
    return taken or post.uri


def series_of(dates: Sequence[Post], firsts: Mapping[int, datetime]) -> Series | None:
    """How the dates of a series hang together, or None if they do not: then each stands for itself.

    The rule begins at the earliest date that is left; what it yields and is not there was deleted.
    """
    planned = {firsts.get(post.id, _detail(post).starts_local): post for post in dates}
    if len(planned) != len(dates) or len({_detail(post).zone for post in dates}) != 1:
        return None
    start, last = min(planned), max(planned)
    rule = _COUNT_OR_UNTIL.sub("", _detail(planned[start]).rrule or "")
    expected = list(
        takewhile(lambda at: at <= last, rrulestr(rule, dtstart=start).xafter(start, REPEATS * 2, inc=True))
    )
    if not set(planned) <= set(expected):
        return None
    skipped = tuple(at for at in expected if at not in planned)
    return Series(rule=f"{rule};COUNT={len(expected)}", dates=planned, skipped=skipped)


def series_entries(series: Series, language: str) -> list[Event]:
    """The entry with the rule, and one for each date that differs from it (RFC 5545, 3.8.4.4)."""
    starts = sorted(series.dates)
    first = series.dates[starts[0]]
    usual = next((p for at, p in sorted(series.dates.items()) if _is_usual(p, at)), first)
    zone, uid = _detail(first).zone, first.series or first.uri
    main = entry(usual, language)
    lasting = _lasting(_detail(usual))
    _set(main, "UID", uid)
    _set(main, "DTSTART", _wall(starts[0], zone))
    if lasting is not None:
        _set(main, "DTEND", _wall(starts[0] + lasting, zone))
    main.add("RRULE", vRecur.from_ical(series.rule))
    for at in series.skipped:
        main.add("EXDATE", _wall(at, zone))
    made = [main]
    for at in starts:
        one = entry(series.dates[at], language)
        if _differs(series.dates[at], at, one, main, lasting):
            _set(one, "UID", uid)
            one.add("RECURRENCE-ID", _wall(at, zone))
            made.append(one)
    return made


def _is_usual(post: Post, at: datetime) -> bool:
    event = _detail(post)
    return event.status == "scheduled" and event.starts_local == at


def _differs(post: Post, at: datetime, one: Event, main: Event, lasting: timedelta | None) -> bool:
    event = _detail(post)
    if event.starts_local != at or _lasting(event) != lasting:
        return True
    return any(_said(one, name, post.url) != _said(main, name, str(main["URL"])) for name in OWN_FIELDS)


def _said(entry: Event, name: str, url: str) -> str:
    """A property less the address of the date's own page, which is another one for each date."""
    return str(entry.get(name, "")).replace(url, "")


def _set(entry: Event, name: str, value: object) -> None:
    entry.pop(name, None)
    entry.add(name, value)


def _lasting(event: EventDetail) -> timedelta | None:
    return event.ends_local - event.starts_local if event.ends_local else None


def _add_where(made: Event, event: EventDetail) -> None:
    if event.place:
        made.add("LOCATION", _line(place_line(event.place)))
        if event.place.latitude is not None and event.place.longitude is not None:
            made.add("GEO", (event.place.latitude, event.place.longitude))
    if event.online_url:
        made.add("CONFERENCE", vUri(event.online_url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
        if not event.place:
            made.add("LOCATION", event.online_url)


def _wall(local: datetime, zone: str) -> datetime:
    """A wall time with its zone's name; UTC where the zone is not known."""
    there = known_zone(zone)
    return local.replace(tzinfo=UTC if there.key == "UTC" else there)


def _line(text: str) -> str:
    return plain(text, single_line=True)


def _detail(post: Post) -> EventDetail:
    assert post.event is not None  # noqa: S101 - only events come here
    return post.event
