"""Repeats: a series is one event per date, at the same wall time, in one common context. No peer knows recurrence
rules: each date is published for itself (federation.md 1.6), and the rule stands in the calendar feed only."""

from __future__ import annotations

from datetime import datetime

import msgspec

from node.ids import new_id
from schemas.calendar_rules import occurrences, rrule_text
from schemas.drafts import Draft, EventDraft
from schemas.rules.event import rule
from schemas.times import wall_time


class Date(msgspec.Struct, frozen=True, kw_only=True):
    """One post about to be made; for a date of a series with its wall time and the rule of the series."""

    id: int
    starts: datetime | None = None
    rrule: str | None = None


def dates_of(draft: Draft) -> list[Date]:
    """The posts that a draft makes, in order of their dates: one, or for a repeated event one for each date."""
    if not isinstance(draft, EventDraft) or draft.repeat is None:
        return [Date(id=new_id())]
    first, repeats = wall_time(draft.starts), rule(draft.repeat)
    starts = occurrences(first, repeats)
    said = rrule_text(first, repeats)
    ids = distinct_ids(len(starts))
    return [Date(id=one, starts=when, rrule=said) for one, when in zip(ids, starts, strict=True)]


def distinct_ids(count: int) -> list[int]:
    """So many ids, the smallest first; in one millisecond two of many might be the same."""
    ids: set[int] = set()
    while len(ids) < count:
        ids.add(new_id())
    return sorted(ids)
