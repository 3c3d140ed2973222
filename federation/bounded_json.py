"""JSON from strangers: measured before it is parsed, so that no document can cost much (case 55)."""

import re
from typing import Any, TypeVar

import msgspec

from schemas.limits import JSON_DEPTH, JSON_MEMBERS, JSON_NUMBER_CHARS

# A string, an opening, a closing, a comma or a number; all else is for the parser to judge.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|([\[{])|([\]}])|(,)|([-0-9][-+.0-9eE]*+)', re.DOTALL)

_OF_NUMBERS = bytes(b"0"[0] if byte in b"-+.0123456789eE" else b" "[0] for byte in range(256))
_LONG_NUMBER = b"0" * (JSON_NUMBER_CHARS + 1)
_OBJECT = msgspec.json.Decoder(dict[str, Any])

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
    if openings > JSON_DEPTH or openings + raw.count(b",") > JSON_MEMBERS:
        return False
    return _LONG_NUMBER not in raw.translate(_OF_NUMBERS)


def decode_object(raw: bytes) -> dict[str, Any]:
    """Parse one JSON object; BadJson for anything else. The size in bytes is for the reader of the body to bound."""
    return _decoded(raw, _OBJECT)


def decode(raw: bytes, kind: type[T]) -> T:
    """Parse JSON into a struct or plain type after measuring it; BadJson where it does not fit."""
    return _decoded(raw, msgspec.json.Decoder(kind))


def _decoded(raw: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    check_shape(raw)
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadJson(str(error)) from error
