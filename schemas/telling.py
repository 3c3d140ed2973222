"""Who may read a single field of a profile, and such fields."""

from __future__ import annotations

from typing import Literal

import msgspec

Circle = Literal["public", "followers", "hub", "self"]
CIRCLES: tuple[Circle, ...] = ("public", "followers", "hub", "self")
FACTS = ("skills", "areas", "languages", "place")
"""What a member says of what they can do; theirs alone unless they say otherwise."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a profile as somebody wrote it; `value` is Markdown."""

    name: str
    value: str
    audience: Circle = "public"


class ToldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is read; `value` is HTML, `verified_at` since when its link is."""

    name: str
    value: str
    source: str = ""
    audience: Circle = "public"
    verified_at: str | None = None


class ToldFact(msgspec.Struct, frozen=True, kw_only=True):
    """What a member can do, in one regard of FACTS, and who else reads it."""

    name: str
    values: tuple[str, ...]
    audience: Circle
