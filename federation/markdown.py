"""What people write becomes HTML: Markdown with links, @name@host mentions and #tags, in the subset that other servers
show. Raw HTML stays text; what comes out has passed the sanitiser."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from federation import sanitise
from federation.build.markup import hashtag
from federation.build.markup import mention as mention_link
from schemas.tags import TAG, is_tag

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Mention = Callable[[str], tuple[str, str] | None]
"""From a handle without its first @ (`bo`, `bo@other.example`) to the address of the profile and the name shown; None
if nobody is meant."""
Tag = Callable[[str], str]
"""From a tag as written, without its #, to the address of its page."""

_HANDLE = re.compile(r"@(\w(?:[\w.-]*\w)?(?:@[\w.-]*\w(?::[0-9]{1,5})?)?)")
_HASHTAG = re.compile(rf"#({TAG.pattern})")
_BEFORE = re.compile(r"[\s(\[{<>\"'«»„“”‚‘’¿¡*~|—–…。、」]")
"""What may stand right before a mention or a tag: after anything else it is part of a word or an address."""


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Whom and what a text names, each once, in order: handles without their first @, tags as written without #."""

    handles: tuple[str, ...]
    tags: tuple[str, ...]


def render(source: str, *, mention: Mention, tag: Tag) -> str:
    """Safe HTML of an author's Markdown. A handle of which `mention` knows nothing stays text."""
    return sanitise.html(_parser().render(source, {"mention": mention, "tag": tag}).strip())


def names(source: str) -> Names:
    """Whom and what a text names: asked before `render`, so that they can be looked up. Code and links name nobody."""
    handles: dict[str, None] = {}
    tags: dict[str, None] = {}

    def mention(handle: str) -> None:
        handles[handle] = None

    def tag(name: str) -> str:
        tags[name] = None
        return ""

    _parser().render(source, {"mention": mention, "tag": tag})
    return Names(handles=tuple(handles), tags=tuple(tags))


@cache
def _parser() -> MarkdownIt:
    """Made once, for the first text: it keeps nothing of what it has rendered."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a large library, which a reader never needs

    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(
        ["linkify", "strikethrough"]
    )
    # Addresses only where they are written as such: notes.md is no website, bo@other.example no invitation to write.
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
        for scheme in ("ftp:", "//", "mailto:"):
            parser.linkify.add(scheme, None)
    parser.inline.ruler.before("link", "mention", _mention_rule)
    parser.inline.ruler.before("link", "hashtag", _hashtag_rule)
    parser.add_render_rule("hr", _line)
    return parser


def _line(_renderer: object, tokens: Sequence[Token], at: int, *_how: object) -> str:
    """A line across the text, which others do not show, stays as it was written: three signs."""
    return f"<p>{tokens[at].markup[:3]}</p>\n"


def _mention_rule(state: StateInline, silent: bool) -> bool:
    found = _found(state, "@", _HANDLE)
    if found is None:
        return False
    known = state.env["mention"](found[1]) if not silent else None
    return _put(state, silent, found, mention_link(*known) if known else "")


def _hashtag_rule(state: StateInline, silent: bool) -> bool:
    found = _found(state, "#", _HASHTAG)
    if found is None or not is_tag(found[1]):
        return False
    return _put(state, silent, found, hashtag(state.env["tag"](found[1]), found[1]) if not silent else "")


def _found(state: StateInline, sign: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    at = state.pos
    if state.src[at] != sign or state.linkLevel or (at and not _BEFORE.match(state.src, at - 1)):
        return None
    return pattern.match(state.src, at, state.posMax)


def _put(state: StateInline, silent: bool, found: re.Match[str], html: str) -> bool:
    if not silent:
        token = state.push("html_inline" if html else "text", "", 0)
        token.content = html or found[0]
    state.pos = found.end()
    return True
