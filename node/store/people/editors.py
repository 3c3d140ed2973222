"""Who publishes in the name of an organisation that has no login of its own."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from schemas.records import Actor, Record


class Editor(Record, frozen=True, kw_only=True):
    """A member who may speak for it, since when."""

    account_id: int
    name: str
    display_name: str
    since: datetime


async def name(db: Db, actor_id: int, account_id: int, by: int | None) -> bool:
    """They may publish as it. False if they could already."""
    done: str = await db.execute(
        "INSERT INTO editors (actor_id, account_id, named_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        actor_id,
        account_id,
        by,
    )
    return done == "INSERT 0 1"


async def drop(db: Db, actor_id: int, account_id: int) -> bool:
    """They may not any more. False if they could not."""
    done: str = await db.execute("DELETE FROM editors WHERE actor_id = $1 AND account_id = $2", actor_id, account_id)
    return done == "DELETE 1"


async def list_of(db: Db, actor_id: int) -> list[Editor]:
    """Who speaks for it, whoever does so longest first."""
    rows = await db.fetch(
        """
        SELECT e.account_id, a.name, a.display_name, e.since
          FROM editors e JOIN accounts acc ON acc.id = e.account_id JOIN actors a ON a.id = acc.actor_id
         WHERE e.actor_id = $1 ORDER BY e.since, e.account_id
        """,
        actor_id,
    )
    return [Editor(**row) for row in rows]


async def list_edited(db: Db, account_id: int) -> list[Actor]:
    """In whose names an account may publish besides its own."""
    rows = await db.fetch(
        """
        SELECT a.* FROM editors e JOIN actors a ON a.id = e.actor_id
         WHERE e.account_id = $1 AND a.deleted_at IS NULL AND a.suspended_at IS NULL ORDER BY lower(a.display_name)
        """,
        account_id,
    )
    return [Actor(**row) for row in rows]


async def list_organisations(db: Db, limit: int) -> list[tuple[Actor, int]]:
    """The organisations here, each with the number of its editors."""
    rows = await db.fetch(
        """
        SELECT a.*, (SELECT count(*) FROM editors WHERE actor_id = a.id) AS number
          FROM actors a WHERE a.local AND a.role_here = 'group' AND a.deleted_at IS NULL
         ORDER BY lower(a.display_name) LIMIT $1
        """,
        limit,
    )
    return [(Actor(**{k: v for k, v in row.items() if k != "number"}), row["number"]) for row in rows]
