"""What a client sent, as Rails would read it: query and body merged, brackets unfolded, and texts taken for what the
asked struct says they are."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from aiohttp import web
from aiohttp.web import FileField

from node.mastodon.errors import Refused
from node.web.handlers import sent_fields
from schemas.limits import PARAMETER_DEPTH, PARAMETERS

FALSE = frozenset({"", "0", "f", "false", "off", "no"})
_PIECES = re.compile(r"\[([^\[\]]*)\]")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_T = TypeVar("_T")


async def parameters_of(request: web.Request) -> dict[str, Any]:
    """Query string and body as one tree of dicts, lists, texts and files; the body wins. 400 for what is no JSON."""
    pairs: list[tuple[str, Any]] = list(request.query.items())
    found: dict[str, Any] = {}
    if request.body_exists:
        if request.content_type in _FORMS:
            pairs += (await sent_fields(request)).items()
        elif body := await request.read():
            found = _json_object(body, request.content_type)
    if len(pairs) > PARAMETERS:
        raise Refused(400, "Too many parameters")
    return unfolded(pairs) | found


def unfolded(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """`a[]=1&b[c]=2&d[0][e]=3` as `{"a": ["1"], "b": {"c": "2"}, "d": {"0": {"e": "3"}}}`. The last of equals wins."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        first, *rest = name.split("[", maxsplit=1)
        path = [first, *_PIECES.findall(f"[{rest[0]}")] if rest else [first]
        if len(path) <= PARAMETER_DEPTH:
            _put(tree, path, value)
    return tree


def shaped(tree: dict[str, Any], shape: type[_T]) -> _T:
    """The parameters that a struct asks for; others are ignored. 422 names the parameter that makes no sense."""
    try:
        return msgspec.convert(_fitted(tree, shape), shape, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(422, f"Validation failed: {error}") from error


def _json_object(body: bytes, content_type: str) -> dict[str, Any]:
    if content_type != "application/json":
        return {}
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Refused(400, "Error occurred while parsing request parameters") from error
    return sent if isinstance(sent, dict) else {}


def _put(here: dict[str, Any], path: list[str], value: Any) -> None:
    step, *rest = path
    if not rest:
        here[step] = value
    elif rest[0] == "":
        items = here[step] if isinstance(here.get(step), list) else []
        here[step] = items
        if len(rest) == 1:
            items.append(value)
            return
        if not items or not isinstance(items[-1], dict) or rest[1] in items[-1]:
            items.append({})  # a name that comes again begins the next one
        _put(items[-1], rest[1:], value)
    else:
        inner = here[step] if isinstance(here.get(step), dict) else {}
        here[step] = inner
        _put(inner, rest, value)


def _fitted(value: Any, wanted: Any) -> Any:
    """The value brought near to the wanted type: what cannot be is left for the conversion to refuse."""
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return _one_of(value, inner)
    if origin in (list, tuple):
        return [_fitted(one, inner[0]) for one in _listed(value)]
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return _struct(value, wanted)
    if wanted is bool and isinstance(value, str):
        return value.casefold() not in FALSE
    if wanted is str and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _one_of(value: Any, choices: tuple[Any, ...]) -> Any:
    if type(None) in choices and (value is None or (value == "" and str not in choices)):
        return None
    rest = [one for one in choices if one is not type(None)]
    return _fitted(value, rest[0]) if len(rest) == 1 else value


def _struct(value: Any, wanted: type[msgspec.Struct]) -> Any:
    if not isinstance(value, dict):
        return value
    names = _types_of(wanted)
    return {name: _fitted(value[name], names[name]) for name in names if name in value}


@cache
def _types_of(wanted: type[msgspec.Struct]) -> Mapping[str, Any]:
    """The type of each parameter. Finding that out takes longer than all else here, so it is done once per struct."""
    hints = get_type_hints(wanted)
    return {field.encode_name: hints[field.name] for field in msgspec.structs.fields(wanted)}


def _listed(value: Any) -> list[Any]:
    """A list; of what came as `a[0]=…&a[1]=…` or as a JSON object with numbers for names, its values in that order."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value, key=lambda key: (len(key), key))]
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]


__all__ = ["FileField", "parameters_of", "shaped", "unfolded"]
