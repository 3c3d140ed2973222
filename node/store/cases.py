"""Reports as cases: lists of them, what staff note about them, and how they end."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from node.errors import NotFound
from node.store.db import Db
from node.store.reading import Page, rows_of
from node.store.reports import Outcome, Report
from schemas.records import Record


class Case(Record, frozen=True, kw_only=True):
    """One report in a list, with the handles of who sent it and whom it is about."""

    id: int
    category: str
    content: str
    created_at: datetime
    resolved_at: datetime | None
    outcome: Outcome | None
    about: str
    reporter: str | None
    from_host: str | None
    posts: int


class Note(Record, frozen=True, kw_only=True):
    """What somebody of the staff wrote; `author` is None once their account is gone."""

    id: int
    content: str
    written_at: datetime
    author: str | None


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases: open or closed, of a category, about or from a host, about one actor, but one."""

    state: Literal["open", "closed", "all"] = "open"
    category: str | None = None
    host: str | None = None
    actor_id: int | None = None
    but: int | None = None


async def list_of(db: Db, sought: Sought, page: Page) -> list[Case]:
    """Cases, the newest first."""
    rows = await rows_of(
        db,
        page,
        """
        SELECT r.id AS cursor, r.id, r.category, r.content, r.created_at, r.resolved_at, r.outcome, r.from_host,
               about.name || '@' || about.host AS about, reporter.name || '@' || reporter.host AS reporter,
               cardinality(r.post_uris) AS posts
          FROM reports r
          JOIN actors about ON about.id = r.actor_id
          LEFT JOIN actors reporter ON reporter.id = r.reporter_id
         WHERE r.id > $1 AND r.id < $2
           AND ($4 = 'all' OR (r.resolved_at IS NULL) = ($4 = 'open'))
           AND ($5::text IS NULL OR r.category = $5)
           AND ($6::text IS NULL OR about.host = $6 OR r.from_host = $6)
           AND ($7::bigint IS NULL OR r.actor_id = $7)
           AND ($8::bigint IS NULL OR r.id <> $8)
         ORDER BY cursor DESC
         LIMIT $3
        """,
        sought.state,
        sought.category,
        sought.host,
        sought.actor_id,
        sought.but,
    )
    return [Case(**{name: row[name] for name in Case.__struct_fields__}) for row in rows]


async def get(db: Db, report_id: int) -> Report:
    """One report; NotFound if there is none."""
    row = await db.fetchrow("SELECT * FROM reports WHERE id = $1", report_id)
    if row is None:
        raise NotFound
    return Report(**row)


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


async def add_note(db: Db, report_id: int, by: int, content: str) -> None:
    """Keep a note of the staff on a report that is there."""
    await db.execute(
        "INSERT INTO case_notes (report_id, account_id, content) VALUES ($1, $2, $3)", report_id, by, content
    )


async def list_notes(db: Db, report_id: int, limit: int) -> list[Note]:
    """The last notes on a report, in the order they were written."""
    rows = await db.fetch(
        """
        SELECT * FROM (
            SELECT n.id, n.content, n.written_at, actors.name AS author
              FROM case_notes n
              LEFT JOIN accounts ON accounts.id = n.account_id
              LEFT JOIN actors ON actors.id = accounts.actor_id
             WHERE n.report_id = $1
             ORDER BY n.id DESC
             LIMIT $2) AS newest
         ORDER BY id
        """,
        report_id,
        limit,
    )
    return [Note(**row) for row in rows]
