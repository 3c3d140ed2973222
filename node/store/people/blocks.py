"""Who blocks whom. Never shown to the blocked, never forwarded."""

from __future__ import annotations

from node.store.db import Db


async def insert(db: Db, blocker_id: int, blocked_id: int, uri: str | None) -> None:
    """Remember a block; once is enough."""
    await db.execute(
        "INSERT INTO blocks (blocker_id, blocked_id, uri) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        blocker_id,
        blocked_id,
        uri,
    )


async def delete(db: Db, blocker_id: int, blocked_id: int) -> str | None:
    """Lift a block; the id of its Block activity if it was told to another server."""
    uri: str | None = await db.fetchval(
        "DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2 RETURNING coalesce(uri, '')",
        blocker_id,
        blocked_id,
    )
    return uri


async def exists(db: Db, blocker_id: int, blocked_id: int) -> bool:
    """Whether the first blocks the second."""
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM blocks WHERE blocker_id = $1 AND blocked_id = $2)", blocker_id, blocked_id
    )
    return found


async def delete_by_uri(db: Db, blocker_id: int, uri: str) -> bool:
    """Lift the block that this Block activity of the blocker began. False if there is none."""
    done: str = await db.execute("DELETE FROM blocks WHERE blocker_id = $1 AND uri = $2", blocker_id, uri)
    return done == "DELETE 1"
