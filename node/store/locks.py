"""Locks that the database keeps for all processes of the hub."""

from __future__ import annotations

from node.store.db import Db


async def only_one(db: Db, name: str) -> bool:
    """Whether this transaction is the only one that does `name` now; True holds until it ends."""
    got: bool = await db.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 1))", name)
    return got
