"""How often somebody has tried something, counted over all processes of the hub: the generic cell rate algorithm, one
time per asker. Who asked is kept as a hash only: people type passwords where their name belongs."""

from __future__ import annotations

from datetime import timedelta

from node.store.access.sessions import hash_of
from node.store.db import Db


async def wait(db: Db, subject: str, who: str, *, count: int, seconds: float) -> float:
    """Count one attempt, `count` of which may come in `seconds`. 0.0: go ahead; else the seconds to wait, and it has
    not been counted. Outside a transaction, so that others see it at once."""
    step, window = timedelta(seconds=seconds / count), timedelta(seconds=seconds)
    counted = await db.fetchval(
        """
        INSERT INTO attempts AS a (subject, who, due_at) VALUES ($1, $2, now() + $3::interval)
        ON CONFLICT (subject, who) DO UPDATE
           SET due_at = greatest(a.due_at, now()) + $3::interval
         WHERE greatest(a.due_at, now()) + $3::interval <= now() + $4::interval
        RETURNING true
        """,
        subject,
        hash_of(who),
        step,
        window,
    )
    if counted:
        return 0.0
    left: timedelta = await db.fetchval(
        "SELECT due_at + $3::interval - $4::interval - now() FROM attempts WHERE subject = $1 AND who = $2",
        subject,
        hash_of(who),
        step,
        window,
    )
    return max(left.total_seconds(), 0.001)


async def forget_past(db: Db) -> None:
    """Forget who may try as often as anybody again."""
    await db.execute("DELETE FROM attempts WHERE due_at < now()")
