"""Amounts as readers write them in their language."""

from __future__ import annotations

from node.wording.moments import locale_of

MEGA, GIGA = 1_000_000, 1_000_000_000


def size(language: str, amount: int) -> str:
    """Bytes, in the unit in which one speaks of files: 16,2 MB in German, 16,2 Mo in French."""
    from babel.units import format_unit  # noqa: PLC0415 - only for the few pages that speak of sizes

    unit, part = ("gigabyte", GIGA) if amount >= GIGA else ("megabyte", MEGA)
    return format_unit(round(amount / part, 1), f"digital-{unit}", length="short", locale=locale_of(language))
