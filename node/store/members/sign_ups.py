"""How people come into the hub, as stewards set it."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from schemas.sign_ups import SignUps


async def put(db: Db, wanted: SignUps) -> None:
    """From now on it is so."""
    await db.execute("UPDATE hub SET sign_ups = $1", msgspec.to_builtins(wanted))
