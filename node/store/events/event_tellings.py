"""What those who answered an event of ours are told, in order: changes of plan and words of its organisers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from node.store.db import Db
from schemas.records import Record, RsvpState

Kind = Literal["message", "cancelled", "postponed", "moved", "changed", "scheduled"]


class Telling(Record, frozen=True, kw_only=True):
    """One of them, for those whose answer is one of `states`."""

    id: int
    event_id: int
    kind: Kind
    states: Sequence[RsvpState]
    words: str


async def insert(
    db: Db, event_id: int, kind: Kind, states: Sequence[RsvpState], words: str, account_id: int | None
) -> None:
    """Keep it. The event's row is locked by the caller, so that tellings commit in the order of their numbers."""
    await db.execute(
        "INSERT INTO event_tellings (event_id, kind, states, words, account_id) VALUES ($1, $2, $3, $4, $5)",
        event_id,
        kind,
        list(states),
        words,
        account_id,
    )


async def list_of(db: Db, event_id: int) -> list[Telling]:
    """All tellings of an event, the first one first."""
    rows = await db.fetch(
        "SELECT id, event_id, kind, states, words FROM event_tellings WHERE event_id = $1 ORDER BY id", event_id
    )
    return [Telling(**row) for row in rows]
