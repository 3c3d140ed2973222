"""How a hub looks of its own: its theme, two colours, the order of its front page, and style of its own. Colours are
held against the contrast that WCAG 2.2 asks for (1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

BLOCKS: Final = ("meetings", "calls", "findings", "about", "join")
"""What stands on the front page, in the order of a hub that chose none."""

TEXT_CONTRAST: Final = 4.5
"""Of text to its ground (WCAG 2.2, 1.4.3)."""

WHITE: Final = "#ffffff"
BLACK: Final = "#000000"
STEP: Final = 0.04
"""How far one try goes on towards white or black when a colour is looked for that can be read."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_FOREIGN = re.compile(r"@import|[a-z]://|[\"']\s*//|url\(\s*[\"']?\s*(?:[a-z][a-z0-9+.-]*:|//)|\\", re.IGNORECASE)
Channels: TypeAlias = tuple[int, int, int]


class Look(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stewards chose. `theme`: the name of one that is here, else the node's own choice; `colour` (links, buttons)
    and `accent` (calls) as #rrggbb; `blocks` of BLOCKS; `css` comes after the theme's."""

    theme: str = ""
    colour: str = ""
    accent: str = ""
    blocks: Sequence[str] = BLOCKS
    css: str = ""


def is_colour(text: str) -> bool:
    """Whether a text is a colour as #rrggbb, in lower case."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: `share` of the other, 0 to 1."""
    parts = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def readable(colour: str, ground: str) -> str:
    """The colour itself if text in it can be read on that ground, else the nearest towards black or white that can."""
    towards = BLACK if _luminance(ground) > 0.18 else WHITE
    share, found = 0.0, colour
    while contrast(found, ground) < TEXT_CONTRAST and share < 1:
        share += STEP
        found = mix(colour, towards, min(share, 1))
    return found


def on(ground: str) -> str:
    """Black or white, whichever is read better on that ground."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, ground))


def fetches(css: str) -> bool:
    """Whether a stylesheet asks other servers for something, or hides by an escape that it does."""
    return _FOREIGN.search(css) is not None


def _channels(colour: str) -> Channels:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
