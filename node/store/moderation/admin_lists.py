"""Lists as moderation clients walk them: people, domains with measures, domains let in, cases; newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from node.store.db import Db
from node.store.moderation.reports import Report
from node.store.posts.reading import Page, rows_of
from schemas.records import Record

Origin = Literal["local", "remote"]
Status = Literal["active", "disabled", "silenced", "suspended"]


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Which people: empty means all the same."""

    origin: Origin | None = None
    status: Status | None = None
    staff: bool = False
    username: str = ""
    display_name: str = ""
    domain: str = ""
    email: str = ""


class Known(Record, frozen=True, kw_only=True):
    """What is known of somebody beside how they present themselves. The account's part is None for who is elsewhere."""

    id: int
    created_at: datetime
    sensitive: bool
    frozen: bool
    limited: bool
    suspended: bool
    account_id: int | None
    email: str | None
    language: str | None
    confirmed: bool
    disabled: bool
    roles: list[str]


class Cut(Record, frozen=True, kw_only=True):
    """A domain with all its measures in force; `id` is that of the first."""

    id: int
    domain: str
    kinds: list[str]
    created_at: datetime
    private_reason: str
    public_reason: str


_KNOWN = """
    SELECT a.id, a.created_at, a.limited_at IS NOT NULL AS limited, a.suspended_at IS NOT NULL AS suspended,
           EXISTS (SELECT FROM measures m WHERE m.target_kind = 'actor' AND m.target = a.uri
                      AND m.state = 'executed' AND m.kind = 'sensitive') AS sensitive,
           EXISTS (SELECT FROM measures m WHERE m.target_kind = 'actor' AND m.target = a.uri
                      AND m.state = 'executed' AND m.kind = 'freeze') AS frozen,
           acc.id AS account_id, acc.email::text AS email, acc.language, acc.confirmed_at IS NOT NULL AS confirmed,
           acc.disabled_at IS NOT NULL AS disabled,
           ARRAY(SELECT DISTINCT role FROM mandates
                  WHERE account_id = acc.id AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
                  ORDER BY role) AS roles
      FROM actors a LEFT JOIN accounts acc ON acc.actor_id = a.id
"""


async def people(db: Db, who: Who, page: Page) -> list[int]:
    """The ids of actors: members here, and people elsewhere."""
    rows = await rows_of(
        db,
        page,
        f"""
        SELECT id AS cursor FROM ({_KNOWN}
         WHERE a.deleted_at IS NULL AND (acc.id IS NOT NULL OR NOT a.local) AND a.id > $1 AND a.id < $2
           AND ($4 = '' OR ($4 = 'local') = a.local)
           AND ($5 = '' OR lower(a.name) LIKE lower($5) || '%')
           AND ($6 = '' OR a.display_name ILIKE '%' || $6 || '%')
           AND ($7 = '' OR NOT a.local AND a.host = lower($7))
           AND ($8 = '' OR acc.email = $8::citext)) AS known
         WHERE CASE $9 WHEN 'disabled' THEN disabled OR frozen
                       WHEN 'silenced' THEN limited
                       WHEN 'suspended' THEN suspended
                       WHEN 'active' THEN NOT (suspended OR limited OR disabled OR frozen)
                       ELSE true END
           AND (NOT $10 OR cardinality(array_remove(roles, 'member')) > 0)
         ORDER BY cursor DESC
         LIMIT $3
        """,  # noqa: S608 - a text of this file
        who.origin or "",
        _plain(who.username),
        _plain(who.display_name),
        who.domain,
        who.email,
        who.status or "",
        who.staff,
    )
    return [row["cursor"] for row in rows]


async def known(db: Db, actor_ids: Sequence[int]) -> dict[int, Known]:
    """What is known of people, by the id of their actor."""
    rows = await db.fetch(_KNOWN + "WHERE a.id = ANY ($1)", list(actor_ids))
    return {row["id"]: Known(**row) for row in rows}


async def actor_ids(db: Db, account_ids: Sequence[int]) -> dict[int, int]:
    """Whose accounts these are: the actor of each."""
    rows = await db.fetch("SELECT id, actor_id FROM accounts WHERE id = ANY ($1)", list(account_ids))
    return {row["id"]: row["actor_id"] for row in rows}


_CUTS = """
    SELECT min(id) AS cursor, target AS domain, array_agg(DISTINCT kind) AS kinds, min(proposed_at) AS created_at,
           string_agg(DISTINCT nullif(private_reason, ''), E'\n') AS private_reason,
           string_agg(DISTINCT nullif(public_reason, ''), E'\n') AS public_reason
      FROM measures
     WHERE target_kind = 'domain' AND state = 'executed' AND (ends_at IS NULL OR ends_at > now())
"""


async def cuts(db: Db, page: Page) -> list[Cut]:
    """Domains with measures in force."""
    sql = _CUTS + "GROUP BY target HAVING min(id) > $1 AND min(id) < $2 ORDER BY cursor DESC LIMIT $3"
    return [_cut(row) for row in await rows_of(db, page, sql)]


async def cut_of(db: Db, measure_id: int) -> Cut | None:
    """The domain that a measure is about, as long as any measure on it is in force."""
    where = "AND target = (SELECT target FROM measures WHERE id = $1 AND target_kind = 'domain') GROUP BY target"
    row = await db.fetchrow(_CUTS + where, measure_id)
    return _cut(row) if row else None


async def measures_on(db: Db, domain: str) -> dict[str, int]:
    """The measures in force on a domain: kind → id."""
    rows = await db.fetch(
        "SELECT kind, id FROM measures WHERE target_kind = 'domain' AND target = $1 AND state = 'executed'", domain
    )
    return {row["kind"]: row["id"] for row in rows}


async def cases(
    db: Db, page: Page, *, resolved: bool, reporter_id: int | None, about_id: int | None, but: int | None
) -> list[Report]:
    """Reports, open or closed ones, without those about the actor `but`."""
    rows = await rows_of(
        db,
        page,
        """
        SELECT id AS cursor, r.*
          FROM reports r
         WHERE id > $1 AND id < $2 AND (resolved_at IS NOT NULL) = $4
           AND ($5::bigint IS NULL OR reporter_id = $5) AND ($6::bigint IS NULL OR actor_id = $6)
           AND actor_id IS DISTINCT FROM $7
         ORDER BY cursor DESC
         LIMIT $3
        """,
        resolved,
        reporter_id,
        about_id,
        but,
    )
    return [Report(**{name: row[name] for name in Report.__struct_fields__}) for row in rows]


async def let_in(db: Db, limit: int) -> list[tuple[str, datetime]]:
    """The domains that were let in, and since when; the last first."""
    rows = await db.fetch(
        "SELECT host, approved_at FROM hosts WHERE approved_at IS NOT NULL ORDER BY approved_at DESC, host LIMIT $1",
        limit,
    )
    return [(row["host"], row["approved_at"]) for row in rows]


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _cut(row: Mapping[str, Any]) -> Cut:
    fields = {"private_reason": row["private_reason"] or "", "public_reason": row["public_reason"] or ""}
    kept = {name: row[name] for name in ("domain", "kinds", "created_at")}
    return msgspec.convert({"id": row["cursor"], **kept, **fields}, Cut)
