"""Repeats: a series is one event per date, at the same wall time, in one common context. No peer knows recurrence
rules: each date is published for itself, and the rule stands in the calendar feed only. Followers
hear of the first date and of those of the next weeks at once, of each later one when its time comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from node.actions.spread import tell_new
from node.ids import new_id
from node.node import Node
from node.store.events import events
from node.store.posts import posts
from schemas.calendar_rules import occurrences, rrule_text
from schemas.drafts import Draft, EventDraft
from schemas.limits import SERIES_TOLD_AT_ONCE, SERIES_TOLD_DAYS
from schemas.records import Post
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


def comes_soon(post: Post, now: datetime) -> bool:
    """Whether a date of a series is near enough to be told to others."""
    return post.event is None or post.event.starts_at < now + timedelta(days=SERIES_TOLD_DAYS)


async def tell_dates(node: Node) -> None:
    """Job: tell of the dates of our series whose time has come. They count as published now, since servers put what is
    old where nobody looks."""
    while True:
        async with node.database.pool.acquire() as db, db.transaction():
            due = await events.untold(db, timedelta(days=SERIES_TOLD_DAYS), SERIES_TOLD_AT_ONCE)
            for post_id in due:
                await posts.lock(db, post_id)
                await tell_new(node, db, await posts.publish_again(db, post_id, datetime.now(UTC)))
        node.wake()
        if len(due) < SERIES_TOLD_AT_ONCE:
            return


def distinct_ids(count: int) -> list[int]:
    """So many ids, the smallest first; in one millisecond two of many might be the same."""
    ids: set[int] = set()
    while len(ids) < count:
        ids.add(new_id())
    return sorted(ids)
