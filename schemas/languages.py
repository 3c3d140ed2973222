"""Languages by their BCP 47 tags: is it one, and its one spelling."""

import re
from functools import cache

from babel import Locale

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<private>(?:-x(?:-[a-z0-9]{1,8})+)?)",
    re.IGNORECASE,
)
LANGUAGE_CHARS = 35
"""What RFC 5646 asks every reader to have room for."""

OWN_NAMES = {
    "bg": "Български", "ca": "Català", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά",
    "en": "English", "es": "Español", "et": "Eesti", "eu": "Euskara", "fi": "Suomi", "fr": "Français",
    "ga": "Gaeilge", "gl": "Galego", "hr": "Hrvatski", "hu": "Magyar", "is": "Íslenska", "it": "Italiano",
    "lb": "Lëtzebuergesch", "lt": "Lietuvių", "lv": "Latviešu", "mt": "Malti", "nb": "Norsk bokmål",
    "nl": "Nederlands", "pl": "Polski", "pt": "Português", "ro": "Română", "sk": "Slovenčina",
    "sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska", "tr": "Türkçe", "uk": "Українська",
}  # fmt: skip
"""How the languages usual here call themselves. CLDR says the same, in a megabyte of memory for each language."""


@cache
def _known() -> frozenset[str]:
    names = (str(code) for code in Locale("en").languages)
    return frozenset(code for code in names if "_" not in code) - {"und", "mul", "zxx", "mis"}


def canonical(tag: str) -> str | None:
    """The one spelling of a language tag (`de-AT`, `zh-Hant`, `de-x-leicht`), or None if it names no language."""
    match = _TAG.fullmatch(tag)
    if match is None or len(tag) > LANGUAGE_CHARS or match["language"].lower() not in _known():
        return None
    parts = [match["language"].lower()]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts) + (match["variants"] + match["private"]).lower()
