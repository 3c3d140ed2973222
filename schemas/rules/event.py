"""Rules for events: when, where, who may come, how often."""

from datetime import date, datetime, timedelta
from typing import Any

from schemas import categories, reasons
from schemas.calendar_rules import Rule, occurrences
from schemas.drafts import EventDraft
from schemas.drafts.event import RepeatDraft
from schemas.limits import EVENT_DAYS, REPEATS
from schemas.rules import parts
from schemas.rules.parts import Problems, problem
from schemas.times import BadWallTime, is_zone, wall_time


def rule(repeat: RepeatDraft) -> Rule:
    """The calendar rule of a series; raises ValueError for an `until` that is no date."""
    until = date.fromisoformat(repeat.until) if repeat.until else None
    return Rule(every=repeat.every, interval=repeat.interval, by=repeat.by, count=repeat.count, until=until)


def check(draft: EventDraft, now: datetime) -> Problems:
    """All that is wrong with an event. Past dates are allowed: hubs record what has been."""
    yield from parts.audience(draft)
    yield from parts.versions(draft.versions)
    yield from _when(draft, now)
    yield from _where(draft)
    yield from parts.actors("organisers", draft.organisers)
    yield from parts.actors("co_hosts", draft.co_hosts)
    yield from _registration(draft)
    yield from _categories(draft)
    yield from parts.area(draft.area)
    yield from parts.web_address("born_of", draft.born_of)
    yield from parts.tags(draft.tags)
    yield from parts.medium("image", draft.image)


def _when(draft: EventDraft, now: datetime) -> Problems:
    if not is_zone(draft.zone):
        yield problem("zone", reasons.NO_ZONE)
    yield from parts.moment("starts", draft.starts, draft.zone, now)
    yield from parts.moment("ends", draft.ends, draft.zone, now)
    starts, ends = parts.instant(draft.starts, draft.zone), parts.instant(draft.ends, draft.zone)
    if starts and ends and ends <= starts:
        yield problem("ends", reasons.ENDS_BEFORE_START)
    elif starts and ends and ends - starts > timedelta(days=EVENT_DAYS):
        yield problem("ends", reasons.TOO_LASTING, days=EVENT_DAYS)
    elif starts and draft.repeat:
        yield from _repeat(draft, draft.repeat)


def _repeat(draft: EventDraft, repeat: RepeatDraft) -> Problems:
    if repeat.every == "week" and repeat.by == "weekday":
        yield problem("repeat.by", reasons.WEEKLY_BY_WEEKDAY)
    if (repeat.count is None) == (repeat.until is None):
        yield problem("repeat", reasons.COUNT_OR_UNTIL)
        return
    starts = wall_time(draft.starts)
    try:
        series = rule(repeat)
    except ValueError:
        yield problem("repeat.until", reasons.NO_DATE)
        return
    if series.until is not None and series.until < starts.date():
        yield problem("repeat.until", reasons.UNTIL_BEFORE_START)
        return
    dates = occurrences(starts, series)
    if len(dates) > REPEATS:
        yield problem("repeat.until", reasons.TOO_MANY_DATES, max=REPEATS)
    yield from _each_exists(draft, dates)


def _each_exists(draft: EventDraft, dates: tuple[datetime, ...]) -> Problems:
    """A series may run over a night when clocks change: its first and its other dates must all exist."""
    lasting = _lasting(draft)
    for starts in dates[1:]:
        yield from parts.exists("repeat", starts, draft.zone)
        if lasting is not None:
            yield from parts.exists("repeat", starts + lasting, draft.zone)


def _lasting(draft: EventDraft) -> timedelta | None:
    try:
        return wall_time(draft.ends) - wall_time(draft.starts) if draft.ends else None
    except BadWallTime:
        return None


def _where(draft: EventDraft) -> Problems:
    yield from parts.place(draft.place)
    yield from parts.web_address("online_url", draft.online_url)
    yield from parts.web_address("told_at", draft.told_at)
    yield from parts.line("uid", draft.uid or "")
    undecided: tuple[Any, ...] = ("tentative", "postponed", "cancelled")
    if draft.place is None and draft.online_url is None and draft.status not in undecided:
        yield problem("place", reasons.NOWHERE)


def _registration(draft: EventDraft) -> Problems:
    yield from parts.web_address("external_url", draft.external_url)
    if draft.join_mode == "external" and draft.external_url is None:
        yield problem("external_url", reasons.REGISTRATION_NEEDED)
    if draft.join_mode != "external" and draft.external_url is not None:
        yield problem("external_url", reasons.REGISTRATION_UNUSED)


def _categories(draft: EventDraft) -> Problems:
    for index, category in enumerate(draft.categories):
        if category not in categories.ALL:
            yield problem(f"categories.{index}", reasons.NO_CATEGORY)
    yield from parts.once("categories", draft.categories)
