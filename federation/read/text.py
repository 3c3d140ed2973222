"""What a thing says, in its languages: `name`, `summary`, `content` and their maps become versions."""

from html import escape
from typing import Any

import msgspec

from federation import sanitise
from federation.read.fields import Document, embedded, moment, text
from schemas.languages import canonical
from schemas.limits import READ_CONTENT_CHARS, READ_LINE_CHARS, READ_SUMMARY_CHARS, VERSIONS
from schemas.things import Version

UNKNOWN = "und"
_KEYS = ("content", "name", "summary")
_MAPS = {key: f"{key}Map" for key in _KEYS}
_NO_MAPS: dict[str, dict[str, str]] = {key: {} for key in _KEYS}


def versions(doc: Document) -> tuple[Version, ...]:
    """The language versions of a normalised thing, primary first, sanitised and bounded; at least one.

    A sister hub's own words (`coop:versions`) come before what it composed for others. Otherwise the primary language
    is the one whose text the unmapped key repeats, else the one that `inLanguage` names, else, without an unmapped
    text, the first key. A text that a language lacks is the unmapped one.
    """
    own = _own_versions(doc)
    if own:
        return own
    if not any(its_map in doc for its_map in _MAPS.values()):
        return (_version(doc, _NO_MAPS, _said_language(doc) or UNKNOWN, is_primary=True),)
    maps = {key: _by_language(doc, key) for key in _KEYS}
    languages = list(dict.fromkeys(language for key in _KEYS for language in maps[key]))[:VERSIONS]
    primary = _primary(doc, maps, languages)
    ordered = [primary, *(one for one in languages if one != primary)]
    return tuple(_version(doc, maps, language, is_primary=language == primary) for language in ordered)[:VERSIONS]


def language_of(found: tuple[Version, ...]) -> str | None:
    """The primary language, if it is known."""
    return None if found[0].language == UNKNOWN else found[0].language


def names_by_language(doc: Document) -> dict[str, str]:
    """`nameMap` as plain lines."""
    found = _by_language(doc, "name")
    return {language: line(one) for language, one in list(found.items())[:VERSIONS]}


def line(written: str, most: int = READ_LINE_CHARS) -> str:
    """One plain line."""
    return sanitise.plain(written[:most], single_line=True)


def html(written: str, most: int = READ_CONTENT_CHARS) -> str:
    """Safe HTML; cut before it is cleaned, so that it is whole again."""
    return sanitise.html(written[:most])


def _own_versions(doc: Document) -> tuple[Version, ...]:
    found: list[Version] = []
    for tag, told in embedded(doc, "coop:versions").items():
        language = UNKNOWN if tag == UNKNOWN else canonical(tag)
        if language is None or not isinstance(told, dict) or len(found) >= VERSIONS:
            continue
        if any(language == one.language for one in found):
            continue
        words = _cleaned(language, text(told, "name"), text(told, "summary"), text(told, "content"))
        found.append(msgspec.structs.replace(words, changed_at=moment(told, "updated")))
    return tuple(one for one in found if one.name or one.summary or one.content)


def _by_language(doc: Document, key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, told in embedded(doc, _MAPS[key]).items():
        language = canonical(tag.replace("_", "-"))
        if language is not None and isinstance(told, str):
            found.setdefault(language, told)
    return found


def _primary(doc: Document, maps: dict[str, dict[str, str]], languages: list[str]) -> str:
    for key in _KEYS:
        plain = text(doc, key)
        if not plain or not maps[key]:
            continue
        return next((language for language, told in maps[key].items() if told == plain), _said_language(doc) or UNKNOWN)
    return languages[0] if languages else _said_language(doc) or UNKNOWN


def _said_language(doc: Document) -> str | None:
    said = text(doc, "inLanguage") or text(doc, "language") or _context_language(doc.get("@context"))
    return canonical(said.replace("_", "-")) if said else None


def _context_language(context: Any) -> str:
    entries = context if isinstance(context, list) else [context]
    return next((text(one, "@language") for one in entries if isinstance(one, dict) and "@language" in one), "")


def _version(doc: Document, maps: dict[str, dict[str, str]], language: str, *, is_primary: bool) -> Version:
    told = {key: maps[key].get(language) for key in _KEYS}
    if is_primary:
        told = {key: text(doc, key) or told[key] for key in _KEYS}
    name, summary, content = (told[key] or text(doc, key) or _any(maps[key]) for key in ("name", "summary", "content"))
    if text(doc, "mediaType").partition(";")[0].strip() in ("text/plain", "text/markdown"):
        content = _paragraphs(content)
    return _cleaned(language, name, summary, content)


def _any(by_language: dict[str, str]) -> str:
    return next(iter(by_language.values()), "")


def _cleaned(language: str, name: str, summary: str, content: str) -> Version:
    return Version(
        language=language,
        name=line(name),
        summary=sanitise.plain(summary[:READ_SUMMARY_CHARS]),
        content=html(content),
    )


def _paragraphs(plain: str) -> str:
    parts = [escape(part.strip(), quote=False).replace("\n", "<br>") for part in plain.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in parts if part)
