"""The shapes a value has once normalised: one function each, from the many ways to write it to one way, or None."""

import re
from collections.abc import Callable
from math import isfinite
from typing import Any

from federation.read.errors import BadDocument
from federation.terms import PUBLIC, PUBLIC_NAMES
from schemas.limits import DOCUMENT_LIST_ITEMS

Inner = Callable[[dict[str, Any]], dict[str, Any]]
"""How the normaliser goes on with a document inside the document."""
Shape = Callable[[Any, Inner], Any]

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_SAFE_INTEGER = 2**53


def entries(value: Any) -> list[Any]:
    """A scalar, a list, nothing or a JSON-LD list as a list without nulls; BadDocument for absurd lengths."""
    if not isinstance(value, list):
        value = _unwrapped(value)
        if value is None:
            return []
        if not isinstance(value, list):
            return [value]
    if len(value) >= DOCUMENT_LIST_ITEMS:
        raise BadDocument("", "absurdly long")
    return [entry for entry in value if entry is not None]


def text(value: Any, _inner: Inner | None = None) -> str | None:
    """One text: of several the first, numbers spelt out, without what no database stores."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _UNSTORABLE.sub("", value)
    match _first(value):
        case str(written):
            return text(written)
        case bool():
            return None
        case int() | float() as number if abs(number) < _SAFE_INTEGER:
            return str(number)
        case {"identifier": str(name)} | {"name": str(name)}:
            return text(name)
    return None


def texts(value: Any, _inner: Inner) -> list[str]:
    """Several words, such as categories or link relations."""
    return [word for word in map(text, entries(value)) if word]


def language_map(value: Any, _inner: Inner | None = None) -> dict[str, str] | None:
    """Texts by language in the order written; entries that are no text are left out."""
    if isinstance(value, list):
        value = {one["@language"]: one["@value"] for one in value if _is_tagged(one)}
    if not isinstance(value, dict):
        return None
    found = {language: text(one) for language, one in value.items() if not language.startswith("@")}
    return {language: one for language, one in found.items() if one is not None} or None


def number(value: Any, _inner: Inner | None = None) -> int | float | None:
    """A finite number of ordinary size, also from its decimal text."""
    value = _first(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < _SAFE_INTEGER and isfinite(value) else None


def flag(value: Any, _inner: Inner | None = None) -> bool | None:
    """Yes or no, also as text or as 0 and 1."""
    value = _first(value)
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower())
    return bool(value) if isinstance(value, (bool, int)) and value in (0, 1) else None


def identifier(value: Any, _inner: Inner | None = None) -> str | None:
    """The id of something given as an id, a Link or the thing itself; of several the first."""
    if isinstance(value, str):
        return _id(value) or None
    match _first(value):
        case {"id": str(found)} | {"@id": str(found)} | {"href": str(found)} | {"url": str(found)}:
            return _id(found) or None
        case str(found):
            return _id(found) or None
    return None


def only_identifier(value: Any, _inner: Inner) -> str | None:
    """The same where two different ones would let a check and its use disagree (case 103)."""
    if isinstance(value, str):
        return _id(value) or None
    found = set(map(identifier, entries(value)))
    if len(found) > 1:
        raise BadDocument("", "more than one")
    return found.pop() if found else None


def identifiers(value: Any, _inner: Inner) -> list[str]:
    """Ids in order, each once."""
    return list(dict.fromkeys(filter(None, map(identifier, entries(value)))))


def thing(value: Any, inner: Inner) -> str | dict[str, Any] | list[Any] | None:
    """Something given by its id or embedded; several stay several."""
    found = things(value, inner)
    return found if len(found) > 1 else (found[0] if found else None)


def things(value: Any, inner: Inner) -> list[Any]:
    """Things given by their ids or embedded."""
    return _each(value, inner, _id)


def documents(value: Any, inner: Inner) -> list[dict[str, Any]]:
    """Embedded things only, such as the options of a poll."""
    return _each(value, inner, lambda _written: None)


def tags(value: Any, inner: Inner) -> list[dict[str, Any]]:
    """Tags; a bare word is a hashtag."""
    return _each(value, inner, lambda written: {"type": "Hashtag", "name": written})


def keys(value: Any, inner: Inner) -> list[dict[str, Any]]:
    """Keys or collections; a bare id is one of which only the id is known."""
    return _each(value, inner, lambda written: {"id": _id(written)})


def collection(value: Any, inner: Inner) -> dict[str, Any] | None:
    """A collection; a bare id is one of which only the id is known."""
    return next(iter(keys(value, inner)), None)


def links(value: Any, inner: Inner) -> list[dict[str, Any]]:
    """Links in order: `{type, href, mediaType…}`; a bare address is a link."""
    return _each(value, inner, lambda written: {"type": "Link", "href": _id(written)})


def pictures(value: Any, inner: Inner) -> list[dict[str, Any]]:
    """Images whose `url` is a list of links; a bare address or a Link is an image."""
    return [_picture(one) for one in _each(value, inner, lambda written: {"href": _id(written)})]


def places(value: Any, inner: Inner) -> list[dict[str, Any]]:
    """Places in order; a bare text is a place's name, a bare address its id."""
    return _each(value, inner, _place)


def postal_address(value: Any, inner: Inner) -> dict[str, Any] | None:
    """A PostalAddress; a bare text is its street line."""
    found = _first(value)
    if isinstance(found, str):
        return {"type": "PostalAddress", "streetAddress": found} if found else None
    return inner(found) if isinstance(found, dict) else None


def embedded(value: Any, inner: Inner) -> dict[str, Any] | None:
    """One embedded document."""
    found = _first(value)
    return inner(found) if isinstance(found, dict) else None


def _picture(one: dict[str, Any]) -> dict[str, Any]:
    if "url" in one or "href" not in one:
        return one
    link = {"type": "Link"} | {key: one[key] for key in ("href", "mediaType") if key in one}
    return {"type": "Image", "url": [link]}


def _place(written: str) -> dict[str, Any]:
    return {"type": "Place", "id" if _ADDRESS.match(written) else "name": written}


def _each(value: Any, inner: Inner, bare: Callable[[str], Any]) -> list[Any]:
    """Documents of a list normalised, texts made what they stand for, the rest and the empty left out."""
    told = (inner(one) if isinstance(one, dict) else _meant(one, bare) for one in entries(value))
    return [one for one in told if one]


def _meant(one: Any, bare: Callable[[str], Any]) -> Any:
    written = _UNSTORABLE.sub("", one).strip() if isinstance(one, str) else ""
    return bare(written) if written else None


def _first(value: Any) -> Any:
    found = entries(value)
    return _unwrapped(found[0]) if found else None


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        for wrapper in ("@list", "@set", "@value", "@id"):
            if wrapper in value and (wrapper != "@id" or len(value) == 1):
                return value[wrapper]
    return value


def _is_tagged(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("@language"), str) and "@value" in one


def _id(written: str) -> str:
    stripped = written.strip()
    if not stripped.isprintable():
        stripped = _UNSTORABLE.sub("", stripped).strip()
    return PUBLIC if stripped in PUBLIC_NAMES else stripped
