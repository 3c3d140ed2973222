"""What the doctor says: one plain sentence each, and what to do where something is wrong."""

from __future__ import annotations

from typing import Literal

import msgspec

from node.wording.language import fill

Level = Literal["ok", "note", "warn", "wrong"]
Value = str | int


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """`ok` is as it should be, `note` is good to know, `warn` will hurt some day, `wrong` hurts now. `says` and `do`
    are English; `msgids` are these two before `values` were put into their gaps, to be said in other languages."""

    level: Level
    says: str
    do: str = ""
    msgids: tuple[str, str] = ("", "")
    values: dict[str, Value] = {}


def ok(says: str, **values: Value) -> Remark:
    """It is as it should be."""
    return _remark("ok", says, "", values)


def note(says: str, do: str = "", **values: Value) -> Remark:
    """Good to know; nothing is wrong."""
    return _remark("note", says, do, values)


def warn(says: str, do: str, **values: Value) -> Remark:
    """It works, but not as well as it could, or not for ever."""
    return _remark("warn", says, do, values)


def wrong(says: str, do: str, **values: Value) -> Remark:
    """It does not work."""
    return _remark("wrong", says, do, values)


def _remark(level: Level, says: str, do: str, values: dict[str, Value]) -> Remark:
    return Remark(level=level, says=fill(says, values), do=fill(do, values), msgids=(says, do), values=values)
