"""Which language a reader gets, and our sentences in it. Catalogues are the themes' .po files, compiled in memory."""

from __future__ import annotations

import gettext as gnu
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from schemas.limits import ACCEPTED_LANGUAGES

LANGUAGES = ("en", "de", "fr")
"""Languages of the interface, the fall-back first."""

OWN_NAMES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "fr": "Français"}
"""How each language calls itself: a reader looks for this, not for a translation of it."""

DOMAIN = "allmende"
_FRENCH = re.compile(r"(?<=\S) (?=[:;?!»%€])|(?<=«) ")
_NODE = Path(__file__).parents[1]
THEMES = _NODE / "_themes" if (_NODE / "_themes").is_dir() else _NODE.parent / "themes"
"""Where the themes lie: inside the package once installed, beside it in a checkout."""


@cache
def catalogue(language: str) -> gnu.NullTranslations:
    """The compiled catalogue of a language; an empty one, which answers in English, for a language we do not speak."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only for the first sentence in a language
    from babel.messages.pofile import read_po  # noqa: PLC0415

    path = THEMES / "commons" / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if language not in LANGUAGES:
        return gnu.NullTranslations()
    with path.open("rb") as source:
        messages = read_po(source, locale=language, domain=DOMAIN)
    if language == "fr":
        for message in messages:
            message.string = _bound(message.string or "")
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


def _bound(text: str | Sequence[str]) -> str | tuple[str, ...]:
    """French sets a blank before its high marks; no line may begin with one of these."""
    if not isinstance(text, str):
        return tuple(_FRENCH.sub("\N{NO-BREAK SPACE}", one) for one in text)
    return _FRENCH.sub("\N{NO-BREAK SPACE}", text)


def fill(sentence: str, values: Mapping[str, object]) -> str:
    """Put values into the {named} gaps. If one of them is markup, the sentence and the others are escaped."""
    if not values:
        return sentence
    if any(hasattr(value, "__html__") for value in values.values()):
        return Markup(escape(sentence)).format_map({name: escape(value) for name, value in values.items()})  # noqa: S704
    return sentence.format_map(values)


def gettext(language: str, msgid: str, /, **values: object) -> str:
    """Our sentence in a language. The msgid is the English sentence; one without a translation stays English."""
    return fill(catalogue(language).gettext(msgid) if msgid else "", values)


def ngettext(language: str, singular: str, plural: str, number: int, /, **values: object) -> str:
    """Our sentence in the plural form that `number` asks for; `{number}` is that number."""
    return fill(catalogue(language).ngettext(singular, plural, number), {"number": number, **values})


def pgettext(language: str, context: str, msgid: str, /, **values: object) -> str:
    """Like gettext, for a word that needs its context to be translated ("open" of a call, of a door)."""
    return fill(catalogue(language).pgettext(context, msgid), values)


def supported(language: str | None) -> str | None:
    """The interface language that a tag such as de-AT stands for, if we speak it."""
    primary = (language or "").replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else None


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header (RFC 9110, 12.5.4), best first; a bad weight counts as none."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:ACCEPTED_LANGUAGES]:
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if tag and quality > 0:
            weighed.append((quality, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda one: -one[0])]


def choose(wishes: Iterable[str | None], accept_language: str = "", hub: str | None = None) -> str:
    """The language of a page: the first wish we can fulfil (asked for, remembered, the account's), else what the
    browser accepts, else the hub's own, else English."""
    for wish in (*wishes, *accepted(accept_language), hub):
        if found := supported(wish):
            return found
    return LANGUAGES[0]
