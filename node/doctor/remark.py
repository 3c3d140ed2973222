"""What the doctor says: one plain sentence each, and what to do where something is wrong."""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal["ok", "note", "warn", "wrong"]


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """`ok` is as it should be, `note` is good to know, `warn` will hurt some day, `wrong` hurts now."""

    level: Level
    says: str
    do: str = ""


def ok(says: str) -> Remark:
    """It is as it should be."""
    return Remark(level="ok", says=says)


def note(says: str, do: str = "") -> Remark:
    """Good to know; nothing is wrong."""
    return Remark(level="note", says=says, do=do)


def warn(says: str, do: str) -> Remark:
    """It works, but not as well as it could, or not for ever."""
    return Remark(level="warn", says=says, do=do)


def wrong(says: str, do: str) -> Remark:
    """It does not work."""
    return Remark(level="wrong", says=says, do=do)
