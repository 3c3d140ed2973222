"""Browsers in which somebody was signed in, known by a hash of the key that each keeps."""

from __future__ import annotations

from datetime import timedelta

from node.store.access.sessions import hash_of
from node.store.db import Db


async def meet(db: Db, account_id: int, device: str) -> bool:
    """Note that an account is signed in there. Whether its owner should hear of it: it is new, and not the first."""
    known: bool = await db.fetchval("SELECT EXISTS (SELECT FROM known_devices WHERE account_id = $1)", account_id)
    new: bool = await db.fetchval(
        """
        INSERT INTO known_devices (account_id, device_hash) VALUES ($1, $2)
        ON CONFLICT (account_id, device_hash) DO UPDATE SET seen_at = now()
        RETURNING xmax = 0
        """,
        account_id,
        hash_of(device),
    )
    return known and new


async def forget(db: Db, age: timedelta) -> None:
    """Forget those not seen for so long: their keys have gone too."""
    await db.execute("DELETE FROM known_devices WHERE seen_at < now() - $1::interval", age)
