"""HTML around what people wrote: paragraphs, lists and links of facts. All text comes in plain and goes out escaped."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

_SHOWN_CHARS = 60


def paragraph(*parts: str) -> str:
    """Parts that are HTML already, as one paragraph; nothing for nothing."""
    inner = "".join(parts)
    return f"<p>{inner}</p>" if inner else ""


def strong(text: str) -> str:
    """Plain text, emphasised."""
    return f"<strong>{escape(text, quote=False)}</strong>" if text else ""


def plain(text: str) -> str:
    """Plain text as HTML."""
    return escape(text, quote=False)


def link(url: str, text: str = "") -> str:
    """A link; without a text of its own it shows the address, shortened."""
    return f'<a href="{escape(url)}">{plain(text or shown(url))}</a>'


def hashtag(url: str, name: str) -> str:
    """A hashtag as Mastodon writes it, so that all readers know it for one."""
    return f'<a href="{escape(url)}" class="mention hashtag" rel="tag">#<span>{plain(name)}</span></a>'


def mention(url: str, name: str) -> str:
    """A mention as Mastodon writes it: a link to the profile that shows the name."""
    return f'<span class="h-card"><a href="{escape(url)}" class="u-url mention">@<span>{plain(name)}</span></a></span>'


def bullets(entries: Iterable[str], tag: str = "ul") -> str:
    """Entries that are HTML already, as a list; nothing for nothing."""
    inner = "".join(f"<li>{entry}</li>" for entry in entries)
    return f"<{tag}>{inner}</{tag}>" if inner else ""


def section(heading: str, inner: str) -> str:
    """A heading above its HTML; nothing without it."""
    return f"<h2>{plain(heading)}</h2>{inner}" if inner else ""


def shown(url: str) -> str:
    """An address as people read it: no scheme, not endless."""
    parts = urlsplit(url)
    text = parts.netloc + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
