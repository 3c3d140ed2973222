"""People as the panel lists them: members here and those known elsewhere, with offices, measures and last use."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from node.store.db import Db
from node.store.tabular import Slice, ordered
from schemas.records import Record

State = Literal["here", "elsewhere", "measured", "offices"]


class Person(Record, frozen=True, kw_only=True):
    """One row. `kinds`: of the measures in force; `seen_at`: the last use of a session or an app."""

    id: int
    uri: str
    name: str
    host: str
    display_name: str
    local: bool
    roles: list[str]
    kinds: list[str]
    created_at: datetime
    seen_at: datetime | None


_LIST = """
    SELECT a.id, a.uri, a.name, a.host, a.display_name, a.local, a.created_at,
           ARRAY(SELECT DISTINCT role FROM mandates
                  WHERE account_id = acc.id AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
                  ORDER BY role) AS roles,
           ARRAY(SELECT DISTINCT kind FROM measures
                  WHERE target_kind = 'actor' AND target = a.uri AND state = 'executed' AND kind <> 'warn'
                    AND (ends_at IS NULL OR ends_at > now())
                  ORDER BY kind) AS kinds,
           greatest((SELECT max(seen_at) FROM sessions WHERE account_id = acc.id),
                    (SELECT max(used_at) FROM tokens WHERE account_id = acc.id)) AS seen_at
      FROM actors a LEFT JOIN accounts acc ON acc.actor_id = a.id
     WHERE a.deleted_at IS NULL
       AND ($1 = '' OR a.name ILIKE $1 || '%' OR a.display_name ILIKE '%' || $1 || '%' OR a.host = lower($1)
            OR a.name || '@' || a.host = lower(ltrim($1, '@')) OR a.uri = $1)
       AND CASE $2
           WHEN 'here' THEN acc.id IS NOT NULL
           WHEN 'elsewhere' THEN NOT a.local
           WHEN 'offices' THEN EXISTS (
               SELECT FROM mandates m WHERE m.account_id = acc.id AND m.role <> 'member'
                  AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now()))
           ELSE EXISTS (
               SELECT FROM measures m WHERE m.target_kind = 'actor' AND m.target = a.uri AND m.state = 'executed'
                  AND m.kind <> 'warn' AND (m.ends_at IS NULL OR m.ends_at > now())) END
     -- sorted
    OFFSET $3 LIMIT $4
"""
_ORDERS = {
    "name": "lower(a.name)",
    "host": "a.host",
    "since": "a.created_at",
    "seen": "seen_at",
    "roles": "roles",
    "measures": "kinds",
}


async def list_of(db: Db, state: State, wanted: Slice) -> list[Person]:
    """A part of the list; `wanted.words`: the beginning of a name, a display name, a handle, a host or an address."""
    words = wanted.words.replace("\\", "\\\\").replace("%", r"\%")
    rows = await db.fetch(ordered(_LIST, _ORDERS, wanted, "a.id"), words, state, wanted.offset, wanted.limit)
    return [Person(**row) for row in rows]
