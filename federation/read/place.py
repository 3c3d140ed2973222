"""Where something is: `location` in all its shapes, on Earth or online."""

from collections.abc import Mapping
from typing import Any

import msgspec

from federation import sanitise
from federation.read.fields import Document, documents, embedded, reference, text
from federation.read.text import line
from federation.sanitise import plain
from schemas.access import LABELS, AccessFeature
from schemas.contexts import NAMESPACE
from schemas.limits import ACCESS_NOTE_CHARS, READ_LINKS
from schemas.things import Place

WHEELCHAIR = "mz:accessibility:wheelchairAccessible"
_WHEELCHAIR: Mapping[str, AccessFeature] = {"fully": "step_free", "partially": "partly_step_free"}


def places(doc: Document) -> list[Document]:
    """All the locations of a thing; a sister hub lists them in a key of its own, since others take only one."""
    return documents(doc, "coop:locations", READ_LINKS) or documents(doc, "location", READ_LINKS)


def on_earth(doc: Document) -> Place | None:
    """The first location that is a place with a name or an address (FEP-8a8e: the first supported entry)."""
    found = (_place(one) for one in places(doc) if one.get("type") in ("Place", None))
    return next((one for one in found if one), None)


def online(doc: Document) -> str | None:
    """The address of the first virtual location."""
    virtual = [one for one in places(doc) if one.get("type") == "VirtualLocation"]
    found = (sanitise.url(text(link, "href")) for one in virtual for link in documents(one, "url", READ_LINKS))
    return next((one for one in found if one), None)


def _place(doc: Document) -> Place | None:
    address = embedded(doc, "address")
    lines: dict[str, Any] = {
        "street": line(text(address, "streetAddress")),
        "postal_code": line(text(address, "postalCode")),
        "locality": line(text(address, "addressLocality")),
        "region": line(text(address, "addressRegion")),
        "country": line(text(address, "addressCountry")),
    }
    name = line(text(doc, "name")) or lines["street"] or lines["locality"]
    if not name:
        return None
    latitude, longitude = _on_the_globe(doc)
    return Place(
        name=name,
        latitude=latitude,
        longitude=longitude,
        uri=reference(doc, "id"),
        access=_access(doc),
        access_note=plain(text(doc, "coop:accessNote"))[:ACCESS_NOTE_CHARS].strip(),
        **lines,
    )


def with_mobilizons_access(place: Place | None, attached: list[Document]) -> Place | None:
    """The place with what Mobilizon says of wheelchairs, which it says of each event rather than of its place."""
    said = [text(one, "value") for one in attached if text(one, "propertyID") == WHEELCHAIR]
    found = _WHEELCHAIR.get(said[0]) if said else None
    if place is None or found is None or found in place.access:
        return place
    return msgspec.structs.replace(place, access=tuple(name for name in LABELS if name in (*place.access, found)))


def _access(doc: Document) -> tuple[AccessFeature, ...]:
    """What helps people there, in the words that we know; what is said not to be there is left out."""
    said = {
        text(one, "propertyID") for one in documents(doc, "amenityFeature", len(LABELS)) if one.get("value") is True
    }
    return tuple(name for name in LABELS if f"{NAMESPACE}{name}" in said)


def _on_the_globe(doc: Document) -> tuple[float | None, float | None]:
    """Coordinates, or none where one is missing or impossible; 0, 0 is how forms say nothing."""
    latitude, longitude = doc.get("latitude"), doc.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None, None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude == 0 and longitude == 0):
        return None, None
    return float(latitude), float(longitude)
