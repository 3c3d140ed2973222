"""The rules of the narrow readers, one small function each: what would break or be lost
when that server reads a document of ours. An empty list means that it reads it whole.

From the sources of the servers as the reference names them; `test_readers.py` holds each rule against a document that
breaks it."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import msgspec

from schemas import categories

Document = dict[str, Any]
Complaints = Iterator[str]

AP_TYPES = ("application/activity+json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"')
CONVERTED = ("Image", "Audio", "Video", "Article", "Page", "Event")
MEDIA = ("Document", "Audio", "Image", "Video")
PIEFED_KEYS = (
    "startTime",
    "endTime",
    "timezone",
    "maximumAttendeeCapacity",
    "participantCount",
    "onlineLink",
    "joinMode",
    "externalParticipationUrl",
    "anonymousParticipation",
    "isOnline",
    "buyTicketsLink",
    "feeCurrency",
    "feeAmount",
)
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def mobilizon(event: Document) -> Complaints:
    """Converter.Event: crashes on arrays where it wants maps, knows four join modes, finds banners among Documents."""
    for key in ("id", "name", "startTime"):
        if not isinstance(event.get(key), str) or not event[key]:
            yield f"{key} missing"
    if not event.get("actor") and not event.get("attributedTo"):
        yield "no organiser"
    for key in ("to", "contacts", "tag", "attachment"):
        if not isinstance(event.get(key), list):
            yield f"{key} is no list"
    if not isinstance(event.get("content"), str):
        yield "content is no text"
    yield from _mobilizon_words(event)
    yield from _mobilizon_location(event.get("location"))
    yield from _mobilizon_media(event)


def _mobilizon_words(event: Document) -> Complaints:
    if event.get("joinMode", "free") not in ("free", "restricted", "invite", "external"):
        yield "joinMode unknown"
    if not isinstance(event.get("category"), str) or event["category"] not in (*categories.COMMON, "HEALTH"):
        yield "category unknown"
    if str(event.get("status", "")).lower() not in ("confirmed", "tentative", "cancelled"):
        yield "status unknown"


def _mobilizon_media(event: Document) -> Complaints:
    if isinstance(event.get("image"), list):
        yield "image is an array"
    attached = _list(event, "attachment")
    if any("type" not in one for one in attached):
        yield "attachment without type"
    if event.get("image") and not any(one.get("type") == "Document" for one in attached):
        yield "banner not found"


def _mobilizon_location(location: Any) -> Complaints:
    if location is None:
        return
    if not isinstance(location, dict):
        yield "location is no object"
        return
    if not isinstance(location.get("address", {}), dict):
        yield "address is no object"
    for key in ("latitude", "longitude"):
        if key in location and not isinstance(location[key], float):
            yield f"{key} is no float"


def gancio(event: Document) -> Complaints:
    """Looks through attachments for the first image by media type; on Update takes the first attachment's url."""
    for key in ("id", "name", "startTime"):
        if not event.get(key):
            yield f"{key} missing"
    for key in ("attachment", "tag"):
        if not isinstance(event.get(key), list):
            yield f"{key} is no list"
    attached = _list(event, "attachment")
    images = [index for index, one in enumerate(attached) if str(one.get("mediaType", "")).startswith("image/")]
    before = attached[: images[0]] if images else attached
    if any(not one.get("mediaType") for one in before):
        yield "attachment without mediaType before the image"
    if images and (images[0] != 0 or not isinstance(attached[0].get("url"), str)):
        yield "the first attachment is not the image"
    if any(not isinstance(one.get("name"), str) for one in _list(event, "tag")):
        yield "tag without name"


def piefed(event: Document) -> Complaints:
    """Indexes into the object: an absent key is a KeyError."""
    for key in PIEFED_KEYS:
        if key not in event:
            yield f"{key} absent"
    image = event.get("image")
    if image is not None and not (isinstance(image, dict) and isinstance(image.get("url"), str)):
        yield "image is no object with url"
    if any("type" not in one for one in _list(event, "attachment")):
        yield "attachment without type"


def pleroma(thing: Document) -> Complaints:
    """Changesets refuse the whole object for one part they do not know."""
    if not isinstance(thing.get("type"), str):
        yield "type is no string"
    if thing.get("type") == "Event" and not isinstance(thing.get("url"), str):
        yield "url is no string"
    if "actor" in thing and thing["actor"] != thing.get("attributedTo"):
        yield "actor is not attributedTo"
    for one in _list(thing, "attachment"):
        if one.get("type") not in ("Link", *MEDIA):
            yield f"attachment of type {one.get('type')}"
    if not isinstance(thing.get("tag", []), list):
        yield "tag is no list"
    for one in _list(thing, "tag"):
        if one.get("type") == "Link" and one.get("mediaType") not in AP_TYPES:
            yield "Link tag without an ActivityPub media type"


def misskey(thing: Document) -> Complaints:
    """Takes the first type; a url must be https and on the host of the id."""
    if not isinstance(thing.get("type"), str):
        yield "type is no string"
    url = thing.get("url")
    if not isinstance(url, str) or urlsplit(url).scheme != "https" or _host(url) != _host(thing["id"]):
        yield "url is no https address on the host of the id"


