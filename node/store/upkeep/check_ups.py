"""What the doctor found when somebody asked for it in the panel, subject by subject, while it goes on and after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from node.store.db import Db
from schemas.limits import CHECK_UPS_KEPT
from schemas.records import Record


class CheckUp(Record, frozen=True, kw_only=True):
    """One look at the hub. `sections`: each with `subject` and `remarks` (level, says, do)."""

    id: int
    asked_at: datetime
    begun_at: datetime | None
    done_at: datetime | None
    sections: list[dict[str, Any]]


async def ask(db: Db) -> int:
    """Note that one was asked for; its number. Older ones than the last few go."""
    number: int = await db.fetchval("INSERT INTO check_ups DEFAULT VALUES RETURNING id")
    await db.execute("DELETE FROM check_ups WHERE id <= $1", number - CHECK_UPS_KEPT)
    return number


async def begin(db: Db, number: int) -> None:
    """It begins, or begins again: what was found before is looked at anew."""
    await db.execute("UPDATE check_ups SET begun_at = now(), done_at = NULL, sections = '[]' WHERE id = $1", number)


async def add(db: Db, number: int, section: dict[str, Any]) -> None:
    """One subject more."""
    await db.execute(
        "UPDATE check_ups SET sections = (sections::jsonb || $2::jsonb)::json WHERE id = $1", number, [section]
    )


async def end(db: Db, number: int) -> None:
    """All was looked at."""
    await db.execute("UPDATE check_ups SET done_at = now() WHERE id = $1", number)


async def newest(db: Db) -> CheckUp | None:
    """The last one that was asked for."""
    row = await db.fetchrow("SELECT * FROM check_ups ORDER BY id DESC LIMIT 1")
    return CheckUp(**row) if row else None
