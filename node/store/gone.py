"""Tombstones of what we never had: a Create that comes after its Delete is not taken (case 33)."""

from __future__ import annotations

from datetime import timedelta

from node.store.db import Db


async def insert(db: Db, uri: str, actor_host: str) -> None:
    """Remember that somebody of this host, where it lives, deleted or undid something before it came."""
    await db.execute("INSERT INTO gone (uri, actor_host) VALUES ($1, $2) ON CONFLICT (uri) DO NOTHING", uri, actor_host)


async def holds(db: Db, uri: str) -> bool:
    """Whether it was deleted or undone before it came."""
    found: bool = await db.fetchval("SELECT EXISTS (SELECT FROM gone WHERE uri = $1)", uri)
    return found


async def forget(db: Db, age: timedelta) -> int:
    """Drop marks older than `age`. How many went."""
    done: str = await db.execute("DELETE FROM gone WHERE gone_at < now() - $1::interval", age)
    return int(done.rpartition(" ")[2])
