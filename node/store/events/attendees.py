"""Those who answered an event of ours, as its organisers look after them: lists, ticks at the door, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from node.store.db import Db
from schemas.limits import ATTENDEES_SHOWN
from schemas.records import Actor, Record, Rsvp

_ACTOR = msgspec.json.Decoder(Actor)


class Attendee(Record, frozen=True, kw_only=True):
    """An answer and whose it is; without an account nobody's."""

    rsvp: Rsvp
    actor: Actor | None

    @property
    def name(self) -> str:
        """What they want to be called."""
        return (self.actor.display_name or self.actor.name) if self.actor else self.rsvp.guest_name or ""


class Reached(Record, frozen=True, kw_only=True):
    """How many people hear of a change, by how: a notice here, a message to their server, a mail."""

    here: int
    elsewhere: int
    mail: int


async def list_of(
    db: Db, event_id: int, *, states: Sequence[str] = (), search: str = "", limit: int = ATTENDEES_SHOWN
) -> list[Attendee]:
    """Who answered, by name; only these states, and whose name or address contains `search`."""
    rows = await db.fetch(
        """
        SELECT r.*, row_to_json(a)::text AS actor
          FROM rsvps r
          LEFT JOIN public_actors a ON a.id = r.actor_id
         WHERE r.event_id = $1 AND ($2::text[] = '{}' OR r.state = ANY ($2))
           AND strpos(lower(concat_ws(' ', a.display_name, a.name, r.guest_name, r.guest_email)), lower($3)) > 0
         ORDER BY lower(coalesce(nullif(a.display_name, ''), a.name, r.guest_name)), r.id
         LIMIT $4
        """,
        event_id,
        list(states),
        search,
        limit,
    )
    found = []
    for row in rows:
        fields = dict(row)
        actor = fields.pop("actor")
        found.append(Attendee(rsvp=Rsvp(**fields), actor=_ACTOR.decode(actor) if actor else None))
    return found


async def reached(db: Db, event_id: int, states: Sequence[str]) -> Reached:
    """How many of those who answered so would be told, by how."""
    row = await db.fetchrow(
        """
        SELECT count(*) FILTER (WHERE a.local) AS here,
               count(*) FILTER (WHERE NOT a.local AND a.deleted_at IS NULL) AS elsewhere,
               count(*) FILTER (WHERE r.actor_id IS NULL AND r.erased_at IS NULL) AS mail
          FROM rsvps r
          LEFT JOIN actors a ON a.id = r.actor_id
         WHERE r.event_id = $1 AND r.state = ANY ($2)
        """,
        event_id,
        list(states),
    )
    return Reached(**row)


async def untold(db: Db, event_id: int, limit: int) -> list[Rsvp]:
    """Who has not been told all that the event's tellings say; locked."""
    rows = await db.fetch(
        """
        SELECT *
          FROM rsvps
         WHERE event_id = $1 AND told_id < last_telling($1) AND state <> 'declined'
         ORDER BY id
         LIMIT $2
           FOR UPDATE
        """,
        event_id,
        limit,
    )
    return [Rsvp(**row) for row in rows]


async def remind_again(db: Db, event_id: int) -> None:
    """Let everybody be reminded once more: the event changed."""
    await db.execute("UPDATE rsvps SET reminded_at = NULL WHERE event_id = $1 AND reminded_at IS NOT NULL", event_id)


async def mark_told(db: Db, numbers: Sequence[int], telling: int) -> None:
    """These were told everything up to this telling."""
    await db.execute("UPDATE rsvps SET told_id = $2 WHERE id = ANY ($1)", list(numbers), telling)


async def to_remind(db: Db, ahead: timedelta, fresh: timedelta, limit: int) -> list[Rsvp]:
    """Who comes, or may come, to an event of ours that begins within `ahead`, and was not reminded; locked, and marked
    as reminded. Who answered within `fresh` knows."""
    rows = await db.fetch(
        """
        UPDATE rsvps SET reminded_at = now()
         WHERE id IN (
               SELECT r.id
                 FROM events e
                 JOIN posts p ON p.id = e.post_id
                 JOIN rsvps r ON r.event_id = e.post_id
                WHERE e.starts_at > now() AND e.starts_at < now() + $1::interval
                  AND e.status NOT IN ('cancelled', 'postponed') AND p.local AND p.deleted_at IS NULL
                  AND r.state IN ('going', 'maybe') AND r.reminded_at IS NULL
                  AND r.answered_at < now() - $2::interval
                ORDER BY e.starts_at, r.id
                LIMIT $3
                  FOR UPDATE OF r SKIP LOCKED)
        RETURNING *
        """,
        ahead,
        fresh,
        limit,
    )
    return [Rsvp(**row) for row in rows]


async def tick(db: Db, event_id: int, number: int, *, here: bool, at: datetime) -> bool:
    """Note that somebody has come at that moment, or that this was a slip. What was ticked later, at another door, is
    not undone by what was said before. False if there is no such answer."""
    done: str = await db.execute(
        """
        UPDATE rsvps SET checked_in_at = CASE WHEN $3 THEN coalesce(checked_in_at, $4)
                                              WHEN checked_in_at > $4 THEN checked_in_at END
         WHERE event_id = $1 AND id = $2
        """,
        event_id,
        number,
        here,
        at,
    )
    return done == "UPDATE 1"


async def erase(db: Db, after: timedelta, limit: int) -> int:
    """Erase what people entrusted to an event that ended so long ago: names and addresses of those without an account,
    and everybody's answers to its questions. The numbers stay. How many answers that were."""
    done: str = await db.execute(
        """
        UPDATE rsvps
           SET guest_email = CASE WHEN guest_email IS NULL THEN NULL ELSE id || '@erased.invalid' END,
               guest_name = CASE WHEN guest_email IS NULL THEN NULL ELSE '' END,
               answers = '{}', note = '', erased_at = now()
         WHERE id IN (
               SELECT r.id
                 FROM events e
                 JOIN rsvps r ON r.event_id = e.post_id
                WHERE over_at(e) < now() - $1::interval AND r.erased_at IS NULL
                LIMIT $2)
        """,
        after,
        limit,
    )
    return int(done.rpartition(" ")[2])
