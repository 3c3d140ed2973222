"""What the page of an event tells search engines and assistants: schema.org's Event, as data that no browser runs."""

from __future__ import annotations

from typing import Any

import msgspec
from markupsafe import Markup

from federation.build.urls import Urls
from node.wording.language import gettext
from node.wording.showing import images, name, plain, version_for
from schemas.access import LABELS
from schemas.records import Post
from schemas.things import EventDetail, EventStatus, Place
from schemas.times import zoned_text

_STATUS: dict[EventStatus, str] = {
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
    "moved": "EventRescheduled",
}


def event_data(post: Post, language: str, urls: Urls) -> Markup:
    """The data of an event in the version for this reader, as JSON that may stand in a page."""
    event, version = post.event, version_for(post, language)
    assert event is not None  # noqa: S101 - only events are told so
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "url": post.url,
        "name": version.name,
        "description": version.summary or plain(version.content)[:500],
        "inLanguage": version.language,
        "startDate": zoned_text(event.starts_at, event.zone),
        "endDate": zoned_text(event.ends_at, event.zone) if event.ends_at else None,
        "eventStatus": f"https://schema.org/{_STATUS.get(event.status, 'EventScheduled')}",
        "eventAttendanceMode": f"https://schema.org/{_mode(event)}EventAttendanceMode",
        "location": _locations(event, language),
        "image": [one.url for one in images(post, urls)],
        "organizer": {"@type": "Organization", "name": name(post.actor, language), "url": post.actor.url},
        "maximumAttendeeCapacity": event.capacity,
    }
    written = msgspec.json.encode({key: value for key, value in told.items() if value}).decode()
    return Markup(written.replace("<", "\\u003c"))  # noqa: S704 - nothing in it ends the element


def _mode(event: EventDetail) -> str:
    if event.place and event.online_url:
        return "Mixed"
    return "Online" if event.online_url else "Offline"


def _locations(event: EventDetail, language: str) -> list[dict[str, Any]]:
    told = [_place(event.place, language)] if event.place else []
    return told + ([{"@type": "VirtualLocation", "url": event.online_url}] if event.online_url else [])


def _place(place: Place, language: str) -> dict[str, Any]:
    lines = {
        "streetAddress": place.street,
        "postalCode": place.postal_code,
        "addressLocality": place.locality,
        "addressRegion": place.region,
        "addressCountry": place.country,
    }
    told: dict[str, Any] = {
        "@type": "Place",
        "name": place.name,
        "address": {"@type": "PostalAddress"} | {key: line for key, line in lines.items() if line},
    }
    if place.latitude is not None:
        told["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    if place.access:
        told["amenityFeature"] = [
            {"@type": "LocationFeatureSpecification", "name": gettext(language, LABELS[one]), "value": True}
            for one in place.access
        ]
    return told
