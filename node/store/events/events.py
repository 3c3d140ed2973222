"""Events: the row with when and where, and lists in the order in which they happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from node.store.db import Db
from node.store.events import places
from node.store.posts.reading import EVERYTHING, Wanted, narrowed, posts_of
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST
from schemas.records import Post
from schemas.things import EventDetail

_COLUMNS = tuple(name for name in EventDetail.__struct_fields__ if name != "place")


class Hour(msgspec.Struct, frozen=True, kw_only=True):
    """A point in a list of events: after the event with this start and id."""

    starts_at: datetime
    id: int


async def list_between(
    db: Db,
    since: datetime,
    until: datetime | None = None,
    *,
    viewer: int | None = None,
    wanted: Wanted = EVERYTHING,
    after: Hour | None = None,
    limit: int = PAGE_ITEMS,
) -> list[Post]:
    """Events that are not over at `since` and begin before `until`, the earliest first; cancelled ones too."""
    sql, arguments = narrowed(
        """
        SELECT record
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = e.post_id
         WHERE over_at(e) > $1
           AND ($2::timestamptz IS NULL OR e.starts_at < $2)
           AND ($3::timestamptz IS NULL OR (e.starts_at, e.post_id) > ($3, $4::bigint))
           -- narrowed, in_lists(p, $5)
         ORDER BY e.starts_at, e.post_id
         LIMIT $6
        """,
        wanted,
        since,
        until,
        after.starts_at if after else None,
        after.id if after else None,
        viewer,
        max(0, min(limit, PAGE_ITEMS_MOST)),
    )
    return posts_of(await db.fetch(sql, *arguments))


async def list_series(db: Db, series: str, *, viewer: int | None = None) -> list[Post]:
    """The dates of a series that the viewer may see, the earliest first. A series is bounded when it is made."""
    rows = await db.fetch(
        """
        SELECT record
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = p.id
         WHERE e.series = $1 AND may_see(p, $2)
         ORDER BY e.starts_at, p.id
        """,
        series,
        viewer,
    )
    return posts_of(rows)


async def following_ids(db: Db, series: str, since: datetime) -> Sequence[int]:
    """The ids of our dates of a series from an instant on, in order."""
    rows = await db.fetch(
        """
        SELECT p.id
          FROM events e
          JOIN posts p ON p.id = e.post_id
         WHERE e.series = $1 AND e.starts_at >= $2 AND p.local AND p.deleted_at IS NULL
         ORDER BY e.starts_at, p.id
        """,
        series,
        since,
    )
    return [row["id"] for row in rows]


async def untold(db: Db, ahead: timedelta, limit: int) -> list[int]:
    """Dates of our series that begin within `ahead` and take place, of which nothing has been said, the earliest
    first."""
    rows = await db.fetch(
        """
        SELECT p.id
          FROM events e
          JOIN posts p ON p.id = e.post_id
          JOIN actors a ON a.id = p.actor_id
         WHERE e.series IS NOT NULL AND e.starts_at > now() AND e.starts_at < now() + $1::interval
           AND e.status <> 'cancelled' AND p.local AND p.deleted_at IS NULL AND a.suspended_at IS NULL
           AND NOT EXISTS (SELECT FROM activities WHERE post_id = p.id AND type = 'Create')
         ORDER BY e.starts_at, p.id
         LIMIT $2
           FOR UPDATE OF e SKIP LOCKED
        """,
        ahead,
        limit,
    )
    return [row["id"] for row in rows]


async def write(db: Db, post_id: int, event: EventDetail, series: str | None, *, local: bool) -> None:
    """Write, or write again, an event's row. Who comes is counted from the list of answers for our events, and told
    by the origin for others."""
    await write_many(db, [(post_id, event, series)], local=local)


async def write_many(db: Db, said: Sequence[tuple[int, EventDetail, str | None]], *, local: bool) -> None:
    """The same for many (post, event, series), each post once."""
    where = await places.ids_of(db, [event.place for _, event, _ in said], local=local)
    await db.execute(
        """
        INSERT INTO events AS old (
            post_id, starts_at, starts_local, zone, ends_at, ends_local, previous_start, status, place_id, online_url,
            capacity, waiting_list, join_mode, external_url, categories, organisers, series, rrule, sequence, going,
            uid, told_at)
        SELECT post_id, starts_at, starts_local, zone, ends_at, ends_local, previous_start, status, place_id,
               online_url, capacity, waiting_list, join_mode, external_url, categories, organisers, series, rrule,
               sequence, going, uid, told_at
          FROM json_to_recordset($1) AS new (
               post_id bigint, starts_at timestamptz, starts_local timestamp, zone text, ends_at timestamptz,
               ends_local timestamp, previous_start timestamptz, status text, place_id bigint, online_url text,
               capacity integer, waiting_list boolean, join_mode text, external_url text, categories text[],
               organisers text[], series text, rrule text, sequence integer, going integer, uid text, told_at text)
        ON CONFLICT (post_id) DO UPDATE SET
            starts_at = excluded.starts_at, starts_local = excluded.starts_local, zone = excluded.zone,
            ends_at = excluded.ends_at, ends_local = excluded.ends_local, previous_start = excluded.previous_start,
            status = excluded.status, place_id = excluded.place_id, online_url = excluded.online_url,
            capacity = excluded.capacity, waiting_list = excluded.waiting_list, join_mode = excluded.join_mode,
            external_url = excluded.external_url, categories = excluded.categories, organisers = excluded.organisers,
            uid = excluded.uid, told_at = excluded.told_at,
            series = excluded.series, rrule = excluded.rrule, sequence = excluded.sequence,
            going = CASE WHEN $2 THEN old.going ELSE excluded.going END
        """,
        [
            {name: getattr(event, name) for name in _COLUMNS}
            | {"post_id": post_id, "series": series, "place_id": place}
            for (post_id, event, series), place in zip(said, where, strict=True)
        ],
        local,
    )
