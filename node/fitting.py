"""Does a call fit what a member looks for? Decided here, from what the member told this hub alone."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from babel import Locale

from node.wording.language import gettext
from node.wording.moments import locale_of
from schemas.matching import Reasons, Wishes
from schemas.reasons import msgid
from schemas.records import Post

EARTH_KM = 6371.0
WITHIN = msgid("within {km} km")
ANYWHERE = msgid("from anywhere")


def fits(wishes: Wishes, call: Post) -> Reasons | None:
    """Why a call fits, or None. It must ask for something the member can do, or, asking for nothing in particular, be
    about an area of theirs; and neither its languages nor its place may stand against it."""
    if call.call is None:
        return None
    skills = _skills(wishes, call)
    area = call.area if call.area in wishes.areas else None
    if not skills and (call.call.skills or area is None):
        return None
    spoken = {one.language.partition("-")[0] for one in call.versions} - {"und", ""}
    shared = [one for one in wishes.languages if one.partition("-")[0] in spoken]
    if wishes.languages and spoken and not shared:
        return None
    away = _distance(wishes, call)
    if away is not None and away > wishes.radius_km and not call.call.remote:
        return None
    near = away is not None and away <= wishes.radius_km
    return Reasons(
        skills=skills,
        area=area,
        language=shared[0] if shared else None,
        within_km=wishes.radius_km if near else None,
        remote=call.call.remote and not near,
    )


def because(reasons: Reasons, language: str, area_labels: dict[str, str] | None = None) -> str:
    """The reasons in a few words: facilitation + German + within 30 km."""
    said = [*reasons.skills]
    if reasons.area:
        said.append((area_labels or {}).get(reasons.area, reasons.area))
    if reasons.language:
        names = Locale.parse(locale_of(language)).languages
        said.append(str(names.get(reasons.language.partition("-")[0], reasons.language)))
    if reasons.within_km:
        said.append(gettext(language, WITHIN, km=reasons.within_km))
    if reasons.remote:
        said.append(gettext(language, ANYWHERE))
    return " + ".join(said)


def _skills(wishes: Wishes, call: Post) -> tuple[str, ...]:
    asked = call.call.skills if call.call else ()
    known = {one.casefold().strip() for one in wishes.skills}
    return tuple(one for one in asked if one.casefold().strip() in known)


def _distance(wishes: Wishes, call: Post) -> float | None:
    """Kilometres as the crow flies; None where one of the two has no position."""
    place = call.call.place if call.call else None
    if place is None or place.latitude is None or place.longitude is None:
        return None
    if wishes.latitude is None or wishes.longitude is None:
        return None
    here, there = radians(wishes.latitude), radians(place.latitude)
    across = sin((there - here) / 2) ** 2
    along = sin(radians(place.longitude - wishes.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(across + cos(here) * cos(there) * along)))
