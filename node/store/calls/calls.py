"""Calls: the row with what is sought or offered, until when, and what became of it."""

from __future__ import annotations

from node.store.db import Db
from node.store.events import places
from schemas.things import CallDetail


async def write(db: Db, post_id: int, call: CallDetail, *, local: bool) -> None:
    """Write, or write again, a call's row. Places taken are counted from the answers for our calls, and told by the
    origin for others. An intent belongs to the call that named it first."""
    await db.execute(
        """
        INSERT INTO calls AS old (
            post_id, purpose, skills, effort, effort_hours, remote, place_id, deadline, begins, ends, places,
            places_taken, respond_by, contact, state, zone, intent_uri)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $18,
                (SELECT $16::text WHERE NOT EXISTS (SELECT FROM calls WHERE intent_uri = $16 AND post_id <> $1)))
        ON CONFLICT (post_id) DO UPDATE SET
            purpose = excluded.purpose, skills = excluded.skills, effort = excluded.effort,
            effort_hours = excluded.effort_hours, remote = excluded.remote, place_id = excluded.place_id,
            deadline = excluded.deadline, begins = excluded.begins, ends = excluded.ends, places = excluded.places,
            places_taken = CASE WHEN $17 THEN old.places_taken ELSE excluded.places_taken END,
            respond_by = excluded.respond_by, contact = excluded.contact, state = excluded.state,
            zone = excluded.zone, intent_uri = excluded.intent_uri,
            reminded_at = CASE WHEN old.deadline IS NOT DISTINCT FROM excluded.deadline THEN old.reminded_at END
        """,
        post_id,
        call.purpose,
        call.skills,
        call.effort,
        call.effort_hours,
        call.remote,
        await places.id_of(db, call.place, local=local),
        call.deadline,
        call.begins,
        call.ends,
        call.places,
        call.places_taken,
        call.respond_by,
        call.contact,
        call.state,
        call.intent_uri,
        local,
        call.zone,
    )
