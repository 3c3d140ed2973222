"""Other hubs: heard of, checked and suggested to editors, approved or dismissed by them. Only the approved are named to
everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from node.store.db import Db
from schemas.records import Actor, Record

State = Literal["heard", "refused", "suggested", "approved", "dismissed"]


class KnownHub(Record, frozen=True, kw_only=True):
    """What became of a hub we heard of; `seen_via` is the id of the actor who told us."""

    actor_id: int
    state: State
    seen_via: str | None
    seen_at: datetime
    approved_by: int | None
    read_at: datetime | None


async def find(db: Db, actor_id: int) -> KnownHub | None:
    """What we know of it."""
    row = await db.fetchrow("SELECT * FROM known_hubs WHERE actor_id = $1", actor_id)
    return KnownHub(**row) if row else None


async def hear(db: Db, actor_id: int, seen_via: str) -> bool:
    """Note that somebody told us of it. False if we had heard of it."""
    done: str = await db.execute(
        "INSERT INTO known_hubs (actor_id, state, seen_via) VALUES ($1, 'heard', $2) ON CONFLICT DO NOTHING",
        actor_id,
        seen_via,
    )
    return done == "INSERT 0 1"


async def count_via(db: Db, seen_via: str, age: timedelta) -> int:
    """Of how many hubs this actor has told us within `age`."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM known_hubs WHERE seen_via = $1 AND seen_at > now() - $2::interval", seen_via, age
    )
    return count


async def checked(db: Db, actor_id: int, state: Literal["suggested", "refused"]) -> bool:
    """Write down how the check ended. False if an editor has decided meanwhile."""
    done: str = await db.execute(
        "UPDATE known_hubs SET state = $2 WHERE actor_id = $1 AND state = 'heard'", actor_id, state
    )
    return done == "UPDATE 1"


async def decide(db: Db, actor_id: int, state: Literal["approved", "dismissed"], by: int) -> bool:
    """Approve or dismiss a hub, heard of or not. False if it is that already."""
    done: str = await db.execute(
        """
        INSERT INTO known_hubs AS k (actor_id, state, approved_by) VALUES ($1, $2, $3)
        ON CONFLICT (actor_id) DO UPDATE SET state = excluded.state, approved_by = excluded.approved_by, read_at = NULL
        WHERE k.state <> excluded.state
        """,
        actor_id,
        state,
        by,
    )
    return done == "INSERT 0 1"


async def list_approved(db: Db, limit: int) -> list[Actor]:
    """The approved hubs that are still there, by name."""
    return await _list(db, "approved", limit)


async def list_suggested(db: Db, limit: int) -> list[Actor]:
    """Those an editor may approve, by name."""
    return await _list(db, "suggested", limit)


async def list_dismissed(db: Db, limit: int) -> list[Actor]:
    """Those an editor wanted to see no more, by name: minds change."""
    return await _list(db, "dismissed", limit)


async def take_unread(db: Db, age: timedelta, limit: int) -> list[int]:
    """Approved hubs whose own list was not read within `age`: marked as read now."""
    rows = await db.fetch(
        """
        UPDATE known_hubs SET read_at = now()
         WHERE actor_id IN (
               SELECT actor_id FROM known_hubs
                WHERE state = 'approved' AND (read_at IS NULL OR read_at < now() - $1::interval)
                ORDER BY read_at NULLS FIRST
                LIMIT $2
                  FOR UPDATE SKIP LOCKED)
        RETURNING actor_id
        """,
        age,
        limit,
    )
    return [row["actor_id"] for row in rows]


async def _list(db: Db, state: State, limit: int) -> list[Actor]:
    rows = await db.fetch(
        """
        SELECT actors.*
        FROM known_hubs JOIN actors ON actors.id = known_hubs.actor_id
        WHERE known_hubs.state = $1 AND actors.deleted_at IS NULL AND actors.suspended_at IS NULL
          AND NOT actors.host_suspended
        ORDER BY actors.display_name, actors.id
        LIMIT $2
        """,
        state,
        limit,
    )
    return [Actor(**row) for row in rows]
