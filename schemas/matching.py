"""What a member looks for in private, and why a call fits it."""

from __future__ import annotations

import msgspec


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a member can and wants to do. `place` is where they start from, `radius_km` how far they go."""

    skills: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: int = 30


class Reasons(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a call fits: what both have in common. `within_km`: the member's own limit, if the place lies within it."""

    skills: tuple[str, ...] = ()
    area: str | None = None
    language: str | None = None
    within_km: int | None = None
    remote: bool = False
