"""What a browser would do with a page, feed or calendar: everything that must never be in one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
NEVER = {"iframe", "object", "embed", "base", "frame", "frameset", "applet", "noscript", "template", "math"}
LINKS = {"href", "src", "action", "formaction", "poster", "data", "xlink:href", "srcset", "cite"}
SCHEMES = {"", "http", "https", "mailto", "webcal", "tel", "geo"}
OWN_CLASS = re.compile(r"[a-z][\w-]*")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f]")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        data = given == {"type": "application/ld+json"}  # runs nowhere; what ends it too soon is seen as what follows
        if tag in NEVER or (tag == "script" and not data and not given.get("src", "").startswith("/static/")):
            self.wrong.append(f"<{tag}>")
        if tag == "meta" and "http-equiv" in given:
            self.wrong.append(f"<meta {given}>")
        if tag == "form" and not given.get("action", "/").startswith("/"):
            self.wrong.append(f"<form {given}>")
        if tag in ("img", "video", "audio", "source", "link") and tag != "link" and _foreign(given.get("src", "")):
            self.wrong.append(f"<{tag} src={given.get('src')}>")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc", "ping"):
                self.wrong.append(f"<{tag} {name}={value}>")
            if name in LINKS and _scheme(value) not in SCHEMES:
                self.wrong.append(f"<{tag} {name}={value}>")


def _scheme(address: str) -> str:
    """As browsers read it: without blanks and control characters."""
    bare = re.sub(r"[\x00-\x20]", "", address)
    return bare.partition(":")[0].lower() if re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", bare) else ""


def _foreign(address: str) -> bool:
    return bool(urlsplit(address).netloc)


def dangers(page: str) -> list[str]:
    """What in a page would run, load from elsewhere, or send somewhere."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.wrong


def dangers_in_feed(feed: str) -> list[str]:
    """The same for the HTML inside an Atom feed, and its links."""
    tree = ElementTree.fromstring(feed)
    inner = [one.text or "" for one in tree.iter() if one.get("type") == "html"]
    links = [one.get("href", "") for one in tree.iter(f"{ATOM}link")]
    return [wrong for one in inner for wrong in dangers(one)] + [one for one in links if _scheme(one) not in SCHEMES]


def dangers_in_calendar(calendar: str) -> list[str]:
    """Properties that no text of others may have added, and addresses that no reader should open."""
    lines = re.sub(r"\r\n[ \t]", "", calendar).split("\r\n")
    names = {re.split("[:;]", line)[0] for line in lines}
    addresses = [line.partition(":")[2] for line in lines if re.match(r"(URL|IMAGE|CONFERENCE)[;:]", line)]
    return sorted(names & {"ATTACH", "BEGIN:VALARM", "X-EVIL"}) + [a for a in addresses if _scheme(a) not in SCHEMES]


def found_in(path: str, text: str) -> list[str]:
    """What is wrong with what this address answered."""
    if ".atom" in path:
        return dangers_in_feed(text)
    if ".ics" in path:
        return dangers_in_calendar(text)
    return dangers(text)
