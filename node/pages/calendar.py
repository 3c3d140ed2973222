"""/events: the calendar as an agenda by days, as a week and as a month; what a reader chose stays in the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import msgspec
from aiohttp import web

from node.pages.calendar_choice import DISTANCES, USUAL_KM, Chosen, feed_query, month_of, today_in, week_of
from node.pages.calendar_sources import Entry, gathered
from node.pages.choices import OFFERED_LANGUAGES
from node.store.db import Db
from node.store.events import agenda, events, past
from node.store.events.events import Hour
from node.store.posts.reading import Wanted
from node.theming.frame import Frame, frame, render, with_query
from node.web.handlers import query, reading
from node.wording import moments
from schemas.limits import AGENDA_EVENTS, AGENDA_OVERLAP, ID_MOST, LIST_ITEMS, PLACES_OFFERED, TWIN_SECONDS
from schemas.records import Post


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One day of a week or month with what takes place on it. `here`: whether it belongs to the month that is shown."""

    date: date
    entries: list[Entry]
    here: bool = True
    today: bool = False
    chosen: bool = False


async def show_events(request: web.Request) -> web.Response:
    """/events, for everybody."""
    chosen = query(request, Chosen)
    async with reading(request) as db:
        around = await frame(request, db)
        place = await chosen.place(db)
        values = await (_agenda if chosen.view == "agenda" else _span)(
            request, db, around, chosen, chosen.wanted(place)
        )
        values |= {"place": place, "place_names": await agenda.place_names(db, PLACES_OFFERED)}
    codes = dict.fromkeys([around.language, *around.hub.languages, *OFFERED_LANGUAGES])
    feeds = feed_query(chosen)
    values |= {
        "chosen": chosen,
        "narrowed": {name: one for name, one in chosen.given.items() if name != "from"},
        "distances": DISTANCES,
        "usual_km": USUAL_KM,
        "language_choices": list(codes),
        "atom": f"/events.atom{feeds}",
        "ics": f"/events.ics{feeds}",
    }
    return render(request, "pages/calendar.html", around, values)


async def _agenda(request: web.Request, db: Db, around: Frame, chosen: Chosen, wanted: Wanted) -> dict[str, Any]:
    """What comes, the next first, or what was, the latest first; page by page."""
    now, after = datetime.now(UTC), _read(chosen.after)

    async def found(after: Hour | None, limit: int) -> list[Post]:
        if chosen.when == "past":
            return await past.list_past(db, now, viewer=around.viewer_id, wanted=wanted, before=after, limit=limit)
        return await events.list_between(db, now, viewer=around.viewer_id, wanted=wanted, after=after, limit=limit)

    ahead = await found(after, LIST_ITEMS + AGENDA_OVERLAP)
    page, beyond = ahead[:LIST_ITEMS], ahead[LIST_ITEMS:]
    earlier = await found(_shortly_before(after, chosen), AGENDA_OVERLAP) if after else []
    near = {post.id: post for post in (*earlier, *page, *beyond)}
    on_page = {post.id for post in page}
    shown = {post.id for post in earlier} - on_page
    # Of an event with sources on two pages, the first one shows all of them.
    entries = [entry for entry in await gathered(db, list(near.values())) if not entry.ids & shown]
    here = [entry for entry in entries if entry.ids & on_page]
    last = page[-1] if len(here) < len(entries) or len(beyond) >= AGENDA_OVERLAP else None
    return {
        "days": _by_day(here, around),
        "ends": {
            "newer": with_query(request, after=None) if chosen.after else None,
            "older": with_query(request, after=_written(last)) if last else None,
        },
    }


def _shortly_before(after: Hour, chosen: Chosen) -> Hour:
    """Where what may be the same as the first of a page begins in the list."""
    step = timedelta(seconds=TWIN_SECONDS)
    if chosen.when == "past":
        return Hour(starts_at=after.starts_at + step, id=ID_MOST)
    return Hour(starts_at=after.starts_at - step, id=0)


async def _span(request: web.Request, db: Db, around: Frame, chosen: Chosen, wanted: Wanted) -> dict[str, Any]:
    """A week or a month, with the ways to the one before and the one after."""
    today = today_in(moments.known_zone(around.zone))
    day = chosen.around(today)
    first, after = week_of(day) if chosen.view == "week" else month_of(day)
    since, until = week_of(first)[0], week_of(after - timedelta(days=1))[1]
    midnight = time()
    found = await agenda.list_during(
        db,
        datetime.combine(since, midnight),
        datetime.combine(until, midnight),
        viewer=around.viewer_id,
        wanted=wanted,
        limit=AGENDA_EVENTS,
    )
    days = _days(await gathered(db, found), since, until, first, after)
    shown = day if chosen.day or today == day else first
    days = [msgspec.structs.replace(one, today=one.date == today, chosen=one.date == shown) for one in days]
    earlier, later = first - timedelta(days=1), after
    return {
        "first": first,
        "after": after - timedelta(days=1),
        "weeks": [days[start : start + 7] for start in range(0, len(days), 7)],
        "day": next(one for one in days if one.chosen),
        "cut_off": len(found) >= AGENDA_EVENTS,
        "earlier": with_query(request, day=_start(earlier, chosen).isoformat()),
        "later": with_query(request, day=later.isoformat()),
        "now": None if first <= today < after else with_query(request, day=None),
    }


def _start(day: date, chosen: Chosen) -> date:
    return week_of(day)[0] if chosen.view == "week" else month_of(day)[0]


def _days(entries: Sequence[Entry], since: date, until: date, first: date, after: date) -> list[Day]:
    """Each day of a span; what lasts several days stands on each of them."""
    days = {since + timedelta(days=number): list[Entry]() for number in range((until - since).days)}
    for entry in entries:
        for day in _dates(entry.post, since, until):
            days[day].append(entry)
    return [Day(date=day, entries=found, here=first <= day < after) for day, found in days.items()]


def _dates(post: Post, since: date, until: date) -> Iterable[date]:
    assert post.event  # noqa: S101 - lists of events hold events
    begins, ends = post.event.starts_local, post.event.ends_local or post.event.starts_local
    if ends - begins < timedelta(hours=12):  # what ends at night belongs to the evening
        ends = begins
    day, last = max(begins.date(), since), min(ends.date(), until - timedelta(days=1))
    return [day + timedelta(days=number) for number in range((last - day).days + 1)]


def _by_day(entries: Iterable[Entry], around: Frame) -> list[tuple[str, list[Entry]]]:
    dated = [(entry.post.event.starts_local.date(), entry) for entry in entries if entry.post.event]
    days = [(day, [entry for _, entry in group]) for day, group in groupby(dated, key=lambda one: one[0])]
    return [(moments.day(around.language, day), group) for day, group in days]


def _written(post: Post) -> str:
    return f"{post.event.starts_at.isoformat()}_{post.id}" if post.event else ""


def _read(after: str | None) -> Hour | None:
    instant, _, number = (after or "").partition("_")
    try:
        return Hour(starts_at=datetime.fromisoformat(instant), id=int(number))
    except ValueError:
        return None
