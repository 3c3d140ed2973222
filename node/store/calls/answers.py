"""Answers to calls. Places are given under the call's row lock."""

from __future__ import annotations

from typing import Literal

from node.store.db import Db
from schemas.answers import Answer
from schemas.limits import ANSWERS_SHOWN
from schemas.records import Record


class Openings(Record, frozen=True, kw_only=True):
    """A call's places as they stand while its row is locked."""

    call_id: int
    places: int | None
    places_taken: int
    state: str
    past: bool

    def room_for(self, quantity: int) -> bool:
        """Whether that many more fit."""
        return self.places is None or self.places_taken + quantity <= self.places


async def lock(db: Db, call_id: int) -> Openings | None:
    """Lock a call's row until the transaction ends. None if there is no such call."""
    row = await db.fetchrow(
        """
        SELECT post_id AS call_id, places, places_taken, state, coalesce(deadline < now(), false) AS past
          FROM calls WHERE post_id = $1 FOR UPDATE
        """,
        call_id,
    )
    return Openings(**row) if row else None


async def get(db: Db, answer_id: int) -> Answer | None:
    """One answer."""
    row = await db.fetchrow("SELECT * FROM answers WHERE id = $1 FOR UPDATE", answer_id)
    return Answer(**row) if row else None


async def find_by_offer(db: Db, offer_uri: str) -> Answer | None:
    """The answer that this Offer made."""
    row = await db.fetchrow("SELECT * FROM answers WHERE offer_uri = $1", offer_uri)
    return Answer(**row) if row else None


async def find_by_agreement(db: Db, agreement_uri: str) -> Answer | None:
    """The answer that ended in this Agreement."""
    row = await db.fetchrow("SELECT * FROM answers WHERE agreement_uri = $1", agreement_uri)
    return Answer(**row) if row else None


async def insert(
    db: Db,
    call_id: int,
    actor_id: int,
    door: Literal["reply", "offer", "web", "mail"],
    *,
    content: str,
    offer_uri: str | None = None,
    reply_id: int | None = None,
    quantity: int = 1,
    hours: int | None = None,
) -> Answer | None:
    """Keep an answer. None if this Offer or reply has been kept before."""
    row = await db.fetchrow(
        """
        INSERT INTO answers (call_id, actor_id, door, content, offer_uri, reply_id, quantity, hours, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'offered')
        ON CONFLICT DO NOTHING
        RETURNING *
        """,
        call_id,
        actor_id,
        door,
        content,
        offer_uri,
        reply_id,
        quantity,
        hours,
    )
    return Answer(**row) if row else None


async def decide(
    db: Db,
    answer_id: int,
    state: Literal["accepted", "rejected", "withdrawn"],
    *,
    by: int | None = None,
    agreement_uri: str | None = None,
) -> Answer:
    """Set what became of an answer, and keep the count of taken places of a call of ours; others tell their own."""
    row = await db.fetchrow(
        """
        UPDATE answers
           SET state = $2, decided_at = now(), decided_by = $3, agreement_uri = coalesce($4, agreement_uri)
         WHERE id = $1
        RETURNING *
        """,
        answer_id,
        state,
        by,
        agreement_uri,
    )
    answer = Answer(**row)
    await db.execute(
        """
        UPDATE calls
           SET places_taken = (
               SELECT coalesce(sum(quantity), 0) FROM answers WHERE call_id = $1 AND state = 'accepted')
         WHERE post_id = $1 AND EXISTS (SELECT FROM posts WHERE id = $1 AND local)
        """,
        answer.call_id,
    )
    return answer


async def count_open(db: Db, call_id: int, actor_id: int) -> int:
    """How many answers of an actor to a call nobody has decided about."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM answers WHERE call_id = $1 AND actor_id = $2 AND state = 'offered'", call_id, actor_id
    )
    return count


async def count_waiting(db: Db, call_id: int) -> int:
    """How many answers to a call nobody has decided about."""
    count: int = await db.fetchval("SELECT count(*) FROM answers WHERE call_id = $1 AND state = 'offered'", call_id)
    return count


async def list_open(db: Db, actor_id: int) -> list[Answer]:
    """An actor's answers to our calls that nobody has decided about."""
    rows = await db.fetch(
        """
        SELECT answers.*
          FROM answers JOIN posts ON posts.id = call_id
         WHERE answers.actor_id = $1 AND answers.state = 'offered' AND posts.local
        """,
        actor_id,
    )
    return [Answer(**row) for row in rows]


async def list_of(db: Db, call_id: int, limit: int = ANSWERS_SHOWN) -> list[Answer]:
    """The answers to a call, oldest first: for its owner."""
    rows = await db.fetch("SELECT * FROM answers WHERE call_id = $1 ORDER BY id LIMIT $2", call_id, limit)
    return [Answer(**row) for row in rows]


async def list_by(db: Db, call_id: int, actor_id: int) -> list[Answer]:
    """An actor's own answers to a call."""
    rows = await db.fetch(
        "SELECT * FROM answers WHERE call_id = $1 AND actor_id = $2 ORDER BY id",
        call_id,
        actor_id,
    )
    return [Answer(**row) for row in rows]
