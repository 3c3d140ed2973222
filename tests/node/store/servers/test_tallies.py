"""Counts add up by day, and old days go."""

from __future__ import annotations

from datetime import timedelta

from node.observability.counting import OTHERS, Tallies
from node.store.db import Db
from node.store.pool import Database
from node.store.servers import tallies
from schemas.limits import TALLIES_GATHERED


async def test_counts_of_several_processes_add_up(db: Db) -> None:
    for _ in range(2):
        await tallies.add_many(db, {("a.example", "Like", "blocked"): 2, ("b.example", "Wave", "unknown type"): 1})
    assert await tallies.list_since(db, timedelta(days=1), 10) == [
        ("a.example", "Like", "blocked", 4),
        ("b.example", "Wave", "unknown type", 2),
    ]


async def test_old_days_are_forgotten(db: Db) -> None:
    await tallies.add_many(db, {("a.example", "Like", "blocked"): 2})
    await db.execute("UPDATE tallies SET day = day - 100")
    assert await tallies.forget(db, timedelta(days=90)) == 1


async def test_strange_words_and_too_many_hosts_are_counted_together(database: Database, db: Db) -> None:
    counting = Tallies(database)
    counting.count("a.example", "evil\n" * 50, "unknown type")
    for number in range(TALLIES_GATHERED + 10):
        counting.count(f"{number}.example", "Like", "blocked")
    await counting.flush()
    rows = {(row[0], row[1]): row[3] for row in await tallies.list_since(db, timedelta(days=1), 10_000)}
    assert rows["a.example", OTHERS] == 1
    assert rows[OTHERS, OTHERS] == 11
    assert len(rows) == TALLIES_GATHERED + 1
