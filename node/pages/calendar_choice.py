"""What a reader chose in the calendar: the view, the day, and what to leave out; all of it stands in the address."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec

from node.store.db import Db
from node.store.events import agenda
from node.store.posts.reading import Wanted
from schemas.limits import CALENDAR_YEARS, NEAR_KM_MOST

DISTANCES = (5, 10, 25, 50, 100, NEAR_KM_MOST)
USUAL_KM = 25
COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
FILTERS = ("area", "language", "tag", "q", "near", "km", "online", "step_free", "from")
"""What a change of the view or the day leaves as it is, and feeds know too (all but the words)."""


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """What calendar, feeds and map can be narrowed to. `from`: only ours, or also what the network shows."""

    area: str | None = None
    language: str | None = None
    tag: str | None = None
    near: str | None = None
    km: int | None = None
    online: bool = False
    step_free: bool = False
    source: Literal["here", "network"] | None = msgspec.field(name="from", default=None)

    @property
    def given(self) -> dict[str, Any]:
        """What was chosen, as a query."""
        chosen = msgspec.to_builtins(self)
        return {name: ("1" if chosen[name] is True else chosen[name]) for name in FILTERS if chosen.get(name)}

    async def place(self, db: Db) -> agenda.KnownPlace | None:
        """Around where: the coordinates that were typed, or the place or town of that name."""
        return await place_named(db, self.near) if self.near else None

    def wanted(self, place: agenda.KnownPlace | None) -> Wanted:
        """What the store is asked for."""
        metres = min(max(self.km or USUAL_KM, 1), NEAR_KM_MOST) * 1000.0
        return Wanted(
            area=self.area,
            language=self.language,
            tag=self.tag or None,
            local=True if self.source == "here" else None,
            network=None if self.source == "here" else True,
            online=True if self.online else None,
            step_free=True if self.step_free else None,
            near=(place.latitude, place.longitude, metres) if place else None,
        )


class Chosen(Narrowing, frozen=True, kw_only=True):
    """The query of the calendar. `after` is the last event of the page before, as instant and id."""

    view: Literal["agenda", "week", "month"] = "agenda"
    when: Literal["upcoming", "past"] = "upcoming"
    day: str | None = None
    q: str | None = None
    after: str | None = None

    def around(self, today: date) -> date:
        """The day that was chosen, near enough to today that zones and calendars know it; else today."""
        try:
            day = date.fromisoformat(self.day or "")
        except ValueError:
            return today
        return day if abs(day.year - today.year) <= CALENDAR_YEARS else today

    def wanted(self, place: agenda.KnownPlace | None) -> Wanted:
        """With the words too."""
        return msgspec.structs.replace(super().wanted(place), words=self.q or None)


async def place_named(db: Db, typed: str) -> agenda.KnownPlace | None:
    """Coordinates such as 51.34, 12.37, or a name we know."""
    if written := COORDINATES.fullmatch(typed):
        latitude, longitude = float(written[1]), float(written[2])
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return agenda.KnownPlace(name=typed.strip(), latitude=latitude, longitude=longitude)
        return None
    return await agenda.find_place(db, typed.strip())


def feed_query(chosen: Narrowing) -> str:
    """The query of the feeds of this choice, with its question mark."""
    given = {**chosen.given, "from": chosen.source or "network"}
    given.pop("q", None)
    return f"?{urlencode(given)}"


def week_of(day: date) -> tuple[date, date]:
    """Its Monday, and the Monday after."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)


def month_of(day: date) -> tuple[date, date]:
    """Its first day, and that of the next month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def today_in(zone: Any) -> date:
    """The day that a reader's clocks show."""
    return datetime.now(UTC).astimezone(zone).date()
