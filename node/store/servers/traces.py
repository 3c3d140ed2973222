"""What became of single activities, for some days: for those who look for what goes wrong between two servers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from node.store.db import Db
from schemas.records import Record

Way = Literal["in", "out"]


class NewTrace(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened: with which host, about which activity (its id, as far as it is known), how it went."""

    at: datetime
    way: Way
    host: str
    activity: str
    type: str
    fine: bool
    words: str


class Trace(Record, frozen=True, kw_only=True):
    """One line of the page."""

    at: datetime
    way: str
    host: str
    activity: str
    type: str
    fine: bool
    words: str


class Owed(Record, frozen=True, kw_only=True):
    """A delivery that waits or was given up."""

    host: str
    inbox: str
    attempts: int
    next_at: datetime | None
    dead_at: datetime | None
    last_error: str | None


async def insert_many(db: Db, new: Sequence[NewTrace]) -> None:
    """Write down what gathered."""
    await db.execute(
        """
        INSERT INTO traces (at, way, host, activity, type, fine, words)
        SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::text[])
        """,
        [one.at for one in new],
        [one.way for one in new],
        [one.host for one in new],
        [one.activity for one in new],
        [one.type for one in new],
        [one.fine for one in new],
        [one.words for one in new],
    )


async def list_about(db: Db, sought: str, limit: int) -> list[Trace]:
    """What happened to an activity, or with a host, in the order it happened; also how an arrival ended."""
    rows = await db.fetch(
        """
        SELECT at, way, host, activity, type, fine, words FROM (
            (SELECT at, way, host, activity, type, fine, words FROM traces
              WHERE activity = $1 ORDER BY id DESC LIMIT $2)
             UNION ALL
            (SELECT at, way, host, activity, type, fine, words FROM traces
              WHERE host = $1 ORDER BY id DESC LIMIT $2)
             UNION ALL
            (SELECT done_at, 'in', host, uri, type, outcome = 'accepted', outcome || coalesce(': ' || reason, '')
               FROM arrivals WHERE uri = $1 AND done_at IS NOT NULL ORDER BY id DESC LIMIT $2)) AS found
         ORDER BY at DESC LIMIT $2
        """,
        sought,
        limit,
    )
    return [Trace(**row) for row in rows][::-1]


async def list_owed(db: Db, uri: str, limit: int) -> list[Owed]:
    """What of one of our activities was not delivered yet, or was given up."""
    rows = await db.fetch(
        """
        SELECT d.host, inbox, attempts, next_at, dead_at, last_error
          FROM activities a JOIN deliveries d ON d.activity_id = a.id
         WHERE a.uri = $1 ORDER BY d.id LIMIT $2
        """,
        uri,
        limit,
    )
    return [Owed(**row) for row in rows]


async def forget(db: Db, age: timedelta, most: int) -> int:
    """Forget what is older than `age`, and the oldest beyond `most`. How many."""
    done: str = await db.execute(
        """
        DELETE FROM traces
         WHERE at < now() - $1::interval OR id <= (SELECT coalesce(max(id), 0) - $2 FROM traces)
        """,
        age,
        most,
    )
    return int(done.rpartition(" ")[2])
