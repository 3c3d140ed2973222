"""What a member prefers when posting and reading, as it is kept with the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from schemas.things import Audience

Privacy = Literal["public", "unlisted", "private", "direct"]
QuotePolicy = Literal["public", "followers", "nobody"]


AUDIENCES: Mapping[str, Audience] = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "direct": "direct",
}
"""What clients call an audience, and what it is here."""


class Preferences(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """For new posts: who sees them, whether their media are sensitive, their language, who may quote them, and whether
    others see with which app they were written. For reading: which media are shown at once, whether warnings are
    opened, whether moving pictures move. For the profile: whether apps show a list of media (of answers, too) and of
    what is featured."""

    privacy: Privacy = "public"
    sensitive: bool = False
    language: str | None = None
    quote_policy: QuotePolicy = "public"
    show_application: bool = True
    expand_media: Literal["default", "show_all", "hide_all"] = "default"
    expand_spoilers: bool = False
    autoplay_gifs: bool = False
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True


_FIELDS = msgspec.structs.fields(Preferences)  # found out once: it reads the annotations
_USUAL = Preferences()


def preferences_of(kept: Mapping[str, Any]) -> Preferences:
    """What is kept as a struct; what makes no sense (any more) counts as not chosen, each by itself."""
    if not kept:
        return _USUAL
    chosen: dict[str, Any] = {}
    for field in _FIELDS:
        try:
            chosen[field.name] = msgspec.convert(kept[field.name], field.type)
        except (KeyError, msgspec.ValidationError):
            continue
    return Preferences(**chosen)
