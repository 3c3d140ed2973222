"""What hangs on a text: hashtags, mentions, custom emoji, links, the post it quotes."""

import re

from federation import sanitise
from federation.read.fields import Document, address, documents, embedded, entries, reference, text, unique
from federation.read.text import line
from federation.terms import PUBLIC_NAMES
from schemas.limits import DOCUMENT_LIST_ITEMS, READ_EMOJI, READ_LINKS, READ_MENTIONS, READ_SHORTCODE_CHARS, TAGS
from schemas.tags import is_tag, normal
from schemas.things import Link, QuotePolicy

_SHORTCODE = re.compile(rf":?([A-Za-z0-9_]{{1,{READ_SHORTCODE_CHARS}}}):?")
_QUOTE_RELATIONS = ("https://misskey-hub.net/ns#_misskey_quote", "https://w3id.org/fep/044f#quote")
_QUOTE_KEYS = ("quote", "quoteUrl", "quoteUri", "_misskey_quote")


def hashtags(doc: Document) -> tuple[str, ...]:
    """Hashtags in their stored form (FEP-eb48)."""
    names = (text(tag, "name") for tag in _of(doc, "Hashtag"))
    return unique((normal(name) for name in names if is_tag(name)), TAGS)


def mentions(doc: Document) -> tuple[str, ...]:
    """Ids of the mentioned."""
    return unique((reference(tag, "href") for tag in _of(doc, "Mention")), READ_MENTIONS)


def emoji(doc: Document) -> tuple[tuple[str, str], ...]:
    """Custom emoji as shortcode and image address; anything else in a shortcode drops it (case 68)."""
    found: dict[str, str] = {}
    for tag in _of(doc, "Emoji"):
        name = _SHORTCODE.fullmatch(text(tag, "name"))
        picture = image_url(tag, "icon")
        if name and picture and len(found) < READ_EMOJI:
            found.setdefault(name[1], picture)
    return tuple(found.items())


def links(doc: Document) -> tuple[Link, ...]:
    """Web addresses given as attachments or tags, without the quoted post."""
    told = [one for key in ("attachment", "tag") for one in _links_of(doc, key) if not _is_quote(one)]
    found = {url: line(text(one, "name")) for one in told if (url := sanitise.url(text(one, "href")))}
    return tuple(Link(url=url, name=name) for url, name in list(found.items())[:READ_LINKS])


def quote(doc: Document) -> str | None:
    """The post that is quoted, in any of the ways to say so (FEP-044f, FEP-e232)."""
    said = [reference(doc, key) for key in _QUOTE_KEYS]
    tagged = [address(text(one, "href")) for one in _links_of(doc, "tag") if _is_quote(one)]
    return next((one for one in (*said, *tagged) if one), None)


def quote_policy(doc: Document, followers: str | None) -> QuotePolicy:
    """Who may quote it without asking its author (FEP-044f). Whoever says nothing has allowed nothing."""
    allowed = embedded(embedded(doc, "interactionPolicy"), "canQuote").get("automaticApproval")
    named = [one for one in (allowed if isinstance(allowed, list) else [allowed]) if isinstance(one, str)]
    if any(one in PUBLIC_NAMES for one in named):
        return "public"
    return "followers" if any(one == followers or one.rstrip("/").endswith("/followers") for one in named) else "nobody"


def image_url(doc: Document, key: str) -> str | None:
    """The address of the first picture under a key."""
    pictures = documents(doc, key, DOCUMENT_LIST_ITEMS)
    addresses = (sanitise.url(text(link, "href")) for one in pictures for link in documents(one, "url", READ_LINKS))
    return next((one for one in addresses if one), None)


def _of(doc: Document, kind: str) -> list[Document]:
    return [tag for tag in documents(doc, "tag", DOCUMENT_LIST_ITEMS) if tag.get("type") == kind]


def _links_of(doc: Document, key: str) -> list[Document]:
    return [one for one in documents(doc, key, DOCUMENT_LIST_ITEMS) if one.get("type") == "Link" and "href" in one]


def _is_quote(link: Document) -> bool:
    return any(relation in _QUOTE_RELATIONS for relation in entries(link, "rel"))
