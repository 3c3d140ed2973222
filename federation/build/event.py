"""An event as it goes over the wire: AS2 Event in the shape that every known reader takes."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from federation import sanitise
from federation.build import lines, markup, parts
from federation.build.parts import Document
from federation.build.urls import Urls
from federation.build.words import event_prefix, words
from schemas import categories
from schemas.records import Post
from schemas.things import EventDetail, EventStatus, Version
from schemas.times import zoned_text

_STATUS: dict[EventStatus, tuple[str, str]] = {
    "scheduled": ("CONFIRMED", "EventScheduled"),
    "tentative": ("TENTATIVE", "EventTentative"),
    "postponed": ("TENTATIVE", "EventPostponed"),
    "moved": ("CONFIRMED", "EventRescheduled"),
    "cancelled": ("CANCELLED", "EventCancelled"),
}
"""iCalendar's word, which Mobilizon and Gancio know, and FEP-8a8e's."""


def document(post: Post, urls: Urls) -> Document:
    """The Event of a post of that kind. Raises ValueError for a post without an event."""
    event = post.event
    if event is None:
        raise ValueError(f"{post.uri} is no event")
    return (
        parts.at_context("place", "event", "quote")
        | parts.head(post)
        | {"actor": post.actor.uri}
        | parts.addressed(post, urls)
        | _texts(post, event)
        | parts.dated(post)
        | _when(event)
        | _standing(post, event)
        | _attendance(post, event)
        | _where(event)
        | parts.picture(post.attachments)
        | _attached(post, event)
        | parts.tagged(post, urls, also=_category_tags(event))
        | _people(post, event, urls)
        | parts.thread(post, urls)
        | parts.quotable(post, urls)
        | parts.own_versions(post.versions)
    )


def organisers(post: Post, event: EventDetail) -> list[str]:
    """Ids of those who hold an event: its author, unless others are named."""
    return list(dict.fromkeys(event.organisers)) or [post.actor.uri]


def _texts(post: Post, event: EventDetail) -> Document:
    def name(version: Version) -> str:
        return lines.title(event_prefix(event.status, version.language) + version.name)

    def content(version: Version) -> str:
        return sanitise.html(version.content + _online_line(event, version))

    return (
        parts.in_languages("name", post.versions, name)
        | parts.in_languages("summary", post.versions, lambda version: lines.event_summary(event, version))
        | parts.in_languages("content", post.versions, content)
        | {"mediaType": "text/html", "inLanguage": post.versions[0].language, "sensitive": post.sensitive}
    )


def _online_line(event: EventDetail, version: Version) -> str:
    """The address online, for the many readers who show nothing but the text."""
    if event.online_url is None or event.online_url in version.content:
        return ""
    label = markup.plain(words(version.language).online + ": ")
    return markup.paragraph(label, markup.link(event.online_url))


def _when(event: EventDetail) -> Document:
    """Times with the offset of the event's zone, and the zone. Without `endTime` the end is open (FEP-8a8e)."""
    told: Document = {
        "startTime": zoned_text(event.starts_at, event.zone),
        "endTime": zoned_text(event.ends_at, event.zone) if event.ends_at else None,
        "displayEndTime": event.ends_at is not None,
        "timezone": event.zone,
    }
    if event.previous_start:
        told["previousStartTime"] = zoned_text(event.previous_start, event.zone)
    return told


def _standing(post: Post, event: EventDetail) -> Document:
    ical, fep = _STATUS[event.status]
    if event.status == "moved" and event.previous_start is None and event.place is None:
        fep = "EventMovedOnline"
    return {
        "status": ical,
        "ical:status": ical,
        "eventStatus": fep,
        "category": categories.common(event.categories[0]) if event.categories else categories.DEFAULT,
        "draft": False,
        "uuid": str(uuid5(NAMESPACE_URL, post.uri)),
        "ical:uid": event.uid or post.uri,
    } | ({"coop:toldAt": event.told_at} if event.told_at else {})


def _attendance(post: Post, event: EventDetail) -> Document:
    """Who may come. Mobilizon knows four ways to join and fails on others: `none` becomes `external`, at our page."""
    bare = event.join_mode == "none"
    told: Document = {
        "joinMode": "external" if bare else event.join_mode,
        "externalParticipationUrl": post.url if bare else event.external_url,
        "anonymousParticipation": False,
        "anonymousParticipationEnabled": False,
        "maximumAttendeeCapacity": event.capacity or 0,
        "remainingAttendeeCapacity": max(event.capacity - event.going, 0) if event.capacity else None,
        "participantCount": event.going,
        "repliesModerationOption": "allow_all",
        "commentsEnabled": True,
    }
    return told | ({"coop:joinMode": "none"} if bare else {})


def _where(event: EventDetail) -> Document:
    """One location: an array breaks Mobilizon. All of them stand in our own key. PieFed wants every key, if empty."""
    online = {"type": "VirtualLocation", "name": words("en").online, "url": event.online_url}
    places: list[Any] = [parts.place(event.place)] if event.place else []
    if event.online_url:
        places.append(online)
    told: Document = {
        "isOnline": bool(event.online_url) and event.place is None,
        "onlineLink": event.online_url,
        "buyTicketsLink": None,
        "feeCurrency": None,
        "feeAmount": 0,
    }
    return told | ({"location": places[0], "coop:locations": places} if places else {})


def _attached(post: Post, event: EventDetail) -> Document:
    """Images first (Gancio), as Document: Mobilizon finds its banner among those only. `Website` is Mobilizon's name
    for the address online."""
    attached = parts.media(post.attachments, image_type="Document")
    if event.online_url:
        attached.append({"type": "Link", "mediaType": "text/html", "href": event.online_url, "name": "Website"})
    return {"attachment": attached}


def _category_tags(event: EventDetail) -> list[str]:
    """Categories that `category` cannot say: all but the first, and the first where it is a finer word."""
    unsaid = [one for one in event.categories[:1] if one not in categories.COMMON]
    return [categories.hashtag(one) for one in (*unsaid, *event.categories[1:])]


def _people(post: Post, event: EventDetail, urls: Urls) -> Document:
    """Organisers by id; of attendees the number only: nobody agreed to be listed."""
    held_by = organisers(post, event)
    return {
        "contacts": held_by,
        "organizers": {
            "type": "Collection",
            "id": urls.organizers(post.uri),
            "totalItems": len(held_by),
            "items": held_by,
        },
        "attendees": {"type": "Collection", "id": urls.attendees(post.uri), "totalItems": event.going},
    }
