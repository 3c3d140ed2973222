"""Whom the hub federates with: everybody but the suspended, those it looked at, or its circle alone."""

from __future__ import annotations

from typing import Literal

from node.store.db import Db

Mode = Literal["open", "ask", "circle"]


async def get(db: Db) -> Mode:
    """The mode in force."""
    mode: Mode = await db.fetchval("SELECT federation_mode FROM hub")
    return mode


async def put(db: Db, mode: Mode) -> bool:
    """Set it. False if it was that already."""
    done: str = await db.execute("UPDATE hub SET federation_mode = $1 WHERE federation_mode <> $1", mode)
    return done == "UPDATE 1"


async def weight(db: Db) -> int:
    """How many hubs of the circle must say the same before it becomes a draft."""
    found: int = await db.fetchval("SELECT circle_weight FROM hub")
    return found


async def put_weight(db: Db, weight: int) -> None:
    """Set that number."""
    await db.execute("UPDATE hub SET circle_weight = $1", weight)
