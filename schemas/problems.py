"""What is wrong with a field of what someone sent: said once, translated by whichever door answers."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`field` is the path (`event.starts`, `versions.0.name`); `reason` English with {named} gaps (the msgid)."""

    field: str
    reason: str
    values: dict[str, str | int] = {}
