"""An event of another server: AS2 `Event` as Mobilizon, Gancio, WordPress, Friendica, PieFed and others write it."""

from datetime import datetime, timedelta
from typing import get_args

from federation import sanitise
from federation.read.fields import (
    Document,
    count,
    documents,
    embedded,
    instant,
    moment,
    reference,
    references,
    text,
    unique,
)
from federation.read.place import on_earth, online, with_mobilizons_access
from federation.read.text import line
from federation.terms import PUBLIC
from schemas import categories
from schemas.limits import ADDRESS_BYTES, CATEGORIES, EVENT_CAPACITY, ORGANISERS, READ_LINKS, UID_CHARS
from schemas.things import EventDetail, EventStatus, JoinMode
from schemas.times import instant_to_local, is_zone, zone_info

_STATUS: dict[str, EventStatus] = {
    "EventScheduled": "scheduled",
    "EventTentative": "tentative",
    "EventPostponed": "postponed",
    "EventRescheduled": "moved",
    "EventMovedOnline": "moved",
    "EventCancelled": "cancelled",
    "CONFIRMED": "scheduled",
    "TENTATIVE": "tentative",
    "CANCELLED": "cancelled",
}
_UTC = "UTC"


def detail(doc: Document) -> EventDetail | None:
    """When and where, or None where the start is missing or no time.

    A start without an offset is meant in `timezone`, else in UTC; an end that is not after the start is dropped;
    counts that cannot be are not said.
    """
    zone = _zone(doc)
    starts_at = moment(doc, "startTime", zone_info(zone))
    if starts_at is None:
        return None
    ends_at = None if doc.get("displayEndTime") is False else moment(doc, "endTime", zone_info(zone))
    if ends_at is not None and ends_at <= starts_at:
        ends_at = None
    return EventDetail(
        starts_at=starts_at,
        starts_local=instant_to_local(starts_at, zone),
        zone=zone,
        ends_at=ends_at,
        ends_local=instant_to_local(ends_at, zone) if ends_at else None,
        previous_start=moment(doc, "previousStartTime", zone_info(zone)),
        status=_status(doc),
        place=with_mobilizons_access(on_earth(doc), documents(doc, "attachment", READ_LINKS)),
        online_url=_online(doc),
        capacity=count(doc, "maximumAttendeeCapacity", EVENT_CAPACITY) or None,
        waiting_list=False,
        join_mode=_join_mode(doc),
        external_url=_external(doc),
        categories=_categories(doc),
        organisers=_organisers(doc),
        uid=_uid(doc),
        told_at=sanitise.url(text(doc, "coop:toldAt")),
        going=_going(doc),
    )


def inside_group(doc: Document) -> Document | None:
    """The event that a Smithereen group is, as an Event document under the group's id and by the group itself, its
    administrators as organisers; None for other documents."""
    found = [one for one in documents(doc, "attachment", CATEGORIES) if one.get("type") == "Event"]
    if doc.get("type") != "Group" or not found:
        return None
    access = {"open": "free", "closed": "restricted", "private": "invite"}.get(text(doc, "accessType"), "free")
    kept = {key: doc[key] for key in ("id", "name", "url", "published", "updated", "image", "location") if key in doc}
    people = [own for own in [reference(doc, "id"), *references(doc, "attributedTo", ORGANISERS)] if own]
    said = {"content": text(doc, "summary"), "to": [PUBLIC] if access != "invite" else [], "joinMode": access}
    return found[0] | kept | said | {"type": "Event", "attributedTo": people}


def _zone(doc: Document) -> str:
    """The zone named, else the one that stands for the start's offset in whole hours, so that the clock shows what the
    organiser wrote."""
    said = text(doc, "timezone")
    if is_zone(said):
        return said
    written = text(doc, "startTime").strip()
    offset = _offset(written)
    hours, rest = divmod(offset, timedelta(hours=1))
    name = f"Etc/GMT{-hours:+d}"  # POSIX counts westwards
    return name if hours and not rest and is_zone(name) else _UTC


def _offset(written: str) -> timedelta:
    if instant(written) is None:
        return timedelta()
    return datetime.fromisoformat(written.upper()).utcoffset() or timedelta()


def _status(doc: Document) -> EventStatus:
    """`eventStatus` before `status`, bare or as an IRI; whatever else is said, cancelled is cancelled."""
    said = [text(doc, key).replace("#", "/").replace(":", "/").rpartition("/")[2] for key in ("eventStatus", "status")]
    known = [_STATUS[one] for one in said if one in _STATUS]
    return "cancelled" if "cancelled" in known else (known[0] if known else "scheduled")


def _online(doc: Document) -> str | None:
    said = sanitise.url(text(doc, "onlineLink")) or online(doc)
    if said or doc.get("isOnline") is not True:
        return said
    # Mobilizon gives the address of an event that is only online as its website.
    linked = (sanitise.url(text(one, "href")) for one in documents(doc, "attachment", CATEGORIES))
    return next((one for one in linked if one), None)


def _join_mode(doc: Document) -> JoinMode:
    said = text(doc, "coop:joinMode") or text(doc, "joinMode")
    return next((mode for mode in get_args(JoinMode) if mode == said), "free")


def _external(doc: Document) -> str | None:
    said = text(doc, "externalParticipationUrl")
    if said.startswith("mailto:") and "@" in said and len(said) <= ADDRESS_BYTES:
        return line(said)
    return sanitise.url(said)


def _categories(doc: Document) -> tuple[str, ...]:
    said = doc.get("category")
    words = (one.upper() for one in said if isinstance(one, str)) if isinstance(said, list) else ()
    return unique((one for one in words if one in categories.ALL), CATEGORIES)


def _organisers(doc: Document) -> tuple[str, ...]:
    """Those named as organisers; else contacts, authors and who wrote it down: peers differ."""
    named = references(embedded(doc, "organizers"), "items", ORGANISERS)
    contacts = references(doc, "contacts", ORGANISERS)
    written = (*references(doc, "attributedTo", ORGANISERS), reference(doc, "actor"))
    return unique(named or (*contacts, *written), ORGANISERS)


def _uid(doc: Document) -> str | None:
    """What calendars know it by: iCalendar's word, else Mobilizon's, which is the UID of its calendar feeds."""
    said = line(text(doc, "ical:uid") or text(doc, "uuid"))
    return said if 0 < len(said) <= UID_CHARS and said != text(doc, "id") else None


def _going(doc: Document) -> int:
    return count(doc, "participantCount") or count(embedded(doc, "attendees"), "totalItems") or 0
