"""What the panel shows of the log of this process: warnings and errors, by kind. Only what we say ourselves and values
that name no person are kept; texts of errors, addresses of readers and of posts stay in the operator's log."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime
from typing import Any

from structlog.typing import EventDict

from node.store.db import is_away
from node.store.pool import Database
from node.store.upkeep import journal
from node.store.upkeep.journal import Line
from schemas.limits import JOURNAL_GATHERED, JOURNAL_WORD_CHARS, TRACE_SECONDS

LEVELS = ("warning", "error", "critical")
HARMLESS = ("trouble", "do", "kind", "route", "job", "letter", "loop", "host", "status", "count")
"""Values of a line that can stand in the panel: kinds of things, and servers."""

_gathered: deque[Line] = deque(maxlen=JOURNAL_GATHERED)


def keep(source: str, level: str, event: EventDict, *, ours: bool = True) -> None:
    """Keep a line for the panel. Of programs not ours only where it happened: their words may hold anything."""
    if level not in LEVELS:
        return
    detail = (
        ", ".join(f"{name} {event[name]}" for name in HARMLESS if event.get(name) not in (None, "")) if ours else ""
    )
    _gathered.append(
        Line(
            at=datetime.now(UTC),
            level=level,
            source=source[:JOURNAL_WORD_CHARS],
            words=str(event.get("event", ""))[:JOURNAL_WORD_CHARS] if ours else "",
            detail=detail[: 2 * JOURNAL_WORD_CHARS],
        )
    )


def kept(logger: Any, _name: str, event: EventDict) -> EventDict:
    """The step of structlog that does so with each line."""
    ours = getattr(logger, "ours", False)
    keep(getattr(logger, "name", "") or "", str(event.get("level", "")), event, ours=ours)
    return event


async def flush(database: Database) -> None:
    """Write what has gathered; while the database is away it waits, the oldest going first."""
    lines = list(_gathered)
    _gathered.clear()
    if not lines:
        return
    try:
        async with database.pool.acquire() as db:
            await journal.insert_many(db, lines)
    except Exception as error:
        if not is_away(error):
            raise
        _gathered.extendleft(reversed(lines))


async def flush_regularly(database: Database) -> None:
    """For the life of the process."""
    while True:
        await asyncio.sleep(TRACE_SECONDS)
        await flush(database)
