"""Tags: whom they bring together, how much they are used, which an actor follows and shows. Always in stored form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from node.ids import first_id, moment_of
from node.store import happenings
from node.store.db import Db
from node.store.posts.reading import Page, rows_of
from schemas.limits import TAG_HISTORY_DAYS


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """How often a tag was used on a day (UTC), and by how many."""

    day: date
    uses: int
    accounts: int


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A tag: its uses in the last TAG_HISTORY_DAYS, today first, and what the viewer has done with it."""

    name: str
    history: list[Day]
    following: bool = False
    featuring: bool = False


class Featured(msgspec.Struct, frozen=True, kw_only=True):
    """A tag on a profile, in the letters its owner chose, and how often the owner used it publicly."""

    id: int
    tag: str
    name: str
    posts: int
    last_on: date | None


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """A tag that is followed; `cursor`: by which the list is walked."""

    cursor: int
    tag: str


async def describe(db: Db, tags: Sequence[str], viewer: int | None) -> list[Known]:
    """The tags, in their order, used or not, in one query."""
    days = [datetime.now(UTC).date() - timedelta(days=ago) for ago in range(TAG_HISTORY_DAYS)]
    rows = await db.fetch(
        """
        SELECT tag,
               EXISTS (SELECT FROM followed_tags f WHERE f.actor_id = $2 AND f.tag = wanted.tag) AS following,
               EXISTS (SELECT FROM featured_tags f WHERE f.actor_id = $2 AND f.tag = wanted.tag) AS featuring,
               ARRAY(SELECT (to_timestamp((t.post_id >> 20) / 1000.0) AT TIME ZONE 'UTC')::date::text
                            || ' ' || count(*) || ' ' || count(DISTINCT t.actor_id)
                       FROM post_tags t
                      WHERE t.tag = wanted.tag AND t.post_id >= $3
                      GROUP BY (to_timestamp((t.post_id >> 20) / 1000.0) AT TIME ZONE 'UTC')::date) AS used
          FROM unnest($1::text[]) AS wanted (tag)
        """,
        list(tags),
        viewer,
        _midnight(days[-1]),
    )
    found = {row["tag"]: row for row in rows}
    return [_known(found[tag], days) for tag in tags]


async def in_use(db: Db, limit: int, offset: int) -> list[str]:
    """The tags that most people used publicly in the last TAG_HISTORY_DAYS; those of limited or suspended authors, and
    of those who do not want to be found, do not count."""
    since = _midnight(datetime.now(UTC).date() - timedelta(days=TAG_HISTORY_DAYS - 1))
    rows = await db.fetch(
        """
        SELECT t.tag
          FROM post_tags t
          JOIN actors a ON a.id = t.actor_id
         WHERE t.post_id >= $1 AND a.discoverable AND a.limited_at IS NULL AND NOT a.host_limited
           AND a.suspended_at IS NULL AND NOT a.host_suspended AND a.deleted_at IS NULL
         GROUP BY t.tag
         ORDER BY count(DISTINCT t.actor_id) DESC, count(*) DESC, t.tag
         LIMIT $2 OFFSET $3
        """,
        since,
        limit,
        offset,
    )
    return [row["tag"] for row in rows]


async def beginning_with(db: Db, start: str, limit: int) -> list[str]:
    """Tags of public posts that begin so, in their order, but those that limited or suspended authors alone use. The
    index is stepped through from tag to tag, however often each is used."""
    rows = await db.fetch(
        """
        WITH RECURSIVE found AS (
            (SELECT tag FROM post_tags WHERE tag >= $1 ORDER BY tag LIMIT 1)
            UNION ALL
            SELECT (SELECT tag FROM post_tags WHERE tag > found.tag ORDER BY tag LIMIT 1)
              FROM found WHERE starts_with(found.tag, $1))
        SELECT tag FROM found
         WHERE starts_with(tag, $1) AND EXISTS (
               SELECT FROM post_tags t JOIN actors a ON a.id = t.actor_id
                WHERE t.tag = found.tag AND a.limited_at IS NULL AND NOT a.host_limited
                  AND a.suspended_at IS NULL AND NOT a.host_suspended)
         LIMIT $2
        """,
        start,
        limit,
    )
    return [row["tag"] for row in rows]


