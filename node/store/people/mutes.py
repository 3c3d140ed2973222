"""Whom an actor does not want to see: mutes, which may end by themselves, and whole servers. Nobody is told of them."""

from __future__ import annotations

from datetime import datetime

from node.store.db import Db
from node.store.posts.reading import Page, rows_of


async def insert(db: Db, actor_id: int, muted_id: int, *, notifications: bool, ends_at: datetime | None) -> None:
    """Mute somebody; muted before, the newer wishes count."""
    await db.execute(
        """
        INSERT INTO mutes (actor_id, muted_id, notifications, ends_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (actor_id, muted_id) DO UPDATE
        SET notifications = excluded.notifications, ends_at = excluded.ends_at
        """,
        actor_id,
        muted_id,
        notifications,
        ends_at,
    )


async def delete(db: Db, actor_id: int, muted_id: int) -> None:
    """Hear somebody again."""
    await db.execute("DELETE FROM mutes WHERE actor_id = $1 AND muted_id = $2", actor_id, muted_id)


async def delete_ended(db: Db, limit: int) -> int:
    """Forget mutes whose time is over."""
    done: str = await db.execute(
        """
        DELETE FROM mutes WHERE id IN (SELECT id FROM mutes WHERE ends_at < now() LIMIT $1)
        """,
        limit,
    )
    return int(done.rpartition(" ")[2])


async def block_domain(db: Db, actor_id: int, domain: str) -> None:
    """Hide a whole server from an actor, and end the follows of its people."""
    await db.execute(
        "INSERT INTO blocked_domains (actor_id, domain) VALUES ($1, $2) ON CONFLICT DO NOTHING", actor_id, domain
    )


async def unblock_domain(db: Db, actor_id: int, domain: str) -> None:
    """Show it again."""
    await db.execute("DELETE FROM blocked_domains WHERE actor_id = $1 AND domain = $2", actor_id, domain)


async def blocks_domain(db: Db, actor_id: int, domain: str) -> bool:
    """Whether an actor hides this server."""
    hidden: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM blocked_domains WHERE actor_id = $1 AND domain = $2)", actor_id, domain
    )
    return hidden


async def list_domains(db: Db, actor_id: int, page: Page) -> list[tuple[int, str]]:
    """The servers an actor hides, the last one first, each with its cursor."""
    rows = await rows_of(
        db,
        page,
        """
        SELECT id AS cursor, domain
          FROM blocked_domains
         WHERE id > $1 AND id < $2 AND actor_id = $4
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
    )
    return [(row["cursor"], row["domain"]) for row in rows]
