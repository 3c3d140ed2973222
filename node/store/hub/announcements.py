"""What the hub tells its members, who has read it, and how they reacted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from node.store.db import Db
from schemas.records import Record
from schemas.things import Version


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """How many reacted so, and whether the reader did."""

    name: str
    count: int
    me: bool


class Announcement(Record, frozen=True, kw_only=True):
    """`versions`: primary language first."""

    id: int
    versions: list[Version]
    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    published_at: datetime
    updated_at: datetime
    read: bool
    reactions: list[Reaction]

    def version(self, language: str) -> Version:
        """The version for a reader, else the primary one."""
        return next((one for one in self.versions if one.language == language), self.versions[0])


_VERSIONS = msgspec.json.Decoder(list[Version])
_REACTIONS = msgspec.json.Decoder(list[Reaction])


async def insert(
    db: Db,
    versions: Sequence[Version],
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    all_day: bool = False,
    published_at: datetime | None = None,
) -> int:
    """Tell it now, or later (`published_at`); its id."""
    announcement_id: int = await db.fetchval(
        """
        INSERT INTO announcements (versions, starts_at, ends_at, all_day, published_at, told_at)
        VALUES ($1, $2, $3, $4, coalesce($5, now()), CASE WHEN $5 IS NULL THEN now() END)
        RETURNING id
        """,
        msgspec.to_builtins(list(versions)),
        starts_at,
        ends_at,
        all_day,
        published_at,
    )
    return announcement_id


async def withdraw(db: Db, announcement_id: int) -> bool:
    """Tell it no more. False if there is none in force."""
    done: str = await db.execute(
        "UPDATE announcements SET withdrawn_at = now() WHERE id = $1 AND withdrawn_at IS NULL", announcement_id
    )
    return done == "UPDATE 1"


async def exists(db: Db, announcement_id: int) -> bool:
    """Whether it is told now."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM announcements
                        WHERE id = $1 AND withdrawn_at IS NULL AND published_at <= now()
                          AND (ends_at IS NULL OR ends_at > now()))
        """,
        announcement_id,
    )
    return found


async def list_current(db: Db, account_id: int, limit: int) -> list[Announcement]:
    """What is told now, the oldest of the last `limit` first, as an account reads it."""
    rows = await db.fetch(
        """
        SELECT id, versions::text, starts_at, ends_at, all_day, published_at, updated_at,
               EXISTS (SELECT FROM announcement_reads r WHERE r.announcement_id = a.id AND account_id = $1) AS read,
               coalesce((SELECT json_agg(one ORDER BY one.count DESC, one.name)
                           FROM (SELECT name, count(*) AS count, bool_or(account_id = $1) AS me
                                   FROM announcement_reactions r
                                  WHERE r.announcement_id = a.id
                                  GROUP BY name) AS one), '[]')::text AS reactions
          FROM announcements a
         WHERE withdrawn_at IS NULL AND published_at <= now() AND (ends_at IS NULL OR ends_at > now())
         ORDER BY published_at DESC, id DESC
         LIMIT $2
        """,
        account_id,
        limit,
    )
    return [
        Announcement(
            **dict(row)
            | {"versions": _VERSIONS.decode(row["versions"]), "reactions": _REACTIONS.decode(row["reactions"])}
        )
        for row in reversed(rows)
    ]


async def mark_read(db: Db, announcement_id: int, account_id: int) -> None:
    """An account has read it."""
    await db.execute(
        "INSERT INTO announcement_reads (announcement_id, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        announcement_id,
        account_id,
    )


async def react(db: Db, announcement_id: int, account_id: int, name: str) -> None:
    """Add a reaction; once is enough."""
    await db.execute(
        """
        INSERT INTO announcement_reactions (announcement_id, account_id, name) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        """,
        announcement_id,
        account_id,
        name,
    )


async def unreact(db: Db, announcement_id: int, account_id: int, name: str) -> None:
    """Take a reaction back."""
    await db.execute(
        "DELETE FROM announcement_reactions WHERE announcement_id = $1 AND account_id = $2 AND name = $3",
        announcement_id,
        account_id,
        name,
    )


async def reactions_on(db: Db, announcement_id: int) -> list[str]:
    """The different reactions on it."""
    rows = await db.fetch(
        "SELECT DISTINCT name FROM announcement_reactions WHERE announcement_id = $1", announcement_id
    )
    return [row["name"] for row in rows]
