"""Measures by the database: what a check reads, and which hosts a domain covers."""

from __future__ import annotations

import pytest

from node.store.db import Db
from node.store.moderation import measures

READ = "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'measures'"


async def put(db: Db, domain: str) -> None:
    made = await measures.insert(db, "suspend", "domain", domain, proposed_by=None)
    await measures.confirm(db, made.id, None, stands_alone=True, review_at=None)
    await measures.set_executed(db, made.id)


async def test_a_check_reads_an_index_whatever_was_known_when_its_plan_was_made(db: Db) -> None:
    check = "SELECT domain_measure('suspend', 'a.fine.example')"
    async with db.transaction():
        before = await db.fetchrow(READ)
        assert before
        for _ in range(10):  # the plan is made while the table is empty, and kept
            assert not await db.fetchval(check)
        await put(db, "fine.example")
        assert await db.fetchval(check)
        after = await db.fetchrow(READ)
        assert after and after["seq_scan"] == before["seq_scan"] and after["idx_scan"] > before["idx_scan"]


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("evil.example", True),
        ("evil.example:8443", True),
        ("a.b.evil.example", True),
        ("notevil.example", False),
        ("example", False),
        ("evil.example.com", False),
        ("[2001:db8::1]:8443", False),
    ],
)
async def test_a_measure_covers_a_domain_and_all_below_it(db: Db, host: str, covered: bool) -> None:
    await put(db, "evil.example")
    assert await db.fetchval("SELECT domain_measure('suspend', $1)", host) is covered
    assert not await db.fetchval("SELECT domain_measure('limit', $1)", host)
