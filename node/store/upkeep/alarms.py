"""What is wrong with the node now, since when, and whether those who look after it were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from node.store.db import Db
from schemas.limits import ALARM_CACHE_DAYS, ALARM_MAIL_DAYS, ALARM_MAIL_SECONDS
from schemas.records import Record


class Alarm(Record, frozen=True, kw_only=True):
    """One thing; `detail` holds the numbers of its sentence."""

    kind: str
    since: datetime
    detail: dict[str, Any]
    told_at: datetime | None


async def list_all(db: Db) -> list[Alarm]:
    """All of them, the oldest first."""
    return [Alarm(**row) for row in await db.fetch("SELECT * FROM alarms ORDER BY since, kind")]


async def put(db: Db, found: Mapping[str, Mapping[str, Any]]) -> None:
    """This is wrong now, and nothing else; what was wrong before keeps its time."""
    await db.execute("DELETE FROM alarms WHERE kind <> ALL ($1)", list(found))
    for kind, detail in found.items():
        await db.execute(
            "INSERT INTO alarms (kind, detail) VALUES ($1, $2) ON CONFLICT (kind) DO UPDATE SET detail = $2",
            kind,
            dict(detail),
        )


async def take_untold(db: Db) -> list[Alarm]:
    """Those that nobody was told of; from now on they are told."""
    rows = await db.fetch("UPDATE alarms SET told_at = now() WHERE told_at IS NULL RETURNING *")
    return [Alarm(**row) for row in rows]


async def who_is_told(db: Db, permission: str) -> list[int]:
    """The accounts with a mail address that have a permission today and can use it."""
    rows = await db.fetch(
        """
        SELECT DISTINCT a.id
          FROM accounts a
          JOIN actors ON actors.id = a.actor_id
          JOIN mandates m ON m.account_id = a.id
          JOIN roles r ON r.name = m.role
         WHERE $1 = ANY (r.permissions) AND a.email IS NOT NULL AND a.disabled_at IS NULL
           AND actors.suspended_at IS NULL AND actors.deleted_at IS NULL
           AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())
         ORDER BY a.id
        """,
        permission,
    )
    return [row["id"] for row in rows]


async def letters_in_trouble(db: Db) -> tuple[int, int]:
    """How many letters were refused in the last days, and how many wait for a mail server that is away."""
    row = await db.fetchrow(
        """
        SELECT count(*) FILTER (WHERE state = 'refused' AND done_at > now() - $1::interval) AS refused,
               count(*) FILTER (WHERE state = 'waiting' AND last_error IS NOT NULL
                                  AND created_at < now() - $2::interval) AS waiting
          FROM mails WHERE state IN ('refused', 'waiting')
        """,
        timedelta(days=ALARM_MAIL_DAYS),
        timedelta(seconds=ALARM_MAIL_SECONDS),
    )
    return (row["refused"], row["waiting"]) if row else (0, 0)


async def copies_last(db: Db) -> int | None:
    """How many days copies of other servers' files stay, where some had to go lately; None where none had to."""
    days: int | None = await db.fetchval(
        """
        SELECT extract(day FROM now() - min(used_at) FILTER (WHERE evicted_at IS NULL))::int
          FROM media
         WHERE remote_url IS NOT NULL AND state = 'ready'
        HAVING count(*) FILTER (WHERE evicted_at > now() - $1::interval) > 0
        """,
        timedelta(days=ALARM_CACHE_DAYS),
    )
    return days
