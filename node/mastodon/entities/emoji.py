"""Custom emoji: pictures that stand for `:shortcode:` in names and texts, each server's own (FEP-9098)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from federation.build.urls import Urls
from node.store.db import Db
from node.store.files import emojis
from node.store.files.emojis import Emoji
from schemas.limits import READ_EMOJI

_CODES = re.compile(r":(?<![A-Za-z0-9_:]:)([A-Za-z0-9_]{1,64}):(?![A-Za-z0-9_:])")  # colon first: found faster
_K = TypeVar("_K")

Spoken = tuple[str, Sequence[str]]
"""The host whose emoji are meant ("" for our own), and the texts in which they may stand."""


class CustomEmoji(msgspec.Struct, frozen=True, kw_only=True):
    """One emoji as clients draw it."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool
    category: str | None = None


def from_emoji(emoji: Emoji, urls: Urls) -> CustomEmoji:
    """As clients see it; always from here, never from the server it came from."""
    url = urls.media(emoji.path)
    return CustomEmoji(
        shortcode=emoji.shortcode,
        url=url,
        static_url=urls.media(emoji.preview_path) if emoji.preview_path else url,
        visible_in_picker=emoji.visible,
        category=emoji.category,
    )


async def emojis_in(db: Db, urls: Urls, spoken: Mapping[_K, Spoken]) -> dict[_K, list[CustomEmoji]]:
    """The emoji named in each entity's texts, in one query for all of them; entities without any have an empty list."""
    named = {key: (host, codes_in(texts)) for key, (host, texts) in spoken.items()}
    wanted = {(code, host) for host, codes in named.values() for code in codes}
    known = await emojis.find_many(db, wanted) if wanted else {}
    return {
        key: [from_emoji(known[code, host], urls) for code in codes if (code, host) in known]
        for key, (host, codes) in named.items()
    }


def codes_in(texts: Iterable[str]) -> list[str]:
    """The shortcodes in texts, each once, in order."""
    found = dict.fromkeys(code for text in texts if text for code in _CODES.findall(text))
    return list(found)[:READ_EMOJI]
