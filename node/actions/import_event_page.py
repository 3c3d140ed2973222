"""Events in a web page that describes them as schema.org has it (JSON-LD) or marks them up, or in an ActivityPub
document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec

from federation import normalise, read
from federation.bounded_json import BadJson, decode_object
from federation.read.errors import BadDocument, Unwanted
from federation.sanitise import plain
from node.actions.import_event_found import Imported, wall, web_address
from node.actions.import_event_markup import in_markup
from schemas.limits import IMPORT_BLOCKS, IMPORT_EVENTS


def in_document(body: bytes, url: str) -> list[Imported]:
    """The event of an ActivityPub document; empty if it is none."""
    try:
        thing = read.thing(normalise.document(decode_object(body)))
    except (BadJson, BadDocument, Unwanted):
        return []
    event = thing.event
    if event is None:
        return []
    version = thing.versions[0]
    named = ("name", "street", "postal_code", "locality", "region", "country")
    place = {name: str(getattr(event.place, name)) for name in named} if event.place else {}
    return [
        Imported(
            name=version.name,
            text=plain(version.content),
            language=version.language if version.language != "und" else "",
            starts=event.starts_local,
            ends=event.ends_local,
            zone=event.zone,
            place={name: value for name, value in place.items() if value},
            online_url=event.online_url or "",
            source=web_address(thing.url) or url,
            uid=event.uid or thing.id,
            told_at=web_address(thing.url) or url,
        )
    ]


def in_page(body: bytes, url: str, zone: str) -> list[Imported]:
    """The events that a page describes in JSON-LD, else those that it marks up, in its order; empty if there are
    none."""
    reader = _Blocks()
    reader.feed(body.decode("utf-8", "replace"))
    found = []
    for block in reader.blocks:
        try:
            said = msgspec.json.decode(block)
        except (msgspec.DecodeError, RecursionError):
            continue
        found += [event for one in _things(said) if (event := _event(one, url, zone))]
    if len(found) == 1 and not found[0].told_at:
        found = [msgspec.structs.replace(found[0], told_at=web_address(url))]
    return found[:IMPORT_EVENTS] or in_markup(body, url, zone)


def _event(said: dict[str, Any], url: str, zone: str) -> Imported | None:
    starts, ends = _moment(said.get("startDate")), _moment(said.get("endDate"))
    if starts is None or not isinstance(said.get("name"), str):
        return None
    try:
        local, there = wall(starts, zone)
        until = wall(ends, there)[0] if ends else None
    except OverflowError:  # a moment before the first year, or after the last
        return None
    place, online = _where(said.get("location"))
    page = web_address(said.get("url") if isinstance(said.get("url"), str) else "")
    return Imported(
        name=said["name"],
        text=plain(said["description"]) if isinstance(said.get("description"), str) else "",
        starts=local,
        ends=until,
        zone=there,
        place=place,
        online_url=online,
        source=page or url,
        told_at=page,
    )


def _things(said: object) -> Iterator[dict[str, Any]]:
    """The events of a block, which may be one thing, a list, or a graph."""
    listed = said if isinstance(said, list) else [said]
    for one in listed[:IMPORT_BLOCKS]:
        if not isinstance(one, dict):
            continue
        graph = one.get("@graph")
        for thing in [one, *(graph[:IMPORT_BLOCKS] if isinstance(graph, list) else [])]:
            kind = thing.get("@type") if isinstance(thing, dict) else None
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(name, str) and name.endswith("Event") for name in kinds):
                yield thing


def _where(said: object) -> tuple[dict[str, str], str]:
    place: dict[str, str] = {}
    online = ""
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str):
            place.setdefault("name", one)
        elif isinstance(one, dict) and one.get("@type") == "VirtualLocation":
            online = web_address(one.get("url"))
        elif isinstance(one, dict) and not place:
            place = _place(one)
    return place, online


def _place(said: dict[str, Any]) -> dict[str, str]:
    address = said.get("address")
    if isinstance(address, str):
        named: dict[str, Any] = {"name": said.get("name"), "street": address}
    else:
        parts = address if isinstance(address, dict) else {}
        named = {
            "name": said.get("name"),
            "street": parts.get("streetAddress"),
            "postal_code": parts.get("postalCode"),
            "locality": parts.get("addressLocality"),
            "region": parts.get("addressRegion"),
        }
        country = parts.get("addressCountry")
        if isinstance(country, str) and len(country) == 2 and country.isalpha():
            named["country"] = country.upper()
    return {name: value for name, value in named.items() if isinstance(value, str) and value}


def _moment(written: object) -> date | datetime | None:
    if not isinstance(written, str):
        return None
    try:
        return date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
    except ValueError:
        return None


class _Blocks(HTMLParser):
    """The contents of the JSON-LD scripts of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"
        if self._inside and len(self.blocks) < IMPORT_BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and self.blocks:
            self.blocks[-1] += data
