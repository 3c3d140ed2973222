"""What the measured say against a measure, once for each, and what somebody else decided about it."""

from __future__ import annotations

from datetime import datetime

from node.errors import NotFound
from node.store.db import Db
from schemas.records import Record


class Appeal(Record, frozen=True, kw_only=True):
    """An appeal, the measure it is against, the handle of the measured; `granted` is None until it is decided. Whoever
    asks `had_part` in the measure if they proposed, confirmed or voted; then, and if it is on them, the appeal is
    `for_somebody_else`, unless nobody else is there."""

    id: int
    measure_id: int
    content: str
    created_at: datetime
    decided_at: datetime | None
    granted: bool | None
    answer: str
    kind: str
    target: str
    handle: str
    for_somebody_else: bool
    had_part: bool


_READ = """
    SELECT a.id, a.measure_id, a.content, a.created_at, a.decided_at, a.granted, a.answer, m.kind, m.target,
           coalesce('@' || who.name, m.target) AS handle,
           coalesce(who.id = (SELECT actor_id FROM accounts WHERE id = $1)
                    OR had_part(m.id, $1) AND EXISTS (
                        SELECT FROM accounts c
                          JOIN actors one ON one.id = c.actor_id
                          JOIN mandates d ON d.account_id = c.id
                          JOIN roles r ON r.name = d.role
                         WHERE 'moderate_accounts' = ANY (r.permissions)
                           AND d.starts_at <= now() AND (d.ends_at IS NULL OR d.ends_at > now())
                           AND c.disabled_at IS NULL AND one.suspended_at IS NULL AND one.deleted_at IS NULL
                           AND one.uri <> m.target AND NOT had_part(m.id, c.id)), false) AS for_somebody_else,
           had_part(m.id, $1) AS had_part
      FROM appeals a
      JOIN measures m ON m.id = a.measure_id
      LEFT JOIN actors who ON who.uri = m.target
"""
_ONE = _READ + " WHERE a.id = $2"
_OF_MEASURE = _READ + " WHERE a.measure_id = $2"
_LIST = _READ + " WHERE (a.decided_at IS NULL) = $2 ORDER BY a.id DESC LIMIT $3"


async def insert(db: Db, measure_id: int, content: str) -> int | None:
    """Keep an appeal; its number, or None where there is one against this measure."""
    number: int | None = await db.fetchval(
        "INSERT INTO appeals (measure_id, content) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id",
        measure_id,
        content,
    )
    return number


async def get(db: Db, appeal_id: int, account_id: int | None) -> Appeal:
    """One appeal, and whether somebody else than this account must decide; NotFound if there is none."""
    row = await db.fetchrow(_ONE, account_id, appeal_id)
    if row is None:
        raise NotFound
    return _appeal(row)


async def find_against(db: Db, measure_id: int) -> Appeal | None:
    """The appeal against a measure, if any."""
    row = await db.fetchrow(_OF_MEASURE, None, measure_id)
    return _appeal(row) if row else None


async def list_of(db: Db, account_id: int, *, undecided: bool, limit: int) -> list[Appeal]:
    """Appeals, the newest first, each with whether somebody else must decide."""
    return [_appeal(row) for row in await db.fetch(_LIST, account_id, undecided, limit)]


async def decide(db: Db, appeal_id: int, by: int, *, granted: bool, answer: str) -> bool:
    """Write the decision down. False if there is one."""
    done: str = await db.execute(
        """
        UPDATE appeals SET decided_at = now(), decided_by = $2, granted = $3, answer = $4
         WHERE id = $1 AND decided_at IS NULL
        """,
        appeal_id,
        by,
        granted,
        answer,
    )
    return done == "UPDATE 1"


def _appeal(row: object) -> Appeal:
    return Appeal(**dict(row))  # type: ignore[call-overload]  # asyncpg's own row
