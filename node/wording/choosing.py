"""What every form may offer, whichever door it stands at: languages, countries, zones."""

from __future__ import annotations

from functools import cache

from babel import Locale

from node.wording.moments import locale_of
from schemas.languages import OWN_NAMES
from schemas.times import zones

Options = list[tuple[str, str]]

OFFERED_LANGUAGES = tuple(OWN_NAMES)
"""Languages a text is usually written in here; the form of an edit also offers those the text has."""


@cache
def countries(language: str) -> Options:
    """Countries by code, in the order of their names in a language."""
    names = Locale.parse(locale_of(language)).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NOWHERE]
    return sorted(found, key=lambda one: one[1])


NOWHERE = ("ZZ", "EU", "EZ", "UN", "QO", "XA", "XB")
"""Codes of CLDR that are no countries."""


@cache
def european_zones() -> list[str]:
    """Zones to pick from; others can be typed."""
    return [*sorted(zone for zone in zones() if zone.startswith(("Europe/", "Atlantic/"))), "UTC"]
