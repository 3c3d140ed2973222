"""The one list of answers per event. Seats are given under the event's row lock, so capacity holds whatever races."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from node.store.db import Db
from schemas.records import Record, Rsvp, RsvpState

State = RsvpState
Door = Literal["button", "join", "accept", "poll", "reply", "mail", "panel"]


class Guest(Record, frozen=True, kw_only=True):
    """Somebody without an account who answers by mail. `number`: the answer's, as its request had it."""

    email: str
    name: str
    language: str
    number: int


class Extra(Record, frozen=True, kw_only=True):
    """What an answer says beside yes or no: how many come along, and answers to the organisers' questions by id."""

    companions: int = 0
    answers: Mapping[str, str] = {}


class Seats(Record, frozen=True, kw_only=True):
    """An event's seats as they stand while its row is locked."""

    event_id: int
    capacity: int | None
    going: int
    waiting_list: bool
    join_mode: str
    status: str
    over: bool

    def has_room(self, people: int) -> bool:
        """Whether so many more may come."""
        return self.capacity is None or self.going + people <= self.capacity


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


async def get(db: Db, number: int) -> Rsvp | None:
    """The answer of this number."""
    row = await db.fetchrow("SELECT * FROM rsvps WHERE id = $1", number)
    return Rsvp(**row) if row else None


async def find_guest(db: Db, event_id: int, email: str) -> Rsvp | None:
    """The answer of somebody without an account, if there is one."""
    row = await db.fetchrow("SELECT * FROM rsvps WHERE event_id = $1 AND guest_email = $2", event_id, email)
    return Rsvp(**row) if row else None


async def put(
    db: Db,
    event_id: int,
    actor_id: int,
    state: State,
    door: Door,
    *,
    note: str = "",
    activity_uri: str | None = None,
    extra: Extra | None = None,
) -> Rsvp:
    """Write an actor's answer and keep the event's count. The place in the queue is kept while the state stays; who
    comes along stays as it was if `extra` does not say it."""
    row = await db.fetchrow(
        """
        INSERT INTO rsvps AS old (event_id, actor_id, state, door, note, activity_uri, companions, answers, told_id)
        VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, 0), coalesce($8, '{}'::json), last_telling($1))
        ON CONFLICT (event_id, actor_id) DO UPDATE
        SET state = excluded.state,
            door = excluded.door,
            note = excluded.note,
            activity_uri = coalesce(excluded.activity_uri, old.activity_uri),
            companions = coalesce($7, old.companions),
            answers = coalesce($8, old.answers),
            told_id = CASE WHEN old.state = 'declined' THEN excluded.told_id ELSE old.told_id END,
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
        extra.companions if extra else None,
        dict(extra.answers) if extra else None,
    )
    await recount(db, event_id)
    return Rsvp(**row)


async def put_guest(db: Db, event_id: int, guest: Guest, state: State, extra: Extra) -> Rsvp:
    """Write the answer of somebody without an account, as `put` does."""
    row = await db.fetchrow(
        """
        INSERT INTO rsvps AS old (
            id, event_id, guest_email, guest_name, guest_language, state, door, companions, answers, told_id)
        OVERRIDING SYSTEM VALUE
        VALUES ($1, $2, $3, $4, $5, $6, 'mail', $7, $8, last_telling($2))
        ON CONFLICT (event_id, guest_email) DO UPDATE
        SET state = excluded.state,
            guest_name = excluded.guest_name,
            guest_language = excluded.guest_language,
            companions = excluded.companions,
            answers = excluded.answers,
            told_id = CASE WHEN old.state = 'declined' THEN excluded.told_id ELSE old.told_id END,
            answered_at = now(),
            queued_at = CASE WHEN old.state = excluded.state THEN old.queued_at ELSE now() END
        RETURNING *
        """,
        guest.number,
        event_id,
        guest.email,
        guest.name,
        guest.language,
        state,
        extra.companions,
        dict(extra.answers),
    )
    await recount(db, event_id)
    return Rsvp(**row)


async def decide(db: Db, answer: Rsvp, state: State) -> Rsvp:
    """Write what organisers decided about an answer."""
    row = await db.fetchrow(
        """
        UPDATE rsvps
           SET state = $2,
               answered_at = now(),
               queued_at = CASE WHEN state = $2 THEN queued_at ELSE now() END
         WHERE id = $1
        RETURNING *
        """,
        answer.id,
        state,
    )
    await recount(db, answer.event_id)
    return Rsvp(**row)


async def remove(db: Db, event_id: int, actor_id: int) -> None:
    """Take an actor's answer out of the list."""
    await db.execute("DELETE FROM rsvps WHERE event_id = $1 AND actor_id = $2", event_id, actor_id)
    await recount(db, event_id)


async def recount(db: Db, event_id: int) -> None:
    """Set the count of an event of ours from its list, companions included; other servers tell their own."""
    await db.execute(
        """
        UPDATE events
           SET going = (SELECT coalesce(sum(1 + companions), 0) FROM rsvps WHERE event_id = $1 AND state = 'going')
         WHERE post_id = $1 AND EXISTS (SELECT FROM posts WHERE id = $1 AND local)
        """,
        event_id,
    )


async def promote(db: Db, event_id: int, seats: int | None) -> list[Rsvp]:
    """Give free seats to those who wait longest; `seats` None means all of them. Who brings more people than there are
    seats waits on, and the next come in. The rows that changed."""
    waiting = await db.fetch(
        """
        SELECT id, 1 + companions AS people
          FROM rsvps
         WHERE event_id = $1 AND state = 'waiting'
         ORDER BY queued_at, id
        """,
        event_id,
    )
    lucky = []
    for row in waiting:
        if seats is None or row["people"] <= seats:
            lucky.append(row["id"])
            seats = seats if seats is None else seats - row["people"]
    if not lucky:
        return []
    rows = await db.fetch("UPDATE rsvps SET state = 'going' WHERE id = ANY ($1) RETURNING *", lucky)
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
    """How many people each answer stands for, companions included."""
    rows = await db.fetch(
        "SELECT state, sum(1 + companions) AS n FROM rsvps WHERE event_id = $1 GROUP BY state", event_id
    )
    return msgspec.convert({row["state"]: row["n"] for row in rows}, dict[str, int])
