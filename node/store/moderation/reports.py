"""Reports about local and remote actors, from people here and from other servers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from node.store.db import Db
from node.store.moderation import case_files
from node.store.moderation.case_files import Outcome
from node.store.posts.reading import Page, rows_of
from schemas.records import Actor, Record

_ACTOR = msgspec.json.Decoder(Actor)


class Visitor(Record, frozen=True, kw_only=True):
    """Somebody without an account who reports: what they are called and how they are reached, if they say so."""

    name: str = ""
    email: str | None = None
    language: str = "en"


class Report(Record, frozen=True, kw_only=True):
    """One report, with who sent it (a remote server's actor, or a member) and what it is about. `flag_uri`: of the Flag
    by which we forwarded it, `home_outcome` and `home_words` what was answered to that."""

    id: int
    uri: str | None
    reporter_id: int | None
    from_host: str | None
    actor_id: int
    post_uris: list[str]
    content: str
    category: str
    rule_ids: list[str]
    forward: bool
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None
    outcome: Outcome | None
    answer: str
    assigned_to: int | None
    visitor_name: str
    visitor_email: str | None
    language: str
    forwarded_at: datetime | None
    flag_uri: str | None = None
    home_outcome: Outcome | None = None
    home_words: str = ""
    home_answered_at: datetime | None = None


class PassedOn(Record, frozen=True, kw_only=True):
    """That an actor of the hub itself, a group's or an area's brought a post of somebody elsewhere to its followers."""

    post_id: int
    uri: str
    actor_id: int
    by: str


async def insert(
    db: Db,
    actor_id: int,
    *,
    reporter_id: int | None,
    host: str | None,
    uri: str | None,
    posts: list[str],
    content: str,
    category: str = "other",
    forward: bool = False,
    rule_ids: Sequence[str] = (),
    visitor: Visitor | None = None,
) -> Report | None:
    """Keep a report, once per id, with its posts as they are now, and tell who handles cases, but for whom it is about.
    `host` is None for one from here, `reporter_id` for one of a visitor; what is kept already gives None."""
    row = await db.fetchrow(
        """
        WITH kept AS (
            INSERT INTO reports (actor_id, reporter_id, from_host, uri, post_uris, content, category, forward, rule_ids,
                                 visitor_name, visitor_email, language, forwarded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, CASE WHEN $8 THEN now() END)
            ON CONFLICT DO NOTHING
            RETURNING *),
        told AS (
            INSERT INTO notifications (account_id, actor_id, kind, from_id, detail)
            SELECT accounts.id, accounts.actor_id, 'report', $1, json_build_object('report', kept.id)
              FROM kept, accounts
             WHERE disabled_at IS NULL AND accounts.actor_id <> kept.actor_id AND EXISTS (
                   SELECT FROM mandates JOIN roles ON roles.name = mandates.role
                    WHERE mandates.account_id = accounts.id AND 'see_cases' = ANY (roles.permissions)
                      AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())))
        SELECT * FROM kept
        """,
        actor_id,
        reporter_id,
        host,
        uri,
        posts,
        content,
        category,
        forward,
        list(rule_ids),
        visitor.name if visitor else "",
        visitor.email if visitor else None,
        visitor.language if visitor else "en",
    )
    if row is not None:
        await case_files.take_exhibits(db, row["id"], posts)
    return Report(**row) if row else None


async def list_of(db: Db, reporter_id: int, page: Page) -> list[Report]:
    """What somebody here reported, the last one first."""
    rows = await rows_of(
        db,
        page,
        """
        SELECT id AS cursor, r.*
          FROM reports r
         WHERE id > $1 AND id < $2 AND reporter_id = $4 AND from_host IS NULL
         ORDER BY cursor DESC
         LIMIT $3
        """,
        reporter_id,
    )
    return [Report(**{name: row[name] for name in Report.__struct_fields__}) for row in rows]


async def count_of(db: Db, reporter_id: int) -> int:
    """How many reports of somebody here nobody has resolved yet."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM reports WHERE reporter_id = $1 AND from_host IS NULL AND resolved_at IS NULL", reporter_id
    )
    return count


