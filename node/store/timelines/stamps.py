"""Whether a post that was read before is still the same: stamps of all rows that its record is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from node.store.db import Db

Stamp = tuple[object, ...]

# PostgreSQL writes a changed row to a new place (ctid) under a new transaction (xmin): one of both is another one then.
PARTS = ("medium", "quotes", "tells", "from")
"""Rows beside those of a post, of its author and of whom it names, of which its record is made."""

_STAMPS = "SELECT * FROM looks($1, NULL, NULL, NULL)"


async def stamps_of(db: Db, ids: Sequence[int]) -> dict[int, Stamp]:
    """By id, for each post that is there, deleted or not, the stamp of its record as `records_of` gives it: that of a
    boost holds what it passes on, too. Two reads with the same stamp find the same."""
    return stamps_in(await db.fetch(_STAMPS, list(ids)))


def stamps_in(rows: Sequence[Any]) -> dict[int, Stamp]:
    """The stamps that rows of `looks` (in the database) tell, also among others."""
    found = {part: (numbers, beside, whose) for part, numbers, beside, whose in rows if part not in PARTS}
    if "post" not in found:
        return {}
    people, parts = dict(zip(*found["actor"][:2], strict=True)), defaultdict[int, list[tuple[str, str]]](list)
    if "named" in found:
        for number, one in zip(found["named"][0], found["named"][2], strict=True):
            parts[number].append(("named", people[one]))
    for part, numbers, beside, _ in rows:
        if part in PARTS:
            for number, stamp in zip(numbers, beside, strict=True):
                parts[number].append((part, stamp))
    own = {
        number: (people[author], stamp, *sorted(parts[number]))
        for number, stamp, author in zip(*found["post"], strict=True)
    }
    return {
        number: _with(own, number, one)
        for number, one in zip(found["passed_on"][0], found["passed_on"][2], strict=True)
    }


def _with(own: Mapping[int, Stamp], number: int, passed_on: int | None) -> Stamp:
    return own[number] if passed_on is None else (own[number], own[passed_on])
