"""The one list of answers per event. Seats are given under the event's row lock, so capacity holds whatever races."""

from __future__ import annotations

from typing import Literal

import msgspec

from node.store.db import Db
from schemas.records import Record, Rsvp, RsvpState

State = RsvpState
Door = Literal["button", "join", "accept", "poll", "reply", "mail", "panel"]


class Seats(Record, frozen=True, kw_only=True):
    """An event's seats as they stand while its row is locked."""

    event_id: int
    capacity: int | None
    going: int
    waiting_list: bool
    join_mode: str
    status: str
    over: bool

    @property
    def free(self) -> bool:
        """Whether one more may come."""
        return self.capacity is None or self.going < self.capacity


async def lock(db: Db, event_id: int) -> Seats | None:
    """Lock an event's row until the transaction ends, and count its seats. None if there is no such event."""
    row = await db.fetchrow(
        """
        SELECT post_id AS event_id, capacity, going, waiting_list, join_mode, status,
               coalesce(ends_at, starts_at + interval '12 hours') < now() AS over
          FROM events
         WHERE post_id = $1
           FOR UPDATE
        """,
        event_id,
    )
    return Seats(**row) if row else None


async def find(db: Db, event_id: int, actor_id: int) -> Rsvp | None:
    """An actor's answer, if there is one."""
    row = await db.fetchrow(
        "SELECT * FROM rsvps WHERE event_id = $1 AND actor_id = $2",
        event_id,
        actor_id,
    )
    return Rsvp(**row) if row else None


async def find_by_activity(db: Db, uri: str) -> Rsvp | None:
    """The answer that came with this Join (or Accept)."""
    row = await db.fetchrow("SELECT * FROM rsvps WHERE activity_uri = $1", uri)
    return Rsvp(**row) if row else None


async def put(
    db: Db, event_id: int, actor_id: int, state: State, door: Door, *, note: str = "", activity_uri: str | None = None
) -> Rsvp:
    """Write an actor's answer and keep the event's count. The place in the queue is kept while the state stays."""
    row = await db.fetchrow(
        """
        INSERT INTO rsvps AS old (event_id, actor_id, state, door, note, activity_uri)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (event_id, actor_id) DO UPDATE
        SET state = excluded.state,
            door = excluded.door,
            note = excluded.note,
            activity_uri = coalesce(excluded.activity_uri, old.activity_uri),
            answered_at = now(),
            queued_at = CASE WHEN old.state = excluded.state THEN old.queued_at ELSE now() END
        RETURNING *
        """,
        event_id,
        actor_id,
        state,
        door,
        note,
        activity_uri,
    )
    await recount(db, event_id)
    return Rsvp(**row)


async def remove(db: Db, event_id: int, actor_id: int) -> None:
    """Take an actor's answer out of the list."""
    await db.execute("DELETE FROM rsvps WHERE event_id = $1 AND actor_id = $2", event_id, actor_id)
    await recount(db, event_id)


async def recount(db: Db, event_id: int) -> None:
    """Set the count of an event of ours from its list; those of other servers tell their own."""
    await db.execute(
        """
        UPDATE events SET going = (SELECT count(*) FROM rsvps WHERE event_id = $1 AND state = 'going')
         WHERE post_id = $1 AND EXISTS (SELECT FROM posts WHERE id = $1 AND local)
        """,
        event_id,
    )


async def promote(db: Db, event_id: int, seats: int | None) -> list[Rsvp]:
    """Give free seats to those who wait longest; `seats` None means all of them. The rows that changed."""
    rows = await db.fetch(
        """
        UPDATE rsvps SET state = 'going'
         WHERE id IN (
               SELECT id FROM rsvps WHERE event_id = $1 AND state = 'waiting' ORDER BY queued_at, id LIMIT $2)
        RETURNING *
        """,
        event_id,
        seats,
    )
    if rows:
        await recount(db, event_id)
    return [Rsvp(**row) for row in rows]


async def find_poll(db: Db, event_id: int) -> int | None:
    """The post by which the followers of an event of ours are asked who comes, if it stands."""
    found: int | None = await db.fetchval(
        "SELECT id FROM posts WHERE rsvp_for_id = $1 AND local AND poll IS NOT NULL AND deleted_at IS NULL", event_id
    )
    return found


async def list_to_come(db: Db, actor_id: int) -> list[Rsvp]:
    """An actor's answers, other than no, to events of ours that are not over."""
    rows = await db.fetch(
        """
        SELECT rsvps.*
          FROM rsvps
          JOIN events e ON e.post_id = event_id
          JOIN posts ON posts.id = event_id
         WHERE rsvps.actor_id = $1 AND rsvps.state <> 'declined' AND posts.local AND over_at(e) > now()
        """,
        actor_id,
    )
    return [Rsvp(**row) for row in rows]


async def list_of(db: Db, event_id: int) -> list[Rsvp]:
    """All answers to an event in the order in which they came: for those who organise it."""
    rows = await db.fetch(
        "SELECT * FROM rsvps WHERE event_id = $1 ORDER BY answered_at, id",
        event_id,
    )
    return [Rsvp(**row) for row in rows]


async def counts(db: Db, event_id: int) -> dict[str, int]:
    """How many answered what."""
    rows = await db.fetch("SELECT state, count(*) AS n FROM rsvps WHERE event_id = $1 GROUP BY state", event_id)
    return msgspec.convert({row["state"]: row["n"] for row in rows}, dict[str, int])
