"""Text of other servers, made safe to show: HTML by an allow-list (nh3), plain text without markup, http(s) addresses.

The same function cleans what our own Markdown renderer makes."""

import re
from collections import Counter
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from federation.addresses import BadAddress, canonical
from schemas.limits import (
    ADDRESS_BYTES,
    SANITISE_DEPTH,
    SANITISE_MARKS,
    SANITISE_PASSES,
    SANITISE_TAG_CHARS,
    SANITISED_CHARS,
)


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_CLASSES = _words("mention hashtag ellipsis invisible quote-inline u-url h-card")
_TAGS = _words("p br a abbr del s pre blockquote code b strong u sub sup i em h2 h3 h4 h5 ul ol li ruby rt rp span")
_SCHEMES = _words("http https mailto xmpp matrix geo gemini gopher magnet ipfs ipns dat dweb ssb")
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "*": {"lang", "dir"},
        "a": {"href"},
        "abbr": {"title"},
        "ol": {"start", "reversed"},
        "li": {"value"},
    },
    allowed_classes={"a": _CLASSES, "span": _CLASSES, "p": {"quote-inline"}},
    link_rel="nofollow noopener noreferrer",
    url_schemes=_SCHEMES,
    url_relative="deny",
)
_NEVER = re.compile("[\x00\r\u202d\u202e\ud800-\udfff]")
"""What no HTML of ours holds: what cannot be stored, and overrides, which turn the order of a whole line. The marks and
isolates that right-to-left scripts need stay."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)[^>]*>?", re.IGNORECASE)
_WHOLE_TAG = re.compile(r"""<(/?)([a-z][^\s/>]*)(?:"[^"]*"|'[^']*'|[^'">])*>?""", re.IGNORECASE)
_PRE_START = re.compile(r"(<pre\b[^<>]*>)\n+", re.IGNORECASE)
_RENAMED = {"h1": "h2", "h6": "h5", "strike": "s", "ins": "u", "tt": "code"}
_BLOCKS = _words("div section article header footer aside figure figcaption table tr td th dl dt dd hr details")
_LINE_ENDS = _BLOCKS | _words("p br li ul ol h1 h2 h3 h4 h5 h6 blockquote pre")
_BARE = _words("b code em i s strong u")
_RAW = _words("script style")
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_AMPERSANDS = re.compile(r"&(?!#?[0-9a-z]{1,32};)", re.IGNORECASE)
_ADDRESSES_KEPT = 1024  # avatars, emoji and pages of the same authors come again and again


def html(text: str) -> str:
    """Safe HTML; cleaning it again changes nothing. Pictures become links, h1 and h6 the nearest heading we keep.

    What is nested absurdly, or does not settle, comes back as text without markup.
    """
    text = _storable(text)
    if "<" not in text and "&" not in text:
        return escape(text, quote=False)
    if _marks(text) > SANITISE_MARKS:
        return escape(plain(text), quote=False)
    current = _TAG.sub(_adapted, _AMPERSANDS.sub("&amp;", text) if "&" in text else text)
    if "\n" in current:
        current = _PRE_START.sub(r"\1", current)
    # What a parser makes of badly nested tags can differ once more when it is parsed again: go on until it is
    # settled, so that the reader's browser sees exactly the tree that was checked.
    for _ in range(SANITISE_PASSES):
        if len(current) > SANITISED_CHARS or _is_deep(current):
            break
        cleaned = _storable(_CLEANER.clean(current))
        if cleaned == current:
            return cleaned
        current = cleaned
    return escape(plain(text), quote=False)


def plain(text: str, *, single_line: bool = False) -> str:
    """Text without markup, character references, control, invisible and direction characters; trimmed.

    A text that was escaped several times over is unescaped as often: what comes out holds no tag however it is shown.
    """
    if not text:
        return ""
    if not text.isprintable():  # nearly every line is, and then nothing in it is invisible
        text = _INVISIBLE.sub("", text)
    for _ in range(SANITISE_PASSES):
        if "<" not in text and "&" not in text:
            break
        bare = _INVISIBLE.sub("", unescape(_WHOLE_TAG.sub(_line_end, _HIDDEN.sub("", text))))
        if bare == text:
            break
        text = bare
    else:
        text = text.replace("<", "").replace("&", "")
    if single_line:
        return " ".join(text.split())
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def url(text: str) -> str | None:
    """The canonical form of an http(s) address, or None for anything else (case 19)."""
    return _canonical(text.strip()) if len(text) <= ADDRESS_BYTES else None


@lru_cache(maxsize=_ADDRESSES_KEPT)
def _canonical(text: str) -> str | None:
    try:
        return canonical(text)
    except BadAddress:
        return None


def _storable(text: str) -> str:
    return text if text.isprintable() else _NEVER.sub("", text)


def _adapted(tag: re.Match[str]) -> str:
    """One tag before parsing. Whatever is missed or misread here, the cleaner decides; this keeps parsing cheap.

    Tags that mean something to the parser only (tables, objects, forms) and attributes of formatting tags let its
    work grow with the square of the input, so they go first.
    """
    slash, name = tag[1], tag[2].lower()
    name = _RENAMED.get(name, name)
    if name in _BARE:
        return f"<{slash}{name}>"
    if name == "img":
        return _linked(tag[0])
    if name in _TAGS:
        rest = tag[0][tag.end(2) - tag.start() :]
        return f"<{slash}{name}{rest}" if len(rest) <= SANITISE_TAG_CHARS else ""
    if name in _RAW:
        return tag[0]
    return "\n" if name in _BLOCKS else ""


def _line_end(tag: re.Match[str]) -> str:
    return "\n" if tag[2].lower() in _LINE_ENDS else ""


def _marks(text: str) -> int:
    return text.count("<") + text.count("&")


def _is_deep(text: str) -> bool:
    """Whether more tags are open at once than any author needs. `p`, `br` and `li` close themselves."""
    if text.count("<") <= SANITISE_DEPTH:
        return False
    depth = 0
    still_open: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in ("p", "br", "li"):
            continue
        if not tag[1]:
            still_open[name] += 1
            depth += 1
        elif still_open[name]:
            still_open[name] -= 1
            depth -= 1
        if depth > SANITISE_DEPTH:
            return True
    return False


def _linked(image: str) -> str:
    """An `<img>` as a link with its description; what comes out is cleaned like all the rest."""
    reader = _ImageReader()
    reader.feed(image)
    address = url(reader.found.get("src") or "")
    words = escape(reader.found.get("alt") or reader.found.get("title") or address or "")
    return f'<a href="{escape(address)}">{words}</a>' if address else words


class _ImageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found = dict(attrs)
