"""What strict decoders of clients (Swift, Kotlin) insist on in each entity: its fields, their types, which may be null
and which may be left out. Written from what clients decode, not from our own structs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any, str], list[str]]
"""Takes a value and where it stands; gives what is wrong with it."""


def matching(pattern: str, called: str) -> Check:
    """A text that looks like this from end to end."""
    compiled = re.compile(pattern)

    def check(value: Any, where: str) -> list[str]:
        fits = isinstance(value, str) and compiled.fullmatch(value)
        return [] if fits else [f"{where}: {value!r} is no {called}"]

    return check


def of_type(wanted: type, *, also: tuple[type, ...] = ()) -> Check:
    """A JSON value of this type; True is no number."""

    def check(value: Any, where: str) -> list[str]:
        fits = isinstance(value, (wanted, *also)) and (wanted is bool or not isinstance(value, bool))
        return [] if fits else [f"{where}: {value!r} is no {wanted.__name__}"]

    return check


def choice(*words: str) -> Check:
    """One of these words."""
    return lambda value, where: [] if value in words else [f"{where}: {value!r} is none of {words}"]


def opt(inner: Check) -> Check:
    """Null, or that."""
    return lambda value, where: [] if value is None else inner(value, where)


class Maybe:
    """A field that may be left out."""

    def __init__(self, inner: Check) -> None:
        self.inner = inner


def many(inner: Check) -> Check:
    """A list of that."""

    def check(value: Any, where: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [wrong for number, one in enumerate(value) for wrong in inner(one, f"{where}[{number}]")]

    return check


def some(inner: Check) -> Check:
    """A list of that which is not empty: of an empty one nothing is proved."""
    return lambda value, where: many(inner)(value, where) if value else [f"{where}: {value!r} is empty"]


def entity(fields: Mapping[str, Check | Maybe], base: Mapping[str, Check | Maybe] | None = None) -> Check:
    """An object with these fields; more do no harm."""
    all_fields = {**(base or {}), **fields}

    def check(value: Any, where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no object"]
        wrong: list[str] = []
        for name, wanted in all_fields.items():
            inner = wanted.inner if isinstance(wanted, Maybe) else wanted
            if name in value:
                wrong += inner(value[name], f"{where}.{name}")
            elif not isinstance(wanted, Maybe):
                wrong.append(f"{where}.{name} is missing")
        return wrong

    return check


def anything(_value: Any, _where: str) -> list[str]:
    """Whatever it is."""
    return []


def nothing(value: Any, where: str) -> list[str]:
    """`{}`."""
    return [] if value == {} else [f"{where}: {value!r} is not {{}}"]


ID = matching(r"[0-9]{1,19}", "id")
TEXT = of_type(str)
WORDS = matching(r".+", "text")
BOOL = of_type(bool)
INT = of_type(int)
NUMBER = of_type(int, also=(float,))
DIGITS = matching(r"[0-9]+", "number as text")
MOMENT = matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "moment with milliseconds")
DATE = matching(r"\d{4}-\d\d-\d\d", "date")
URL = matching(r"https?://[^\s]+", "address")
LANGUAGE = matching(r"[a-z]{2,3}(-.+)?", "language")
