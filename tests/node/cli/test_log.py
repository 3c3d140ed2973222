"""`allmende log`: the chain of moderation."""

from __future__ import annotations

from node.store.db import Db
from node.store.moderation import log
from tests.node.cli.conftest import Allmende


async def test_the_log_is_listed_newest_first(db: Db, allmende: Allmende) -> None:
    assert (await allmende("log", "list")).out == "The log is empty.\n"
    for number in range(3):
        await log.append(db, "note", {"number": number}, public=f"entry {number}")
    await log.redact(db, 1, "named a person")
    done = await allmende("log", "list", "--limit", "2")
    assert [line.split()[-1] for line in done.out.splitlines()[1:]] == ["2", "1"]
    done = await allmende("log", "list", "--before", "2")
    assert "(redacted: named a person)" in done.out


async def test_a_log_that_fits_together_verifies(db: Db, allmende: Allmende) -> None:
    for number in range(3):
        await log.append(db, "note", {"number": number})
    await log.redact(db, 2, "named a person")
    done = await allmende("log", "verify")
    assert (done.status, done.out) == (0, "All 3 entries of the log fit together.\n")


async def test_a_log_that_was_changed_is_found(db: Db, allmende: Allmende) -> None:
    for number in range(3):
        await log.append(db, "note", {"number": number})
    await db.execute("DELETE FROM log WHERE id = 2")
    done = await allmende("log", "verify")
    assert done.status == 1
    assert "entry 2 does not fit" in done.err