def lemmy(thing: Document) -> Complaints:
    """Typed decoding: one string type, one author, a first attachment with an address."""
    if not isinstance(thing.get("type"), str):
        yield "type is no string"
    if not isinstance(thing.get("attributedTo"), str):
        yield "attributedTo is no string"
    first = next(iter(_list(thing, "attachment")), None)
    if first is not None and not isinstance(first.get("url") or first.get("href"), str):
        yield "the first attachment has no address"


def gotosocial(thing: Document) -> Complaints:
    """Drops what was updated before it was published, and ids on another host than the author's."""
    if _moment(thing["updated"]) < _moment(thing["published"]):
        yield "updated before published"
    if _host(thing["id"]) != _host(thing["attributedTo"]):
        yield "id on another host than the author"


def friendica(event: Document) -> Complaints:
    """No startTime, no calendar entry; a time must be readable."""
    try:
        if _moment(event["startTime"]).tzinfo is None:
            yield "startTime without offset"
    except (KeyError, TypeError, ValueError):
        yield "no startTime"


def wp_event_bridge(event: Document) -> Complaints:
    """Wants a name and a start; reads an address that is text or a PostalAddress, and the image or first picture."""
    for key in ("name", "startTime"):
        if not event.get(key):
            yield f"{key} missing"
    location = event.get("location")
    if isinstance(location, dict) and location.get("type") == "Place":
        address = location.get("address", "")
        if not isinstance(address, str) and (not isinstance(address, dict) or address.get("type") != "PostalAddress"):
            yield "address cannot be read"
    pictures = [one for one in _list(event, "attachment") if one.get("type") in ("Image", "Document")]
    if event.get("image") and not (isinstance(event["image"], dict) or pictures):
        yield "picture not found"


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What Mastodon makes of a thing: `text` as people see it, without tags."""

    text: str
    language: str | None
    spoiler: str
    media: tuple[str, ...]
    visibility: str
    link: str


def mastodon(thing: Document) -> Complaints:
    """Supported or converted types only; a name on a Note is a vote; primary language first in every map."""
    if len(json.dumps(thing).encode()) > 1024 * 1024:
        yield "larger than 1 MiB"
    if _host(thing["id"]) != _host(thing["attributedTo"]):
        yield "id on another host than the author"
    if not isinstance(thing.get("type"), str) or thing["type"] not in (*CONVERTED, "Note", "Question"):
        yield "type is dropped"
    if thing.get("type") == "Note" and "name" in thing:
        yield "a Note with a name is a vote"
    if thing.get("type") in CONVERTED:
        yield from _mastodon_converted(thing)
    firsts = {next(iter(thing[key])) for key in ("nameMap", "summaryMap", "contentMap") if thing.get(key)}
    if len(firsts) > 1:
        yield "the maps begin with different languages"
    for key in ("name", "summary", "content"):
        if thing.get(f"{key}Map") and next(iter(thing[f"{key}Map"].values())) != thing.get(key):
            yield f"{key} is not the first of {key}Map"


def _mastodon_converted(thing: Document) -> Complaints:
    if not isinstance(thing.get("url"), str):
        yield "url is no string"
    name, summary = thing.get("name") or "", thing.get("summary") or ""
    if not name:
        yield "no title"
    if "<" in name or "<" in unescape(summary):
        yield "markup in name or summary"
    if "&" in summary or "\n" in summary or not summary:
        yield "summary is not one neutral line"


def mastodon_status(thing: Document) -> Status:
    """The conversion that Mastodon makes."""
    converted = thing["type"] in CONVERTED
    parts = (thing.get("name"), thing.get("summary"), thing.get("url")) if converted else (thing.get("content"),)
    maps = (thing.get(key) for key in ("contentMap", "nameMap", "summaryMap"))
    first = next((one for one in maps if one), None)
    followers = f"{thing['attributedTo']}/followers"
    if PUBLIC in thing["to"]:
        visibility = "public"
    elif PUBLIC in thing["cc"]:
        visibility = "unlisted"
    else:
        visibility = "private" if followers in thing["to"] else "direct"
    media = [one for one in _list(thing, "attachment") if one.get("url") and one.get("mediaType")]
    return Status(
        text="\n\n".join(part for part in parts if part),
        language=next(iter(first)) if first else None,
        spoiler="" if converted else thing.get("summary") or "",
        media=tuple(one.get("summary") or one.get("name") or "" for one in media[:4]),
        visibility=visibility,
        link=thing["url"],
    )


OF_EVENTS: dict[str, Callable[[Document], Complaints]] = {
    "Mobilizon": mobilizon,
    "Gancio": gancio,
    "PieFed": piefed,
    "Friendica": friendica,
    "WP Event Bridge": wp_event_bridge,
}
OF_THINGS: dict[str, Callable[[Document], Complaints]] = {
    "Pleroma": pleroma,
    "Misskey": misskey,
    "Lemmy": lemmy,
    "GoToSocial": gotosocial,
    "Mastodon": mastodon,
}


def complaints(thing: Document) -> dict[str, list[str]]:
    """What each reader complains of; readers that do not complain are left out."""
    readers = OF_THINGS | (OF_EVENTS if thing.get("type") == "Event" else {})
    found = {name: list(reader(thing)) for name, reader in readers.items()}
    return {name: said for name, said in found.items() if said}


def _list(thing: Document, key: str) -> list[Document]:
    value = thing.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)