async def list_followed(db: Db, actor_id: int, page: Page) -> list[Followed]:
    """The tags an actor follows, the last first, walked by the follow."""
    rows = await rows_of(
        db,
        page,
        """
        SELECT id AS cursor, tag
          FROM followed_tags
         WHERE id > $1 AND id < $2 AND actor_id = $4
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
    )
    return [Followed(**row) for row in rows]


async def count_followed(db: Db, actor_id: int) -> int:
    """How many tags an actor follows."""
    count: int = await db.fetchval("SELECT count(*) FROM followed_tags WHERE actor_id = $1", actor_id)
    return count


async def follow(db: Db, actor_id: int, tag: str, *, on: bool) -> None:
    """Let an actor follow a tag, or no more."""
    if on:
        await db.execute(
            "INSERT INTO followed_tags (actor_id, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING", actor_id, tag
        )
    else:
        await db.execute("DELETE FROM followed_tags WHERE actor_id = $1 AND tag = $2", actor_id, tag)
    await happenings.add(db, "follow.changed", actor_id)


async def list_featured(db: Db, actor_id: int) -> list[Featured]:
    """The tags on an actor's profile, the one used most first."""
    rows = await db.fetch(
        """
        SELECT f.id, f.tag, f.name, count(t.post_id) AS posts, max(t.post_id) AS last_id
          FROM featured_tags f
          LEFT JOIN post_tags t ON t.actor_id = f.actor_id AND t.tag = f.tag
         WHERE f.actor_id = $1
         GROUP BY f.id, f.tag, f.name
         ORDER BY posts DESC, f.id
        """,
        actor_id,
    )
    return [
        Featured(id=row["id"], tag=row["tag"], name=row["name"], posts=row["posts"], last_on=_day(row["last_id"]))
        for row in rows
    ]


async def feature(db: Db, actor_id: int, tag: str, name: str) -> None:
    """Put a tag on a profile; once is enough."""
    await db.execute(
        "INSERT INTO featured_tags (actor_id, tag, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        actor_id,
        tag,
        name,
    )


async def unfeature(db: Db, actor_id: int, tag: str) -> None:
    """Take a tag off a profile."""
    await db.execute("DELETE FROM featured_tags WHERE actor_id = $1 AND tag = $2", actor_id, tag)


async def unfeature_by_id(db: Db, actor_id: int, featured_id: int) -> bool:
    """Take a tag off a profile. False if it is not the actor's."""
    done: str = await db.execute("DELETE FROM featured_tags WHERE actor_id = $1 AND id = $2", actor_id, featured_id)
    return done == "DELETE 1"


async def to_feature(db: Db, actor_id: int, limit: int) -> list[str]:
    """The tags an actor uses most and does not show yet."""
    rows = await db.fetch(
        """
        SELECT tag
          FROM post_tags
         WHERE actor_id = $1 AND tag NOT IN (SELECT f.tag FROM featured_tags f WHERE f.actor_id = $1)
         GROUP BY tag
         ORDER BY count(*) DESC, tag
         LIMIT $2
        """,
        actor_id,
        limit,
    )
    return [row["tag"] for row in rows]


def _known(row: Any, days: Sequence[date]) -> Known:
    used = {date.fromisoformat(day): (int(uses), int(people)) for day, uses, people in map(str.split, row["used"])}
    history = [Day(day=day, uses=used.get(day, (0, 0))[0], accounts=used.get(day, (0, 0))[1]) for day in days]
    return Known(name=row["tag"], history=history, following=row["following"], featuring=row["featuring"])


def _midnight(day: date) -> int:
    return first_id(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _day(post_id: int | None) -> date | None:
    return moment_of(post_id).date() if post_id else None
