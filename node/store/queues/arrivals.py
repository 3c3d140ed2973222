"""What was said to us, kept before we answered. A row is leased to one worker, done once, and emptied when done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Any, Literal

import msgspec

from node.store.db import Db
from schemas.limits import LEASE_SECONDS
from schemas.records import Actor, Arrival

UNNAMED = "#unnamed-"
LEASING = 0x61727276
"""Advisory lock key, of 31 bits: one lease at a time, or two workers could take two activities of one actor out of
order. Who keeps and takes at once shares it, and holds the actors it keeps something of (`keep_arrivals`)."""


class NewArrival(msgspec.Struct, frozen=True, kw_only=True):
    """A verified activity about to be kept. `body` is its JSON text as it came, `document` the same, read."""

    uri: str
    type: str
    actor_uri: str
    host: str
    body: str
    document: dict[str, Any] | None = None

    @property
    def once(self) -> bytes:
        """What makes it the same activity when it comes again: its id and who said it."""
        return hashlib.sha256(f"{self.uri}\n{self.actor_uri}".encode()).digest()


def unnamed(actor_uri: str, body: bytes, *signatures: str) -> str:
    """What stands for the id of an activity that has none."""
    digest = hashlib.sha256(body + "\n".join(signatures).encode()).hexdigest()
    return f"{actor_uri}{UNNAMED}{digest}"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What became of new arrivals: how many were new, and those of them that are leased, by worker."""

    fresh: int
    taken: dict[int, list[Arrival]]

    @property
    def left(self) -> int:
        """How many somebody has to lease yet."""
        return self.fresh - sum(map(len, self.taken.values()))


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who says something, if we know them, and whether they took it back before it came."""

    actor: Actor | None
    took_back: bool


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How an arrival ended, and why."""

    id: int
    outcome: Literal["accepted", "ignored", "refused"]
    reason: str | None = None


class EndedBefore(Exception):
    """Somebody else has done it: the caller must roll back."""


async def insert_many(db: Db, new: Sequence[NewArrival]) -> int:
    """Keep activities; those already known change nothing. How many were new."""
    done: str = await db.execute(
        """
        INSERT INTO arrivals (once, uri, type, actor_uri, host, body)
        SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
        ON CONFLICT (once) DO NOTHING
        """,
        *_columns(_ordered(new)),
    )
    return int(done.rpartition(" ")[2])


async def insert_and_take(db: Db, new: Sequence[NewArrival], workers: Sequence[int]) -> Kept:
    """Keep activities and lease at once those of actors of whom nothing is due yet to the first of the workers, and
    those of whom only one of the workers has something in work to that one. Outside of any transaction: what it holds,
    it holds until all are kept.
    """
    ordered = _ordered(new)
    rows = await db.fetch(
        "SELECT * FROM keep_arrivals($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *_columns(ordered),
        LEASING,
        workers,
        timedelta(seconds=LEASE_SECONDS),
    )
    taken: dict[int, list[Arrival]] = {}
    for row in sorted(rows, key=itemgetter("new_id")):
        if row["taken_by"] is not None:
            taken.setdefault(row["taken_by"], []).append(_leased(ordered[row["new_once"]], row))
    return Kept(fresh=len(rows), taken=taken)


def _leased(one: NewArrival, row: Mapping[str, Any]) -> Arrival:
    return Arrival(
        id=row["new_id"],
        uri=one.uri,
        type=one.type,
        actor_uri=one.actor_uri,
        host=one.host,
        body=one.body,
        attempts=1,
        received_at=row["new_received_at"],
        document=one.document,
        comes_after=row["comes_after"],
    )


def _ordered(new: Sequence[NewArrival]) -> dict[bytes, NewArrival]:
    # In one order everywhere, so that two processes with the same activities cannot wait for each other for ever.
    return dict(sorted({one.once: one for one in new}.items()))


def _columns(ordered: Mapping[bytes, NewArrival]) -> tuple[list[bytes] | list[str], ...]:
    many = ordered.values()
    return (
        list(ordered),
        [one.uri for one in many],
        [one.type for one in many],
        [one.actor_uri for one in many],
        [one.host for one in many],
        [one.body for one in many],
    )


async def lease(db: Db, worker: int, limit: int, size: int) -> list[Arrival]:
    """Take what is due, oldest first, for a worker and LEASE_SECONDS at most, until their texts have `size`
    bytes. Outside of any transaction, or others wait for its end.

    Nothing is taken of an actor of whom another worker has something in work: that one takes it. What this worker has
    itself it must do first. One that was put off does not hold up the later ones. The commit does not wait for the
    disk: a lease that is lost lets somebody else do the same, and of two ends only one counts.
    """
    rows = await db.fetch(
        """
        SELECT id, uri, type, actor_uri, host, body, attempts, received_at
          FROM lease_arrivals($1, $2, $3, $4, $5)
         ORDER BY id
        """,
        worker,
        limit,
        size,
        LEASING,
        timedelta(seconds=LEASE_SECONDS),
    )
    return [Arrival(**row) for row in rows]


