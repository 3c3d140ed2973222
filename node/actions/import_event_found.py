"""An event as others tell it, in the words of our form."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import msgspec

from federation.build.lines import cut
from federation.sanitise import plain, url
from schemas.limits import NAME_CHARS, TEXT_CHARS, UID_CHARS
from schemas.times import WALL_TIME, instant_to_local, is_zone


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. `starts` and `ends` are wall times in `zone`; `place` holds fields of a place by name; `repeat`
    the fields of a series, `series_lost` that it repeats in a way we cannot say. `uid`: its name in the calendar;
    `told_at`: the page that is about it alone. Both are kept, so that a copy that federates is known as the same."""

    name: str
    text: str = ""
    starts: datetime
    ends: datetime | None = None
    zone: str
    place: dict[str, str] = {}
    online_url: str = ""
    source: str = ""
    language: str = ""
    repeat: dict[str, str] = {}
    series_lost: bool = False
    uid: str = ""
    told_at: str = ""

    def fields(self) -> dict[str, list[str]]:
        """The fields of the form to publish an event; the source stands below the text."""
        text = "\n\n".join(part for part in (self.text[: TEXT_CHARS // 2], self.source) if part)
        found = {
            "versions.0.name": cut(plain(self.name, single_line=True), NAME_CHARS),
            "versions.0.text": text,
            "versions.0.language": self.language,
            "starts": self.starts.strftime(WALL_TIME),
            "ends": self.ends.strftime(WALL_TIME) if self.ends and self.ends > self.starts else "",
            "zone": self.zone,
            "online_url": self.online_url,
            "uid": self.uid if len(self.uid) <= UID_CHARS else "",
            "told_at": self.told_at,
            **{f"place.{name}": cut(plain(value, single_line=True), NAME_CHARS) for name, value in self.place.items()},
            **{f"repeat.{name}": value for name, value in self.repeat.items()},
        }
        return {name: [value] for name, value in found.items() if value}


def wall(when: date | datetime, zone: str) -> tuple[datetime, str]:
    """A moment as wall time and zone. A day without hours begins at midnight; a time in a zone that we do not know by
    name, or in UTC as most calendars write it, is told in `zone`."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time.min), zone
    if when.tzinfo is None:
        return when.replace(second=0, microsecond=0), zone
    name = getattr(when.tzinfo, "key", "") or ""
    there = name if is_zone(name) and name != "UTC" else zone
    return instant_to_local(when.astimezone(UTC), there).replace(second=0, microsecond=0), there


def web_address(written: object) -> str:
    """A web address, or nothing."""
    return url(str(written)) or "" if written else ""
