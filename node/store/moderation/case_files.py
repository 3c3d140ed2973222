"""What lies in the file of a case: what was reported as it was then, notes of the staff, cases that belong to it, and
the messages that are often told to those who report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import asyncpg
import msgspec

from node.errors import NotFound
from node.store.db import Db
from schemas.limits import CASE_CONTEXT
from schemas.records import Post, Record

Outcome = Literal["acted", "no_breach", "elsewhere"]
"""What became of a report: something was done, no rule was broken, or others have to decide."""

_POST = msgspec.json.Decoder(Post)


class Note(Record, frozen=True, kw_only=True):
    """What somebody of the staff wrote; `author` is None once their account is gone."""

    id: int
    content: str
    written_at: datetime
    author: str | None


class Exhibit(Record, frozen=True, kw_only=True):
    """A post as it was when it was reported, or what it answered. It may be `gone` since, or `changed`."""

    uri: str
    reported: bool
    post: Post
    gone: bool
    changed: bool


class Template(Record, frozen=True, kw_only=True):
    """A message for those who report, by language; `outcome` is the one it goes with."""

    id: int
    name: str
    outcome: Outcome | None
    texts: dict[str, str]


async def take_exhibits(db: Db, report_id: int, uris: Sequence[str]) -> None:
    """Keep these posts as they are now, and what they answer, as far as everybody may read it."""
    await db.execute(
        """
        WITH RECURSIVE named AS (
            SELECT id, in_reply_to_id, 0 AS height FROM posts WHERE uri = ANY ($2) AND deleted_at IS NULL),
        above AS (
            SELECT * FROM named
             UNION ALL
            SELECT p.id, p.in_reply_to_id, height + 1
              FROM above JOIN posts p ON p.id = above.in_reply_to_id
             WHERE height < $3 AND p.deleted_at IS NULL AND p.audience IN ('public', 'unlisted')),
        kept AS (SELECT id, min(height) = 0 AS reported FROM above GROUP BY id)
        INSERT INTO case_posts (report_id, place, uri, reported, record)
        SELECT $1, row_number() OVER (ORDER BY kept.id), p.uri, reported, record
          FROM kept JOIN posts p USING (id) JOIN post_records r USING (id)
        ON CONFLICT DO NOTHING
        """,
        report_id,
        list(uris),
        CASE_CONTEXT,
    )


async def list_exhibits(db: Db, report_id: int) -> list[Exhibit]:
    """What was kept, in the order in which it was written."""
    rows = await db.fetch(
        """
        SELECT k.uri, reported, record, p.id IS NULL OR p.deleted_at IS NOT NULL AS gone,
               p.updated_at > k.taken_at AS changed
          FROM case_posts k LEFT JOIN posts p USING (uri)
         WHERE report_id = $1 ORDER BY place
        """,
        report_id,
    )
    return [
        Exhibit(
            uri=row["uri"],
            reported=row["reported"],
            post=_POST.decode(row["record"]),
            gone=row["gone"],
            changed=bool(row["changed"]),
        )
        for row in rows
    ]


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


async def link(db: Db, one_id: int, other_id: int) -> bool:
    """Say that two cases belong together. False if that is known; NotFound if there is no such case."""
    try:
        done: str = await db.execute(
            """
            INSERT INTO case_links (one_id, other_id) VALUES (least($1::bigint, $2), greatest($1::bigint, $2))
            ON CONFLICT DO NOTHING
            """,
            one_id,
            other_id,
        )
    except (asyncpg.ForeignKeyViolationError, asyncpg.CheckViolationError) as error:
        raise NotFound from error
    return done == "INSERT 0 1"


async def unlink(db: Db, one_id: int, other_id: int) -> None:
    """Say that they do not belong together."""
    await db.execute(
        "DELETE FROM case_links WHERE one_id = least($1::bigint, $2) AND other_id = greatest($1::bigint, $2)",
        one_id,
        other_id,
    )


async def list_linked(db: Db, report_id: int, limit: int) -> list[int]:
    """The numbers of the cases that belong to one."""
    rows = await db.fetch(
        """
        SELECT CASE WHEN one_id = $1 THEN other_id ELSE one_id END AS id
          FROM case_links WHERE one_id = $1 OR other_id = $1 ORDER BY id LIMIT $2
        """,
        report_id,
        limit,
    )
    return [row["id"] for row in rows]


async def list_templates(db: Db) -> list[Template]:
    """The messages, in the order they were written."""
    return [Template(**row) for row in await db.fetch("SELECT * FROM case_templates ORDER BY id")]


async def put_template(
    db: Db, template_id: int | None, name: str, outcome: Outcome | None, texts: dict[str, str]
) -> bool:
    """Write a new message, or another text for one that is there. False if it is not, or the name is taken."""
    try:
        if template_id is None:
            done: str = await db.execute(
                "INSERT INTO case_templates (name, outcome, texts) VALUES ($1, $2, $3)", name, outcome, texts
            )
        else:
            done = await db.execute(
                "UPDATE case_templates SET name = $2, outcome = $3, texts = $4 WHERE id = $1",
                template_id,
                name,
                outcome,
                texts,
            )
    except asyncpg.UniqueViolationError:
        return False
    return done.endswith(" 1")


async def delete_template(db: Db, template_id: int) -> bool:
    """Throw a message away. False if there is no such one."""
    done: str = await db.execute("DELETE FROM case_templates WHERE id = $1", template_id)
    return done == "DELETE 1"