async def speakers(db: Db, said: Sequence[tuple[str, str | None]]) -> list[Speaker]:
    """Who says this: for each (actor's id, activity's id), in order.

    What follows in the transaction are look-ups by keys, for which the first plan is as good as any: planning them
    again for each activity would cost more than running them. (SELECT around the parameters: this one, too.) How much
    work was put down so far is remembered for `finish_all`.
    """
    rows = await db.fetch(
        """
        SELECT (SELECT set_config('plan_cache_mode', 'force_generic_plan', true)
                    || set_config('allmende.work_before', work_put()::text, true)), actors.*,
               EXISTS (SELECT FROM gone WHERE gone.uri = said.uri AND gone.actor_uri = said.actor_uri) AS took_back
          FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) WITH ORDINALITY AS said (actor_uri, uri, place)
          LEFT JOIN actors ON actors.uri = said.actor_uri
         ORDER BY place
        """,
        [actor_uri for actor_uri, _ in said],
        [uri for _, uri in said],
    )
    names = Actor.__struct_fields__
    return [
        Speaker(
            actor=Actor(**{name: row[name] for name in names}) if row["id"] else None,
            took_back=row["took_back"],
        )
        for row in rows
    ]


async def finish_all(db: Db, endings: Sequence[Ending]) -> bool:
    """Say how they ended; whether there may be something to do or to deliver that was not there before `speakers`.
    Raises EndedBefore if one of them had ended already. Needs a transaction.

    Its commit does not wait for the disk: should the machine fail just then, both the effects and this end are lost
    together, and the arrivals, which were kept safely before they were answered, are worked on again.

    Asked so that only the index of ids answers: what waits may be much more than what is ended.
    """
    done = await db.fetch(
        """
        UPDATE arrivals
           SET done_at = now(), leased_until = NULL, leased_by = NULL, outcome = ending.outcome,
               reason = ending.reason, body = ''
          FROM unnest($1::bigint[], $2::text[], $3::text[]) AS ending (id, outcome, reason)
         WHERE arrivals.id = ANY ($1) AND arrivals.id = ending.id AND coalesce(done_at, 'infinity') = 'infinity'
        RETURNING (SELECT set_config('synchronous_commit', 'off', true)),
                  (SELECT work_put()::text <> coalesce(current_setting('allmende.work_before', true), '')) AS more
        """,
        [one.id for one in endings],
        [one.outcome for one in endings],
        [one.reason for one in endings],
    )
    if len(done) < len(endings):
        raise EndedBefore
    return any(one["more"] for one in done)


async def finish(
    db: Db, arrival_id: int, outcome: Literal["accepted", "ignored", "refused", "dead"], reason: str | None = None
) -> bool:
    """Say how one ended. False if it had ended before: then the caller must roll back what it did."""
    done: str = await db.execute(
        """
        UPDATE arrivals SET done_at = now(), leased_until = NULL, leased_by = NULL, outcome = $2, reason = $3, body = ''
        WHERE id = $1 AND done_at IS NULL
        """,
        arrival_id,
        outcome,
        reason,
    )
    return done == "UPDATE 1"


async def put_off(db: Db, arrival_id: int, seconds: float, reason: str) -> None:
    """Try again after a while."""
    await db.execute(
        """
        UPDATE arrivals SET leased_until = NULL, leased_by = NULL, next_at = now() + $2, reason = $3
        WHERE id = $1 AND done_at IS NULL
        """,
        arrival_id,
        timedelta(seconds=seconds),
        reason,
    )


async def release(db: Db, arrival_ids: Sequence[int]) -> None:
    """Give leases back untried."""
    await db.execute(
        """
        UPDATE arrivals SET leased_until = NULL, leased_by = NULL, attempts = attempts - 1
        WHERE id = ANY($1) AND done_at IS NULL AND leased_until IS NOT NULL
        """,
        list(arrival_ids),
    )


async def release_lost(db: Db, worker: int, held: Sequence[int]) -> None:
    """Give back what is leased to a worker that does not hold it: the database crashed and has forgotten that it was
    done, together with what it did (see `finish_all`)."""
    await db.execute(
        """
        UPDATE arrivals SET leased_until = NULL, leased_by = NULL
         WHERE done_at IS NULL AND leased_by = $1 AND id <> ALL($2)
        """,
        worker,
        list(held),
    )


async def forget_done(db: Db, age: timedelta, limit: int) -> int:
    """Delete rows that ended longer ago than `age`; a repeat of them would be taken for new. How many went."""
    done: str = await db.execute(
        """
        DELETE FROM arrivals
        WHERE id IN (SELECT id FROM arrivals WHERE done_at < now() - $1::interval ORDER BY done_at LIMIT $2)
        """,
        age,
        limit,
    )
    return int(done.rpartition(" ")[2])
