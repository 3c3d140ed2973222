"""Reading one field of a normalised document: a value of the right kind, bounded and sane, or nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any

from federation.addresses import Address, BadAddress, parse
from federation.read.errors import BadDocument
from federation.terms import PUBLIC
from schemas.limits import ACCOUNT_NAME_CHARS, ADDRESS_BYTES, READ_COUNT, READ_YEARS

Document = dict[str, Any]

_ADDRESSES_KEPT = 4096  # one document names the same few many times


def _parsed(written: str) -> Address | None:
    return _parsed_short(written) if len(written) <= ADDRESS_BYTES else None


@lru_cache(maxsize=_ADDRESSES_KEPT)
def _parsed_short(written: str) -> Address | None:
    try:
        return parse(written)
    except BadAddress:
        return None


def address(written: str) -> str | None:
    """The one spelling of an id, or None if it is no http(s) address that we would store (case 18).

    An id without any path stays without: its owner compares it letter by letter.
    """
    return _address_short(written) if len(written) <= ADDRESS_BYTES else None


@lru_cache(maxsize=_ADDRESSES_KEPT)
def _address_short(written: str) -> str | None:
    found = _parsed_short(written)
    if found is None:
        return None
    if found.target == "/" and not written.partition("#")[0].endswith("/"):
        return found.origin + found.fragment
    return found.url


def same_origin(one: str, other: str) -> bool:
    """Whether two ids have the same scheme, host and port; False when either is no address."""
    here, there = _parsed(one), _parsed(other)
    return here is not None and there is not None and here.origin == there.origin


def same_host(one: str, other: str) -> bool:
    """Whether two addresses have the same host; False when either is none."""
    here, there = _parsed(one), _parsed(other)
    return here is not None and there is not None and here.host == there.host


def text(doc: Document, key: str) -> str:
    """A text, or the empty one."""
    value = doc.get(key)
    return value if isinstance(value, str) else ""


def reference(doc: Document, key: str) -> str | None:
    """The id of another thing, whether given by its id or embedded."""
    value = doc.get(key)
    if isinstance(value, dict):
        value = value.get("id")
    return address(value) if isinstance(value, str) else None


def required_id(doc: Document) -> str:
    """The document's own id; BadDocument without one."""
    found = reference(doc, "id")
    if found is None:
        raise BadDocument("id", "missing, or no http(s) address")
    return found


def references(doc: Document, key: str, most: int) -> tuple[str, ...]:
    """Ids in order, each once; what is no address is left out. Public stays as it is."""
    named = entries(doc, key)
    if not named:
        return ()
    return unique([PUBLIC if one == PUBLIC else address(one) for one in named if isinstance(one, str)], most)


def entries(doc: Document, key: str) -> list[Any]:
    """A list, or the empty one."""
    value = doc.get(key)
    return value if isinstance(value, list) else []


def documents(doc: Document, key: str, most: int) -> list[Document]:
    """Embedded documents of a list."""
    value = doc.get(key)
    return [one for one in value if isinstance(one, dict)][:most] if isinstance(value, list) else []


def embedded(doc: Document, key: str) -> Document:
    """One embedded document, or an empty one."""
    value = doc.get(key)
    return value if isinstance(value, dict) else {}


def count(doc: Document, key: str, most: int = READ_COUNT) -> int | None:
    """A number of things; negative and absurd ones count as not said."""
    value = doc.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        return None
    return int(value)


def flag(doc: Document, key: str) -> bool:
    """Yes, or no and not said."""
    return doc.get(key) is True


def moment(doc: Document, key: str, zone: tzinfo = UTC) -> datetime | None:
    """An instant in UTC; a time without an offset is meant in `zone`."""
    return instant(text(doc, key), zone)


def instant(written: str, zone: tzinfo = UTC) -> datetime | None:
    """The same for a text."""
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written.strip().upper())
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    earliest, latest = READ_YEARS
    return found if earliest <= found.year <= latest else None


def slug(value: Any) -> str | None:
    """A short machine name such as an area's."""
    if not isinstance(value, str) or not 0 < len(value) <= ACCOUNT_NAME_CHARS:
        return None
    return value if value.isascii() and value.replace("-", "").isalnum() and value.islower() else None


def unique(found: Iterable[str | None], most: int) -> tuple[str, ...]:
    """The first `most` different ones."""
    return tuple(dict.fromkeys(filter(None, found)))[:most]
