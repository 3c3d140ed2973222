"""What an event of ours asks of those who come."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from schemas.attending import Terms


async def get(db: Db, event_id: int) -> Terms:
    """The event's terms; nothing is asked if nobody said so."""
    row = await db.fetchrow("SELECT companions, questions FROM rsvp_terms WHERE event_id = $1", event_id)
    return msgspec.convert(dict(row), Terms) if row else Terms()


async def put(db: Db, event_id: int, terms: Terms) -> None:
    """Set them."""
    await db.execute(
        """
        INSERT INTO rsvp_terms (event_id, companions, questions)
        VALUES ($1, $2, $3)
        ON CONFLICT (event_id) DO UPDATE SET companions = excluded.companions, questions = excluded.questions
        """,
        event_id,
        terms.companions,
        msgspec.to_builtins(terms.questions),
    )
