"""Lines about what went wrong inside the node, for some days: kinds of faults, no texts and no names of persons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from node.store.db import Db
from node.store.tabular import Slice, ordered
from schemas.records import Record


class Line(Record, frozen=True, kw_only=True):
    """`level` as logs have it, `source` the part of the node, `words` our own, `detail` what kind of thing it was."""

    at: datetime
    level: str
    source: str
    words: str
    detail: str


_LIST = """
    SELECT at, level, source, words, detail
      FROM journal
     WHERE ($1 = '' OR strpos(lower(concat_ws(' ', level, source, words, detail)), lower($1)) > 0)
       AND ($2 = '' OR level = $2)
     -- sorted
    OFFSET $3 LIMIT $4
"""
_ORDERS = {"at": "at", "level": "level", "source": "source", "words": "words", "detail": "detail"}


async def insert_many(db: Db, lines: Sequence[Line]) -> None:
    """Write down what gathered."""
    await db.executemany(
        "INSERT INTO journal (at, level, source, words, detail) VALUES ($1, $2, $3, $4, $5)",
        [(one.at, one.level, one.source, one.words, one.detail) for one in lines],
    )


async def list_of(db: Db, level: str, wanted: Slice) -> list[Line]:
    """A part of the lines; of one level where one is named."""
    sql = ordered(_LIST, _ORDERS, wanted, "id DESC")
    return [Line(**row) for row in await db.fetch(sql, wanted.words, level, wanted.offset, wanted.limit)]


async def forget(db: Db, age: timedelta, most: int) -> None:
    """Keep no older lines, and no more than so many."""
    await db.execute(
        """
        DELETE FROM journal
         WHERE at < now() - $1::interval OR id <= (SELECT id FROM journal ORDER BY id DESC OFFSET $2 LIMIT 1)
        """,
        age,
        most,
    )
