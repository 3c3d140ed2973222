"""Rules for what all kinds of drafts are made of: texts, addresses, people, tags, media, places, times."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from babel import Locale

from schemas import reasons
from schemas.drafts.parts import BaseDraft, MediumDraft, PlaceDraft, VersionDraft
from schemas.languages import canonical
from schemas.licences import address_of
from schemas.limits import ADDRESS_BYTES, EVENT_YEARS, TEXTS_CHARS
from schemas.problems import Problem
from schemas.tags import is_tag, normal
from schemas.times import (
    BadWallTime,
    NonexistentTime,
    is_zone,
    local_to_instant,
    wall_time,
)

Problems = Iterator[Problem]

_AREA = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HANDLE = re.compile(r"@?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?(@[\w.-]+(:[0-9]{1,5})?)?", re.IGNORECASE)
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"`{}|^]")
_YEAR = timedelta(days=365.25)


def problem(field: str, reason: str, **values: str | int) -> Problem:
    """A problem with the values for the reason's gaps."""
    return Problem(field=field, reason=reason, values=values)


def audience(draft: BaseDraft, *, people_needed: bool = True) -> Problems:
    """The audience names a group or people exactly where it needs them (a post names people in its text)."""
    if draft.audience == "group" and draft.group is None:
        yield problem("group", reasons.GROUP_NEEDED)
    if draft.audience != "group" and draft.group is not None:
        yield problem("group", reasons.GROUP_UNUSED)
    if draft.audience == "direct" and people_needed and not draft.to:
        yield problem("to", reasons.PEOPLE_NEEDED)
    if draft.audience != "direct" and draft.to:
        yield problem("to", reasons.PEOPLE_UNUSED)
    if draft.group is not None:
        yield from actor("group", draft.group)
    yield from actors("to", draft.to)


def versions(given: tuple[VersionDraft, ...]) -> Problems:
    """Each language once; titles and summaries are single lines; all texts together stay below the limit."""
    seen: set[str] = set()
    for index, version in enumerate(given):
        language = canonical(version.language)
        if language is None:
            yield problem(f"versions.{index}.language", reasons.NO_LANGUAGE)
        elif language in seen:
            yield problem(f"versions.{index}.language", reasons.SAME_TWICE)
        else:
            seen.add(language)
        yield from line(f"versions.{index}.name", version.name, needed=True)
        yield from line(f"versions.{index}.summary", version.summary)
    if sum(len(version.text) for version in given) > TEXTS_CHARS:
        yield problem("versions", reasons.TEXTS_TOO_LONG, max=TEXTS_CHARS)


def line(field: str, text: str, *, needed: bool = False) -> Problems:
    """A text is one line without control characters, and not blank where it is needed."""
    if _NOT_IN_A_LINE.search(text):
        yield problem(field, reasons.ONE_LINE)
    elif needed and not text.strip():
        yield problem(field, reasons.EMPTY)


def lines(field: str, texts: tuple[str, ...]) -> Problems:
    """Each entry of a list is a line that says something."""
    for index, text in enumerate(texts):
        yield from line(f"{field}.{index}", text, needed=True)


def web_address(field: str, address: str | None) -> Problems:
    """An address is http(s), names a host and carries no user name."""
    if address is not None and not is_web_address(address):
        yield problem(field, reasons.NO_WEB_ADDRESS)


def is_web_address(address: str) -> bool:
    """Whether this is an http(s) URL with a host that we would link to."""
    try:
        parts = urlsplit(address)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and port_is_fine
        and "@" not in parts.netloc
        and len(address) <= ADDRESS_BYTES
        and not _NOT_IN_A_URL.search(address)
    )


def actor(field: str, named: str) -> Problems:
    """Someone is named by a handle or by the address of an account."""
    if not _HANDLE.fullmatch(named) and not is_web_address(named):
        yield problem(field, reasons.NO_ACTOR)


def actors(field: str, named: tuple[str, ...]) -> Problems:
    """Each is an actor, and named once."""
    for index, one in enumerate(named):
        yield from actor(f"{field}.{index}", one)
    yield from once(field, tuple(one.removeprefix("@").casefold() for one in named))


def once(field: str, entries: tuple[str, ...]) -> Problems:
    """No entry of a list stands there twice."""
    for index, entry in enumerate(entries):
        if entry in entries[:index]:
            yield problem(f"{field}.{index}", reasons.SAME_TWICE)


def tags(given: tuple[str, ...]) -> Problems:
    """Each is a hashtag, and stands there once."""
    for index, tag in enumerate(given):
        if not is_tag(tag):
            yield problem(f"tags.{index}", reasons.NO_TAG)
    yield from once("tags", tuple(normal(tag) for tag in given))


def area(given: str | None) -> Problems:
    """An area's name is well formed; whether it exists, only the hub knows."""
    if given is not None and not _AREA.fullmatch(given):
        yield problem("area", reasons.NO_AREA)


def medium(field: str, given: MediumDraft | None) -> Problems:
    """A medium is either an upload or a file; its credit is a line, its licence one that can be looked up."""
    if given is None:
        return
    yield from line(f"{field}.credit", given.credit)
    if given.license and not is_web_address(address_of(given.license)):
        yield problem(f"{field}.license", reasons.NO_LICENCE)
    if (given.media_id is None) == (given.path is None):
        yield problem(field, reasons.MEDIUM_NEEDED)
    elif given.media_id is not None and not re.fullmatch(r"[0-9]{1,19}", given.media_id):
        yield problem(f"{field}.media_id", reasons.NOT_VALID)


@cache
def _countries() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - {"EU", "EZ", "QO", "UN", "ZZ"}


def place(given: PlaceDraft | None) -> Problems:
    """A place has a name, perhaps a country that exists, and both coordinates or none."""
    if given is None:
        return
    for name in ("name", "street", "postal_code", "locality", "region"):
        yield from line(f"place.{name}", getattr(given, name), needed=name == "name")
    if given.country and given.country not in _countries():
        yield problem("place.country", reasons.NO_COUNTRY)
    if (given.latitude is None) != (given.longitude is None):
        yield problem("place.latitude", reasons.HALF_A_POSITION)


def moment(field: str, written: str | None, zone: str | None, now: datetime) -> Problems:
    """A wall time is one, exists in its zone and is not absurdly far away. A bad zone is complained of elsewhere."""
    if written is None:
        return
    try:
        local = wall_time(written)
    except BadWallTime:
        yield problem(field, reasons.NO_WALL_TIME)
        return
    if abs(local - now.replace(tzinfo=None)) > EVENT_YEARS * _YEAR:
        yield problem(field, reasons.TOO_FAR, years=EVENT_YEARS)
    elif zone is not None and is_zone(zone):
        yield from exists(field, local, zone)


def exists(field: str, local: datetime, zone: str) -> Problems:
    """A wall time is not one that clocks skip."""
    try:
        local_to_instant(local, zone)
    except NonexistentTime:
        yield problem(field, reasons.SKIPPED_TIME, zone=zone, time=f"{local:%Y-%m-%d %H:%M}")


def instant(written: str | None, zone: str | None) -> datetime | None:
    """The instant of a wall time, or None where there is none or something about it is wrong."""
    if written is None or zone is None or not is_zone(zone):
        return None
    try:
        return local_to_instant(wall_time(written), zone)
    except (BadWallTime, NonexistentTime, OverflowError):
        return None
