"""Tombstones of what we never had: a Create that comes after its Delete is not taken (case 33)."""

from __future__ import annotations

from datetime import timedelta

from node.store.db import Db


async def insert(db: Db, uri: str, actor_uri: str) -> None:
    """Remember that this actor deleted or undid something before it came. It counts for what is this actor's own."""
    await db.execute("INSERT INTO gone (uri, actor_uri) VALUES ($1, $2) ON CONFLICT DO NOTHING", uri, actor_uri)


async def holds(db: Db, uri: str, actor_uri: str) -> bool:
    """Whether this actor, whose own it is, deleted or undid it before it came."""
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM gone WHERE uri = $1 AND actor_uri = $2)", uri, actor_uri
    )
    return found


async def forget(db: Db, age: timedelta) -> int:
    """Drop marks older than `age`. How many went."""
    done: str = await db.execute("DELETE FROM gone WHERE gone_at < now() - $1::interval", age)
    return int(done.rpartition(" ")[2])
