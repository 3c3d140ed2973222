"""What a web page says of itself to those who link to it: title, description, picture (OpenGraph, else plain HTML)."""

import asyncio
import re
from datetime import datetime
from email.message import Message
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import msgspec

from federation import sanitise
from federation.build.lines import cut
from federation.client import GuardedClient, Outgoing
from federation.outcomes import FetchRefused, Refusal, check_ok
from schemas.languages import canonical
from schemas.limits import CARD_BYTES, CARD_HEAD_BYTES, CARD_TEXT_CHARS, NAME_CHARS

_HEAD_END = re.compile(rb"</head|<body", re.IGNORECASE)
_CHARSET_WITHIN = 4096  # HTML asks for it within the first kilobyte
_END_BYTES = 6  # of its first letters, which may come in two pieces
_HTML = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_LINK = re.compile(r"<a\b([^>]*)>")
_ATTRIBUTE = re.compile(r"(href|class)=\"([^\"]*)\"")
_QUOTE = re.compile(r'<(p|span) class="quote-inline">.*?</\1>', re.DOTALL)
_NO_LINKS = frozenset({"mention", "hashtag", "u-url"})


class PageCard(msgspec.Struct, frozen=True, kw_only=True):
    """A page in its own words, as plain text; `image` is the address of its picture."""

    title: str
    description: str = ""
    image: str | None = None
    language: str | None = None
    author: str = ""
    provider: str = ""
    published: datetime | None = None


def first_link(html: str) -> str | None:
    """The first web address that a sanitised text links to, other than people, tags and what it quotes."""
    for tag in _LINK.finditer(_QUOTE.sub("", html)):
        said = dict(_ATTRIBUTE.findall(tag[1]))
        if _NO_LINKS.isdisjoint(said.get("class", "").split()) and (found := sanitise.url(said.get("href", ""))):
            return found
    return None


async def fetch_card(client: GuardedClient, url: str) -> PageCard | None:
    """Ask a page what it says of itself; None if it has no title. Only its head is read, CARD_HEAD_BYTES at most.

    Raises FetchRefused (no HTML, or a rule of ours), FetchFailed.
    """
    request = Outgoing(url=url, headers={"Accept": "text/html,application/xhtml+xml"}, max_bytes=CARD_BYTES)
    async with client.send(request) as incoming:
        check_ok(incoming.status, incoming.headers.get("Retry-After", ""))
        said = Message()
        said["Content-Type"] = incoming.headers.get("Content-Type", "").replace("\r", " ").replace("\n", " ")
        if said.get_content_type() not in _HTML:
            raise FetchRefused(Refusal.ANSWER_TYPE, said.get_content_type()[:100])
        head = bytearray()
        async for piece in incoming.chunks():
            seen = max(len(head) - _END_BYTES, 0)
            head += piece
            if len(head) >= CARD_HEAD_BYTES or _HEAD_END.search(head, seen):
                break
    # Beside the loop: it may take a moment to read.
    charset = said.get_content_charset()
    return await asyncio.to_thread(read_card, bytes(head[:CARD_HEAD_BYTES]), incoming.url, charset)


def read_card(head: bytes, url: str, charset: str | None = None) -> PageCard | None:
    """The card of a page from the beginning of its HTML; None if it has no title."""
    parser = _Head()
    parser.feed(_text(head, charset))
    told = parser.told
    title = _line(told.get("og:title") or told.get("twitter:title") or parser.title, NAME_CHARS)
    if not title:
        return None
    image = told.get("og:image") or told.get("og:image:url") or told.get("twitter:image") or ""
    language = told.get("og:locale", "").replace("_", "-") or parser.language
    return PageCard(
        title=title,
        description=_line(told.get("og:description") or told.get("description") or "", CARD_TEXT_CHARS),
        image=sanitise.url(urljoin(url, image)) if image else None,
        language=canonical(language) if language else None,
        author=_line(told.get("author") or told.get("article:author_name") or "", NAME_CHARS),
        provider=_line(told.get("og:site_name") or "", NAME_CHARS) or (urlsplit(url).hostname or ""),
        published=_moment(told.get("article:published_time", "")),
    )


class _Head(HTMLParser):
    """Meta elements by their name, the first of each; the title; the language of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: dict[str, str] = {}
        self.title, self.language = "", ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (said.get("property") or said.get("name") or "").strip().lower()
            if name and said.get("content"):
                self.told.setdefault(name, said["content"])
        elif tag == "html":
            self.language = said.get("lang", "")
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < CARD_TEXT_CHARS:
            self.title += data


def _text(head: bytes, charset: str | None) -> str:
    found = _CHARSET.search(head, 0, _CHARSET_WITHIN)
    name = charset or (found[1].decode("ascii") if found else "utf-8")
    try:
        return head.decode(name, "replace")
    except (LookupError, ValueError):
        return head.decode("utf-8", "replace")


def _line(text: str, most: int) -> str:
    return cut(sanitise.plain(text[: most * 4].replace("<", "‹"), single_line=True), most)


def _moment(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return found if found.tzinfo else None
