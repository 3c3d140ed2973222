"""Reports as cases: lists of them, to whom they belong, and how they end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from node.errors import NotFound
from node.store.db import Db
from node.store.moderation.case_files import Outcome
from node.store.moderation.reports import Report
from node.store.tabular import Slice, ordered
from schemas.records import Record


class Case(Record, frozen=True, kw_only=True):
    """One report in a list, with the handles of who sent it, whom it is about and to whom of the staff it belongs."""

    id: int
    category: str
    content: str
    created_at: datetime
    resolved_at: datetime | None
    outcome: Outcome | None
    about: str
    reporter: str | None
    from_host: str | None
    visitor: bool
    posts: int
    assigned: str | None


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases: open or closed; mine or nobody's; from members, servers or visitors; of a category; about or from a
    host; about one actor, or not; but one."""

    state: Literal["open", "closed", "all"] = "open"
    whose: Literal["", "mine", "nobody"] = ""
    source: Literal["", "members", "servers", "visitors"] = ""
    category: str | None = None
    host: str | None = None
    actor_id: int | None = None
    not_about: int | None = None
    account_id: int | None = None
    but: int | None = None


ORDERS = {
    "number": "r.id",
    "about": "about.host, about.name",
    "from": "coalesce(r.from_host, reporter.name, '')",
    "when": "r.created_at",
    "assigned": "mine.name",
    "state": "coalesce(r.outcome, CASE WHEN r.resolved_at IS NULL THEN '' ELSE 'closed' END)",
}
NEWEST = Slice(order="number", descending=True)


async def list_of(db: Db, sought: Sought, wanted: Slice = NEWEST) -> list[Case]:
    """Cases in the wanted order, those with its words in what was said or whom it is about."""
    rows = await db.fetch(
        ordered(
            """
        SELECT r.id, r.category, r.content, r.created_at, r.resolved_at, r.outcome, r.from_host,
               about.name || '@' || about.host AS about, reporter.name || '@' || reporter.host AS reporter,
               r.reporter_id IS NULL AND r.from_host IS NULL AS visitor,
               cardinality(r.post_uris) AS posts, mine.name AS assigned
          FROM reports r
          JOIN actors about ON about.id = r.actor_id
          LEFT JOIN actors reporter ON reporter.id = r.reporter_id
          LEFT JOIN accounts ON accounts.id = r.assigned_to
          LEFT JOIN actors mine ON mine.id = accounts.actor_id
         WHERE ($1 = 'all' OR (r.resolved_at IS NULL) = ($1 = 'open'))
           AND ($2 = '' OR $2 = 'mine' AND r.assigned_to = $3 OR $2 = 'nobody' AND r.assigned_to IS NULL)
           AND CASE $4 WHEN 'members' THEN r.from_host IS NULL AND r.reporter_id IS NOT NULL
                       WHEN 'servers' THEN r.from_host IS NOT NULL
                       WHEN 'visitors' THEN r.from_host IS NULL AND r.reporter_id IS NULL ELSE true END
           AND ($5::text IS NULL OR r.category = $5)
           AND ($6::text IS NULL OR about.host = $6 OR r.from_host = $6)
           AND ($7::bigint IS NULL OR r.actor_id = $7)
           AND ($8::bigint IS NULL OR r.id <> $8)
           AND ($9 = '' OR strpos(lower(r.content || ' ' || about.name || '@' || about.host), lower($9)) > 0)
           AND ($12::bigint IS NULL OR r.actor_id <> $12)
         -- sorted
         LIMIT $10 OFFSET $11
        """,
            ORDERS,
            wanted,
            "r.id DESC",
        ),
        sought.state,
        sought.whose,
        sought.account_id,
        sought.source,
        sought.category,
        sought.host,
        sought.actor_id,
        sought.but,
        wanted.words,
        wanted.limit,
        wanted.offset,
        sought.not_about,
    )
    return [Case(**row) for row in rows]


async def get(db: Db, report_id: int) -> Report:
    """One report; NotFound if there is none."""
    row = await db.fetchrow("SELECT * FROM reports WHERE id = $1", report_id)
    if row is None:
        raise NotFound
    return Report(**row)


async def assign(db: Db, report_id: int, account_id: int | None) -> bool:
    """Give an open case to somebody of the staff, or to nobody. False if it is closed, not there, or theirs already."""
    done: str = await db.execute(
        """
        UPDATE reports SET assigned_to = $2
         WHERE id = $1 AND resolved_at IS NULL AND assigned_to IS DISTINCT FROM $2
        """,
        report_id,
        account_id,
    )
    return done == "UPDATE 1"


class Handler(Record, frozen=True, kw_only=True):
    """Somebody who may handle cases, with how many open ones are theirs."""

    account_id: int
    name: str
    open: int


async def list_handlers(db: Db, limit: int) -> list[Handler]:
    """Who may handle cases today, who has fewest first."""
    rows = await db.fetch(
        """
        SELECT accounts.id AS account_id, actors.name,
               (SELECT count(*) FROM reports WHERE assigned_to = accounts.id AND resolved_at IS NULL) AS open
          FROM accounts JOIN actors ON actors.id = accounts.actor_id
         WHERE disabled_at IS NULL AND EXISTS (
               SELECT FROM mandates JOIN roles ON roles.name = mandates.role
                WHERE mandates.account_id = accounts.id AND 'see_cases' = ANY (roles.permissions)
                  AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now()))
         ORDER BY open, name LIMIT $1
        """,
        limit,
    )
    return [Handler(**row) for row in rows]


async def close(db: Db, report_id: int, by: int, outcome: Outcome, answer: str) -> Report | None:
    """Say what became of a report. None if it is closed already, or not there."""
    row = await db.fetchrow(
        """
        UPDATE reports SET resolved_at = now(), resolved_by = $2, outcome = $3, answer = $4
         WHERE id = $1 AND resolved_at IS NULL
        RETURNING *
        """,
        report_id,
        by,
        outcome,
        answer,
    )
    return Report(**row) if row else None


async def reopen(db: Db, report_id: int) -> bool:
    """Take a closed report up again. False if it is open, or not there."""
    done: str = await db.execute(
        """
        UPDATE reports SET resolved_at = NULL, resolved_by = NULL, outcome = NULL, answer = ''
         WHERE id = $1 AND resolved_at IS NOT NULL
        """,
        report_id,
    )
    return done == "UPDATE 1"


async def mark_forwarded(db: Db, report_id: int) -> bool:
    """Their own server was told. False if it was before."""
    done: str = await db.execute(
        "UPDATE reports SET forward = true, forwarded_at = now() WHERE id = $1 AND forwarded_at IS NULL", report_id
    )
    return done == "UPDATE 1"


async def forget_visitors(db: Db, age: timedelta) -> int:
    """Forget how visitors can be reached whose cases ended longer ago than `age`. How many."""
    done: str = await db.execute(
        """
        UPDATE reports SET visitor_name = '', visitor_email = NULL
         WHERE resolved_at < now() - $1::interval AND (visitor_email IS NOT NULL OR visitor_name <> '')
        """,
        age,
    )
    return int(done.rpartition(" ")[2])
