"""Hashtags: how one is written in text, and the one form in which tags are stored and compared (FEP-eb48)."""

import re
import unicodedata

from schemas.limits import TAG_CHARS

# A letter or a mark somewhere: "#2026" is a number, not a tag. Mastodon's separators count inside a tag.
TAG = re.compile(r"[\w·\u200c]*[^\W\d_][\w·\u200c]*")


def normal(written: str) -> str:
    """The stored form of a tag, with or without its `#`: NFKC, case-folded."""
    return unicodedata.normalize("NFKC", written.strip().removeprefix("#")).casefold()


def is_tag(written: str) -> bool:
    """Whether this, with or without its `#`, can stand as a tag."""
    name = written.strip().removeprefix("#")
    return len(name) <= TAG_CHARS and TAG.fullmatch(name) is not None
