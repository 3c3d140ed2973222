"""JSON from strangers: measured before it is parsed, so that no document can cost much (case 55)."""

import re
from typing import Any, TypeVar

import msgspec

from schemas.limits import JSON_DEPTH, JSON_MEMBERS, JSON_NUMBER_CHARS

# A string, an opening, a closing, a comma or a number; all else is for the parser to judge.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|([\[{])|([\]}])|(,)|([-0-9][-+.0-9eE]*+)', re.DOTALL)

_LONG_NUMBER = re.compile(rb"[-0-9][-+.0-9eE]{%d}" % JSON_NUMBER_CHARS)

T = TypeVar("T")


class BadJson(ValueError):
    """Not a JSON object, or one that is too deep, too wide or with absurd numbers."""


def check_shape(raw: bytes) -> None:
    """Raise BadJson where the text is deeper or wider, or its numbers longer, than in any document. No recursion."""
    if _is_small(raw):
        return
    depth = members = 0
    for token in _TOKEN.finditer(raw):
        kind = token.lastindex
        if kind is None:
            continue
        if kind == 1:
            depth += 1
        elif kind == 2:
            depth -= 1
        elif kind == 4 and token.end() - token.start() > JSON_NUMBER_CHARS:
            raise BadJson("a number is too long")
        members += kind in (1, 3)
        if depth > JSON_DEPTH or members > JSON_MEMBERS:
            raise BadJson("too deep or too many members")


def _is_small(raw: bytes) -> bool:
    """Whether plain counting, strings included, already shows that all is well: so for nearly every real document."""
    openings = raw.count(b"[") + raw.count(b"{")
    return openings <= JSON_DEPTH and openings + raw.count(b",") <= JSON_MEMBERS and not _LONG_NUMBER.search(raw)


def decode_object(raw: bytes) -> dict[str, Any]:
    """Parse one JSON object; BadJson for anything else. The size in bytes is for the reader of the body to bound."""
    return decode(raw, dict[str, Any])


def decode(raw: bytes, kind: type[T]) -> T:
    """Parse JSON into a struct or plain type after measuring it; BadJson where it does not fit."""
    check_shape(raw)
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadJson(str(error)) from error
