"""Apps and programs with a key to this hub, as stewards see them: whose, what they may do, when they were last used."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from node.store.tabular import Slice, ordered
from schemas.records import Record


class Key(Record, frozen=True, kw_only=True):
    """One token in force; `who` is the member by name, None for an app on its own behalf; a `bot` is a member that
    says it is a program."""

    id: int
    name: str
    who: str | None
    scopes: list[str]
    created_at: datetime
    used_at: datetime | None
    bot: bool


_LIST = """
    SELECT t.id, t.name, a.name AS who, t.scopes, t.created_at, t.used_at,
           coalesce(a.bot OR a.kind IN ('Service', 'Application'), false) AS bot
      FROM tokens t
      LEFT JOIN accounts acc ON acc.id = t.account_id
      LEFT JOIN actors a ON a.id = acc.actor_id
     WHERE t.revoked_at IS NULL AND (NOT $2 OR a.bot OR a.kind IN ('Service', 'Application'))
       AND ($1 = '' OR t.name ILIKE '%' || $1 || '%' OR a.name = lower(ltrim($1, '@')))
     -- sorted
    OFFSET $3 LIMIT $4
"""
_ORDERS = {"name": "lower(t.name)", "who": "a.name", "scopes": "t.scopes", "since": "t.created_at", "used": "t.used_at"}


async def list_of(db: Db, wanted: Slice, *, bots: bool = False) -> list[Key]:
    """A part of the list, of bots alone where asked; words are those of an app, or the name of a member."""
    words = wanted.words.replace("\\", "\\\\").replace("%", r"\%")
    rows = await db.fetch(ordered(_LIST, _ORDERS, wanted, "t.id"), words, bots, wanted.offset, wanted.limit)
    return [Key(**row) for row in rows]