async def get_many(db: Db, report_ids: Sequence[int]) -> list[Report]:
    """Those of the reports that there are, oldest first."""
    rows = await db.fetch("SELECT * FROM reports WHERE id = ANY ($1) ORDER BY id", report_ids)
    return [Report(**row) for row in rows]


async def post_ids(db: Db, uris: Sequence[str]) -> dict[str, int]:
    """The ids under which the reported posts are here, by address."""
    rows = await db.fetch("SELECT uri, id FROM posts WHERE uri = ANY ($1)", list(uris))
    return {row["uri"]: row["id"] for row in rows}


async def groups_of(db: Db, uris: Sequence[str], limit: int) -> list[Actor]:
    """The groups elsewhere that brought posts to their members: whoever looks after them is to know, too."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (a.id) row_to_json(a)::text AS found
          FROM posts p JOIN posts b ON b.boost_of_id = p.id AND b.deleted_at IS NULL
          JOIN public_actors a ON a.id = b.actor_id
         WHERE p.uri = ANY ($1) AND a.kind = 'Group' AND NOT a.local AND a.deleted_at IS NULL
           AND a.suspended_at IS NULL AND NOT a.host_suspended
         ORDER BY a.id LIMIT $2
        """,
        list(uris),
        limit,
    )
    return [_ACTOR.decode(row["found"]) for row in rows]


async def passed_on(db: Db, uris: Sequence[str], limit: int) -> list[PassedOn]:
    """Which of these posts of people elsewhere the hub, its groups and its areas pass on: they stand here because of
    that, and not because a member follows somebody."""
    rows = await db.fetch(
        """
        SELECT p.id AS post_id, p.uri, a.id AS actor_id, coalesce(nullif(a.display_name, ''), a.name) AS by
          FROM posts p JOIN posts b ON b.boost_of_id = p.id AND b.deleted_at IS NULL
          JOIN actors a ON a.id = b.actor_id
         WHERE p.uri = ANY ($1) AND NOT p.local AND p.deleted_at IS NULL
           AND a.local AND a.role_here IN ('hub', 'group', 'area')
         ORDER BY p.id, a.id LIMIT $2
        """,
        list(uris),
        limit,
    )
    return [PassedOn(**row) for row in rows]


async def keep_flag(db: Db, report_id: int, flag_uri: str) -> None:
    """By which Flag it was forwarded."""
    await db.execute("UPDATE reports SET flag_uri = $2 WHERE id = $1", report_id, flag_uri)


async def find_forwarded(db: Db, flag_uri: str) -> Report | None:
    """The report that was forwarded by this Flag of ours."""
    row = await db.fetchrow("SELECT * FROM reports WHERE flag_uri = $1", flag_uri)
    return Report(**row) if row else None


async def answered_at_home(db: Db, report_id: int, outcome: Outcome | None, words: str) -> None:
    """What those to whom it was forwarded say became of it."""
    await db.execute(
        "UPDATE reports SET home_outcome = $2, home_words = $3, home_answered_at = now() WHERE id = $1",
        report_id,
        outcome,
        words,
    )


async def count_open(db: Db, host: str) -> int:
    """How many reports from a server nobody has resolved yet."""
    count: int = await db.fetchval("SELECT count(*) FROM reports WHERE from_host = $1 AND resolved_at IS NULL", host)
    return count


async def are_refused(db: Db, host: str) -> bool:
    """Whether a measure in force says that this server's reports are not taken."""
    refused: bool = await db.fetchval("SELECT domain_measure('reject_reports', $1)", host)
    return refused


async def list_open(db: Db) -> list[Report]:
    """Unresolved reports, oldest first."""
    rows = await db.fetch("SELECT * FROM reports WHERE resolved_at IS NULL ORDER BY id")
    return [Report(**row) for row in rows]
