"""The three co-ops of the demo and what they publish: `coops/<name>/coop.json` and, beside it, drafts in our schema.

A draft's dates only mean their weekdays: they are moved by whole weeks to lie so many weeks ahead of today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from schemas.times import WALL_TIME

FOLDER = Path(__file__).parent / "coops"
NAMES = ("muehlwiese", "carraway", "grenier")

_FIRST_DATE = ("starts", "deadline")
_WALL_TIMES = ("starts", "ends", "begins", "deadline")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a login: a short name, and the name as others read it."""

    name: str
    shown: str


class Coop(msgspec.Struct, frozen=True, kw_only=True):
    """One co-op as its hub is set up; the first language is the main one, `address` the loopback address it has."""

    slug: str
    name: str
    address: str
    description: str
    languages: tuple[str, ...]
    areas: tuple[str, ...]
    zone: str
    place: str
    town: str
    country: str
    steward: Person
    member: Person

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody with a login."""
        return (self.steward, self.member)


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as its file holds it."""

    draft: dict[str, Any]
    weeks_ahead: int = 0


def read_coop(slug: str) -> Coop:
    """The co-op in the folder of that name."""
    content: dict[str, Any] = msgspec.json.decode((FOLDER / slug / "coop.json").read_bytes())
    return msgspec.convert(content | {"slug": slug}, Coop)


def read_draft(slug: str, name: str, today: date) -> dict[str, Any]:
    """A draft of a co-op, its dates moved to lie ahead of `today`."""
    prepared = msgspec.json.decode((FOLDER / slug / f"{name}.json").read_bytes(), type=Prepared)
    return moved(prepared.draft, prepared.weeks_ahead, today)


def draft_names(slug: str) -> list[str]:
    """The names of all drafts of a co-op."""
    return sorted(path.stem for path in (FOLDER / slug).glob("*.json") if path.stem != "coop")


def moved(draft: Mapping[str, Any], weeks_ahead: int, today: date) -> dict[str, Any]:
    """The draft with all its wall times moved by the same number of weeks, so that the first lies in the week that
    begins `weeks_ahead` weeks after today's; without any it stays as it is."""
    first = next((draft[name] for name in _FIRST_DATE if name in draft), None)
    if first is None:
        return dict(draft)
    written = datetime.strptime(first, WALL_TIME).date()
    by = _monday(today) + timedelta(weeks=weeks_ahead) - _monday(written)
    times = {name: draft[name] for name in _WALL_TIMES if name in draft}
    return dict(draft) | {name: (_read(text) + by).strftime(WALL_TIME) for name, text in times.items()}


def _read(text: str) -> datetime:
    return datetime.strptime(text, WALL_TIME)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
