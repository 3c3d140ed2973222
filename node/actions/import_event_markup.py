"""Events in a web page that marks them up where they are read: h-event (microformats2) and its forerunner hCalendar.

Whatever a page holds, its elements are looked at once, to a bounded depth, and texts are cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

from federation.sanitise import plain
from node.actions.import_event_found import Imported, wall, web_address
from schemas.limits import IMPORT_DEPTH, IMPORT_ELEMENTS, IMPORT_EVENTS, NAME_CHARS, TEXT_CHARS

_ROOTS = {"h-event", "vevent"}
_OLD = {
    "summary": "p-name", "dtstart": "dt-start", "dtend": "dt-end", "location": "p-location", "description": "p-content",
    "url": "u-url", "fn": "p-name", "org": "p-name", "street-address": "p-street-address", "locality": "p-locality",
    "postal-code": "p-postal-code", "region": "p-region", "country-name": "p-country-name", "uid": "u-uid",
}  # fmt: skip
_NEW = {"e-content": "p-content", "p-description": "p-content", "p-org": "p-name"}
_PLACE = {
    "p-name": "name",
    "p-street-address": "street",
    "p-postal-code": "postal_code",
    "p-locality": "locality",
    "p-region": "region",
}
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_UNREAD = frozenset(("script", "style", "template"))
_BLOCKS = frozenset(["p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "section", "tr"])
_CLOCK = re.compile(r"\s*(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap])?\.?m?\.?\s*(Z|[+-]\d{2}:?\d{2})?\s*", re.IGNORECASE)


class Element:
    """An element of a page with what it holds."""

    __slots__ = ("attributes", "children", "tag")

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[Element | str] = []

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


def in_markup(body: bytes, url: str, zone: str) -> list[Imported]:
    """The events that a page marks up, in its order; empty if there are none."""
    page = _Tree()
    page.feed(body.decode("utf-8", "replace"))
    events = [one for one in _elements(page.root) if _ROOTS & set(one.classes)][:IMPORT_EVENTS]
    alone = len(events) == 1
    return [event for one in events if (event := _event(_properties(one), one, url, zone, alone=alone))]


def _event(said: Mapping[str, Element], element: Element, url: str, zone: str, *, alone: bool) -> Imported | None:
    starts = _moment(said["dt-start"], None) if "dt-start" in said else None
    if starts is None:
        return None
    ends = _moment(said["dt-end"], starts) if "dt-end" in said else None
    try:
        local, there = wall(starts, zone)
        until = wall(ends, there)[0] if ends else None
    except OverflowError:  # a moment before the first year, or after the last
        return None
    name = _value(said["p-name"]) if "p-name" in said else _text(element, NAME_CHARS)
    page = web_address(urljoin(url, _address(said["u-url"]))) if "u-url" in said else ""
    text = said.get("p-content") or said.get("p-summary")
    return Imported(
        name=plain(name, single_line=True),
        text=_text(text, TEXT_CHARS) if text else "",
        starts=local,
        ends=until,
        zone=there,
        place=_place(said["p-location"]) if "p-location" in said else {},
        source=page or url,
        told_at=page or (url if alone else ""),
        uid=plain(_address(said["u-uid"]), single_line=True) if "u-uid" in said else "",
    )


def _place(element: Element) -> dict[str, str]:
    """A card or an address, or just words."""
    said = _properties(element)
    inner = next((one for one in said.values() if {"h-adr", "adr"} & set(one.classes)), None)
    parts = (_properties(inner) if inner else {}) | said
    found = {field: _value(parts[name]) for name, field in _PLACE.items() if name in parts}
    country = _value(parts["p-country-name"]) if "p-country-name" in parts else ""
    if len(country) == 2 and country.isalpha():
        found["country"] = country.upper()
    if not found:
        found = {"name": _value(element)}
    found.setdefault("name", found.get("street") or found.get("locality") or "")
    return {name: value for name, value in found.items() if value}


def _properties(root: Element) -> dict[str, Element]:
    """The first element of each property; those of a thing within belong to that thing."""
    found: dict[str, Element] = {}
    waiting: list[Element | str] = list(reversed(root.children))
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            continue
        for name in one.classes:
            known = _NEW.get(name) or _OLD.get(name) or (name if name[:2] in ("p-", "u-", "e-") else "")
            known = known or (name if name.startswith("dt-") else "")
            if known:
                found.setdefault(known, one)
        if "adr" in one.classes or "h-adr" in one.classes:
            found.setdefault("p-adr", one)
        if not any(name.startswith("h-") or name in ("vevent", "vcard", "adr") for name in one.classes):
            waiting += reversed(one.children)
    return found


def _value(element: Element) -> str:
    """What a property says: in parts that are marked as values, in an attribute meant for programs, or in words."""
    parts = [_own(one) for one in _elements(element) if "value" in one.classes and one is not element]
    return "".join(parts).strip() or _own(element)


def _own(element: Element) -> str:
    said = element.attributes
    told = {"abbr": "title", "data": "value", "input": "value", "img": "alt", "time": "datetime"}.get(element.tag, "")
    return (said.get(told) or _text(element, NAME_CHARS)).strip()


def _address(element: Element) -> str:
    said = element.attributes
    return said.get("href") or said.get("src") or _value(element)


def _moment(element: Element, begins: date | datetime | None) -> date | datetime | None:
    """A time; where only the clock is told, it is that of the day on which the event begins."""
    parts = [_own(one) for one in _elements(element) if "value" in one.classes and one is not element]
    words = parts or [_own(element)]
    days = [one for one in words if re.match(r"\d{4}-\d{2}-\d{2}", one)]
    clocks = [clock for one in words if one not in days and (clock := _clock(one))]
    if not days and begins is not None and clocks:
        days = [f"{begins:%Y-%m-%d}"]
    written = (days[0] + ("T" + clocks[0] if clocks else "")) if days else ""
    try:
        return date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written.replace(" ", "T"))
    except ValueError:
        return None


def _clock(words: str) -> str:
    """7pm as 19:00."""
    read = _CLOCK.fullmatch(words)
    if read is None:
        return ""
    hour = int(read[1])
    if read[3]:
        hour = hour % 12 + (12 if read[3].lower() == "p" else 0)
    return f"{hour:02}:{read[2] or '00'}{read[4] or ''}"


def _elements(root: Element) -> Iterator[Element]:
    waiting: list[Element | str] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Element):
            yield one
            waiting += reversed(one.children)


def _text(root: Element, most: int) -> str:
    """The words of an element, blocks on lines of their own, cut."""
    words, length = list[str](), 0
    waiting: list[Element | str] = [root]
    while waiting and length < most:
        one = waiting.pop()
        if isinstance(one, str):
            words.append(re.sub(r"\s+", " ", one))
            length += len(one)
        elif one.tag not in _UNREAD:
            if one.tag in _BLOCKS:
                words.append("\n")
            waiting += reversed(one.children)
    lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
    return "\n".join(line for line in lines if line)[:most]


class _Tree(HTMLParser):
    """The elements of a page, IMPORT_ELEMENTS at most. What lies deeper than IMPORT_DEPTH stands beside its elders
    instead of within."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("html", {})
        self._open, self._tags, self._left = [self.root], Counter[str](), IMPORT_ELEMENTS

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._left:
            return
        self._left -= 1
        made = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(made)
        if tag not in _VOID and len(self._open) < IMPORT_DEPTH:
            self._open.append(made)
            self._tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        while self._tags[tag]:
            closed = self._open.pop().tag
            self._tags[closed] -= 1
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._left:
            self._open[-1].children.append(data)
