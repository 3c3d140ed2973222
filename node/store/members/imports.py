"""Files of another server that members bring along, row by row: what each says, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from node.store.db import Db
from schemas.limits import IMPORT_OPEN, LIST_ITEMS
from schemas.reasons import msgid
from schemas.records import Record

Kind = Literal["follows", "blocks", "mutes", "domain_blocks", "bookmarks"]
Outcome = Literal["done", "known", "not_found", "refused", "unreadable"]
KINDS: Mapping[Kind, str] = {
    "follows": msgid("Whom I follow"),
    "blocks": msgid("Whom I block"),
    "mutes": msgid("Whom I mute"),
    "domain_blocks": msgid("Servers I hide"),
    "bookmarks": msgid("My bookmarks"),
}


class Import(Record, frozen=True, kw_only=True):
    """One file: `total` rows, of which `settled` are done with; `cut` were too many."""

    id: int
    account_id: int
    kind: Kind
    state: Literal["preview", "running", "done"]
    cut: int
    created_at: datetime
    done_at: datetime | None
    total: int
    settled: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What one row wants: an account, a server or an address (`target`) on a host, and how."""

    position: int
    target: str
    host: str
    options: dict[str, Any] = {}
    outcome: Outcome | None = None


_IMPORTS = """
    SELECT i.*, (SELECT count(*) FROM import_rows r WHERE r.import_id = i.id) AS total,
           (SELECT count(*) FROM import_rows r WHERE r.import_id = i.id AND outcome IS NOT NULL) AS settled
      FROM imports i
"""


async def put(db: Db, account_id: int, kind: Kind, rows: Sequence[Row], cut: int) -> int | None:
    """Keep a file for its owner to look at; None where IMPORT_OPEN of theirs are under way. An earlier one that was
    only looked at goes."""
    await db.execute("SELECT FROM accounts WHERE id = $1 FOR UPDATE", account_id)
    await db.execute("DELETE FROM imports WHERE account_id = $1 AND state = 'preview'", account_id)
    made: int | None = await db.fetchval(
        """
        INSERT INTO imports (account_id, kind, cut)
        SELECT $1, $2, $3
         WHERE (SELECT count(*) FROM imports WHERE account_id = $1 AND state = 'running') < $4
        RETURNING id
        """,
        account_id,
        kind,
        cut,
        IMPORT_OPEN,
    )
    if made is not None:
        await db.executemany(
            """
            INSERT INTO import_rows (import_id, position, target, host, options, outcome)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [(made, one.position, one.target, one.host, one.options, one.outcome) for one in rows],
        )
    return made


async def list_of(db: Db, account_id: int) -> list[Import]:
    """An account's imports, the last first."""
    rows = await db.fetch(f"{_IMPORTS} WHERE account_id = $1 ORDER BY id DESC LIMIT $2", account_id, LIST_ITEMS)
    return [Import(**row) for row in rows]


async def find(db: Db, account_id: int, import_id: int) -> Import | None:
    """One of an account's imports."""
    row = await db.fetchrow(f"{_IMPORTS} WHERE account_id = $1 AND i.id = $2", account_id, import_id)
    return Import(**row) if row else None


async def find_running(db: Db, import_id: int) -> Import | None:
    """An import that is to go on."""
    row = await db.fetchrow(f"{_IMPORTS} WHERE i.id = $1 AND i.state = 'running'", import_id)
    return Import(**row) if row else None


async def begin(db: Db, import_id: int) -> bool:
    """Start it. False if it was started before."""
    done: str = await db.execute("UPDATE imports SET state = 'running' WHERE id = $1 AND state = 'preview'", import_id)
    return done == "UPDATE 1"


async def drop(db: Db, import_id: int) -> None:
    """Forget it; what it has done stays."""
    await db.execute("DELETE FROM imports WHERE id = $1", import_id)


async def end(db: Db, import_id: int) -> None:
    """All its rows are done with."""
    await db.execute("UPDATE imports SET state = 'done', done_at = now() WHERE id = $1", import_id)


async def rows_of(db: Db, import_id: int, limit: int, *, bad: bool = False) -> list[Row]:
    """Its first rows, or the first of those that came to nothing."""
    rows = await db.fetch(
        """
        SELECT position, target, host, options, outcome
          FROM import_rows
         WHERE import_id = $1 AND (NOT $3 OR outcome IN ('not_found', 'refused', 'unreadable'))
         ORDER BY position
         LIMIT $2
        """,
        import_id,
        limit,
        bad,
    )
    return [Row(**row) for row in rows]


async def open_rows(db: Db, import_id: int, limit: int) -> list[Row]:
    """Its first rows that nothing became of yet."""
    rows = await db.fetch(
        """
        SELECT position, target, host, options, outcome
          FROM import_rows
         WHERE import_id = $1 AND outcome IS NULL
         ORDER BY position
         LIMIT $2
        """,
        import_id,
        limit,
    )
    return [Row(**row) for row in rows]


async def settle(db: Db, import_id: int, position: int, outcome: Outcome) -> None:
    """Write down what became of a row."""
    await db.execute(
        "UPDATE import_rows SET outcome = $3 WHERE import_id = $1 AND position = $2", import_id, position, outcome
    )


async def tally(db: Db, import_id: int) -> dict[str, int]:
    """How many rows came to what."""
    rows = await db.fetch(
        "SELECT outcome, count(*) AS n FROM import_rows WHERE import_id = $1 AND outcome IS NOT NULL GROUP BY outcome",
        import_id,
    )
    return {row["outcome"]: row["n"] for row in rows}


async def drop_old(db: Db, age: timedelta) -> None:
    """Forget imports that are older than `age`."""
    await db.execute("DELETE FROM imports WHERE created_at < now() - $1::interval", age)
