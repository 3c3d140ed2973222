"""Wall time, zone and instant: a moment people meet is kept all three ways, since the rules of a zone may change.

Two rulings for the nights clocks change: a wall time that is skipped does not exist and is refused; one that comes
twice means the first time."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

WALL_TIME = "%Y-%m-%dT%H:%M"


class BadTime(ValueError):
    """Base of what can be wrong with a time."""


class UnknownZone(BadTime):
    """No name of the IANA time zone database."""


class BadWallTime(BadTime):
    """Not written as 2026-03-07T14:00, or no day of the calendar."""


class NonexistentTime(BadTime):
    """A wall time that clocks skip in this zone."""


@cache
def zones() -> frozenset[str]:
    """The names of the IANA database that name a region, and UTC."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def is_zone(name: str) -> bool:
    """Whether this names a zone we know."""
    return name in zones()


def zone_info(name: str) -> ZoneInfo:
    """The zone of that name; raises UnknownZone. Nothing but a known name reaches the file system."""
    if not is_zone(name):
        raise UnknownZone(name)
    return ZoneInfo(name)


def wall_time(written: str) -> datetime:
    """Read a wall time such as 2026-03-07T14:00 (naive); raises BadWallTime."""
    try:
        read = datetime.strptime(written, WALL_TIME)
    except ValueError as error:
        raise BadWallTime(written) from error
    if read.strftime(WALL_TIME) != written:
        raise BadWallTime(written)
    return read


def local_to_instant(local: datetime, zone: str) -> datetime:
    """The instant (UTC) of a naive wall time in a zone.

    Raises UnknownZone, and NonexistentTime for a time that clocks skip there. Of two instants takes the first.
    """
    there = zone_info(zone)
    instant = local.replace(tzinfo=there, fold=0).astimezone(UTC)
    if instant_to_local(instant, zone) != local:
        raise NonexistentTime(f"{local:%Y-%m-%dT%H:%M} {zone}")
    return instant


def instant_to_local(instant: datetime, zone: str) -> datetime:
    """The naive wall time of an instant in a zone; raises UnknownZone."""
    return in_zone(instant, zone).replace(tzinfo=None, fold=0)


def in_zone(instant: datetime, zone: str) -> datetime:
    """The same instant with the offset of a zone; raises UnknownZone."""
    return instant.astimezone(zone_info(zone))


def utc_text(instant: datetime) -> str:
    """An instant as the wire writes it: 2026-03-01T10:00:00Z."""
    return instant.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def changed_at(now: datetime, before: datetime) -> datetime:
    """When something is said to have changed that was made, or changed before, at `before`: the wire has whole seconds,
    and others take only what is newer, so it is the next second where that has not begun."""
    return max(now, before.replace(microsecond=0) + timedelta(seconds=1))


def zoned_text(instant: datetime, zone: str) -> str:
    """An instant with the offset of its zone: 2026-03-07T14:00:00+01:00; raises UnknownZone."""
    return in_zone(instant, zone).replace(microsecond=0).isoformat()
