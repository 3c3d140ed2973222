"""Do the language versions of a text say the same? Counted is what can be counted: headings, links, pictures,
paragraphs; and known is which version was written before the primary one was changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from schemas.records import Post
from schemas.things import Version

_HEADING = re.compile(r"^ {0,3}#{1,6}\s+\S", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]+")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\([^)\s]+|(?<![(\w\"'=/])https?://[^\s)>]+")
_BREAK = re.compile(r"\n\s*\n")


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What a text in Markdown is made of."""

    headings: int
    links: int
    pictures: int
    paragraphs: int


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One version beside the primary one. `differs`: in which of the counts; `behind`: since when the primary version
    says something newer; `changed`: the primary's paragraphs that were not there before."""

    language: str
    counted: Counted
    differs: frozenset[str] = frozenset()
    behind: datetime | None = None
    changed: Sequence[str] = ()


def count(source: str) -> Counted:
    """What is in a text in Markdown."""
    return Counted(
        headings=len(_HEADING.findall(source)),
        links=len(_LINK.findall(source)),
        pictures=len(_PICTURE.findall(source)),
        paragraphs=len(paragraphs(source)),
    )


def paragraphs(source: str) -> list[str]:
    """The parts of a text between blank lines."""
    return [part.strip() for part in _BREAK.split(source) if part.strip()]


def compare(
    written: Sequence[tuple[str, str]],
    behind: dict[str, datetime] | None = None,
    changed: dict[str, Sequence[str]] | None = None,
) -> list[Compared]:
    """The versions (language, source), the primary first, each beside that."""
    counts = [(language, count(source)) for language, source in written]
    first = counts[0][1] if counts else None
    return [
        Compared(
            language=language,
            counted=counted,
            differs=frozenset(name for name in Counted.__struct_fields__ if getattr(counted, name) != _of(first, name)),
            behind=(behind or {}).get(language),
            changed=(changed or {}).get(language, ()),
        )
        for language, counted in counts
    ]


def behind(post: Post) -> dict[str, datetime]:
    """The languages in which a thing says what it said before its primary version was changed, with when that was."""
    if len(post.versions) < 2:
        return {}
    primary = _written(post, post.versions[0])
    return {one.language: primary for one in post.versions[1:] if _written(post, one) < primary}


def changed_since(before: Version, now: Version) -> list[str]:
    """The paragraphs of a version that were not there before."""
    known = set(paragraphs(before.source))
    return [part for part in paragraphs(now.source) if part not in known]


def _written(post: Post, version: Version) -> datetime:
    return version.changed_at or post.published_at


def _of(counted: Counted | None, name: str) -> int | None:
    return getattr(counted, name) if counted else None
