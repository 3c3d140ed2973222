"""Whether a web page says that a profile is of the same person: a link to it with rel="me" (microformats, as Mastodon
reads them)."""

import asyncio
from collections.abc import Collection
from email.message import Message
from html.parser import HTMLParser
from urllib.parse import urljoin

from federation.addresses import BadAddress, canonical
from federation.client import GuardedClient, Outgoing
from federation.outcomes import FetchRefused, Refusal, check_ok
from schemas.limits import ADDRESS_BYTES, REL_ME_BYTES, REL_ME_LINKS

_HTML = ("text/html", "application/xhtml+xml")
_LINKS = ("a", "link", "area")


async def links_back(client: GuardedClient, url: str, profiles: Collection[str]) -> bool:
    """Ask a page, and look in its first REL_ME_BYTES for a link with rel="me" to one of these addresses of a profile.
    Where it leads on to another host, its own host has said nothing (case 21).

    Raises FetchRefused (no HTML, or a rule of ours), FetchFailed.
    """
    accepted = {"Accept": "text/html,application/xhtml+xml"}
    request = Outgoing(url=url, headers=accepted, redirects="same-origin", max_bytes=REL_ME_BYTES)
    async with client.send(request) as incoming:
        check_ok(incoming.status, incoming.headers.get("Retry-After", ""))
        said = Message()
        said["Content-Type"] = incoming.headers.get("Content-Type", "").replace("\r", " ").replace("\n", " ")
        if said.get_content_type() not in _HTML:
            raise FetchRefused(Refusal.ANSWER_TYPE, said.get_content_type()[:100])
        page = bytearray()
        async for piece in incoming.chunks():
            page += piece
    return await asyncio.to_thread(says_me, bytes(page), incoming.url, profiles)


def says_me(page: bytes, url: str, profiles: Collection[str]) -> bool:
    """Whether a page at `url` links to one of the addresses with rel="me"."""
    reader = _Links(url)
    reader.feed(page.decode("utf-8", "replace"))
    return not reader.found.isdisjoint(filter(None, map(_plain, profiles)))


class _Links(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _LINKS or len(self.found) >= REL_ME_LINKS:
            return
        said = dict(attrs)
        if "me" not in (said.get("rel") or "").lower().split():
            return
        href = (said.get("href") or "").strip()
        if href and len(href) <= ADDRESS_BYTES and (found := _plain(_joined(self.url, href))):
            self.found.add(found)


def _joined(url: str, href: str) -> str:
    try:
        return urljoin(url, href)
    except ValueError:
        return ""


def _plain(url: str) -> str:
    """The canonical address without a slash at its end, which people write or not; empty for what is none."""
    try:
        return canonical(url).rstrip("/")
    except BadAddress:
        return ""
