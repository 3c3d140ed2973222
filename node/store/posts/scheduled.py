"""Posts that are planned: kept as they will be published, until they are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from node.store.db import Db
from node.store.posts.reading import Page, rows_of
from schemas.records import Record


class Scheduled(Record, frozen=True, kw_only=True):
    """A planned post. `parameters`: what the client is shown, and under `draft` what will be published."""

    id: int
    account_id: int
    actor_id: int
    parameters: dict[str, Any]
    media_ids: list[int]
    due_at: datetime
    failed_why: str | None


async def insert(
    db: Db, *, account_id: int, actor_id: int, parameters: dict[str, Any], media_ids: Sequence[int], due_at: datetime
) -> Scheduled:
    """Plan a post."""
    row = await db.fetchrow(
        """
        INSERT INTO scheduled_posts (account_id, actor_id, parameters, media_ids, due_at)
        VALUES ($1, $2, $3, $4, $5)
        RETURNING *
        """,
        account_id,
        actor_id,
        parameters,
        list(media_ids),
        due_at,
    )
    return Scheduled(**row)


async def find(db: Db, scheduled_id: int, actor_id: int) -> Scheduled | None:
    """A planned post of this actor."""
    row = await db.fetchrow("SELECT * FROM scheduled_posts WHERE id = $1 AND actor_id = $2", scheduled_id, actor_id)
    return Scheduled(**row) if row else None


async def find_due(db: Db, scheduled_id: int) -> Scheduled | None:
    """A planned post whose time has come, unless it failed before."""
    row = await db.fetchrow(
        "SELECT * FROM scheduled_posts WHERE id = $1 AND due_at <= now() AND failed_why IS NULL", scheduled_id
    )
    return Scheduled(**row) if row else None


async def take_due(db: Db, scheduled_id: int) -> bool:
    """Take it off the plan, in the transaction that publishes it. False if somebody did, or moved it."""
    done: str = await db.execute(
        "DELETE FROM scheduled_posts WHERE id = $1 AND due_at <= now() AND failed_why IS NULL", scheduled_id
    )
    return done == "DELETE 1"


async def list_of(db: Db, actor_id: int, page: Page) -> list[Scheduled]:
    """What an actor has planned, the last planned first."""
    rows = await rows_of(
        db,
        page,
        """
        SELECT s.*, s.id AS cursor
          FROM scheduled_posts s
         WHERE s.id > $1 AND s.id < $2 AND s.actor_id = $4
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
    )
    return [Scheduled(**{name: value for name, value in row.items() if name != "cursor"}) for row in rows]


async def count_of(db: Db, actor_id: int) -> int:
    """How much an actor has planned."""
    count: int = await db.fetchval("SELECT count(*) FROM scheduled_posts WHERE actor_id = $1", actor_id)
    return count


async def move(db: Db, scheduled_id: int, actor_id: int, due_at: datetime) -> Scheduled | None:
    """Give a planned post of this actor another time; one that failed gets a new try."""
    row = await db.fetchrow(
        """
        UPDATE scheduled_posts SET due_at = $3, failed_why = NULL WHERE id = $1 AND actor_id = $2 RETURNING *
        """,
        scheduled_id,
        actor_id,
        due_at,
    )
    return Scheduled(**row) if row else None


async def delete(db: Db, scheduled_id: int, actor_id: int) -> bool:
    """Give it up. False if this actor planned nothing of this id."""
    done: str = await db.execute("DELETE FROM scheduled_posts WHERE id = $1 AND actor_id = $2", scheduled_id, actor_id)
    return done == "DELETE 1"


async def fail(db: Db, scheduled_id: int, why: str) -> None:
    """It could not be published; it stays in the list until it is moved or given up."""
    await db.execute("UPDATE scheduled_posts SET failed_why = $2 WHERE id = $1", scheduled_id, why)
