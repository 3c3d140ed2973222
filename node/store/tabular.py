"""How a table of the panel is asked for: in which order, from where, how many. The orders are those that a store names;
nothing that a reader types becomes part of a statement."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

MARK = "-- sorted"
"""Where a statement takes its order."""


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a table: `order` is the name of one of its orders, else the first; `words` are looked for in it."""

    words: str = ""
    order: str = ""
    descending: bool = False
    offset: int = 0
    limit: int = 20


def ordered(sql: str, orders: Mapping[str, str], wanted: Slice, tie: str) -> str:
    """The statement with its order in place of the mark; `tie` decides between equals, so that pages never overlap."""
    before, mark, after = sql.partition(MARK)
    assert mark, "a table's query has a mark"  # noqa: S101 - a slip of the programmer, not of a caller
    expression = orders.get(wanted.order) or next(iter(orders.values()))
    direction = "DESC" if wanted.descending else "ASC"
    return f"{before}ORDER BY {expression} {direction} NULLS LAST, {tie}{after}"
